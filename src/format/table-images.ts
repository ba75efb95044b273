import type { ByteWriter } from '../core/byte-writer.ts';
import type { Constant } from '../core/constant.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ImageWriter } from './column-forms.ts';
import type { WholeImages } from './whole-images.ts';

/** Writes the images of a table's rows as JSON objects. */
export interface Images {
  /**
   * The columns in table order, in one pass over the image. A whole image is told where it ends, so that nobody walks it again.
   * @throws RowcastError EVENT_CORRUPT, ROW_UNREADABLE
   */
  one(image: RowImage, out: ByteWriter): void;
  /** Both images of an update, `between` between them. @throws as `one` */
  two(before: RowImage, between: Constant, after: RowImage, out: ByteWriter): void;
}

/** Has whole images written as those of all tables that are alike, and leaves others to `partial`. */
export class TableImages implements Images {
  readonly #whole: WholeImages;
  readonly #partial: ImageWriter;

  constructor(whole: WholeImages, partial: ImageWriter) {
    this.#whole = whole;
    this.#partial = partial;
  }

  one(image: RowImage, out: ByteWriter): void {
    if (image.layout === null) this.#whole.one(image, out);
    else this.#partial(image, out);
  }

  two(before: RowImage, between: Constant, after: RowImage, out: ByteWriter): void {
    if (before.layout === null && after.layout === null) {
      this.#whole.two(before, between, after, out);
      return;
    }
    this.one(before, out);
    out.constant(between);
    this.one(after, out);
  }
}
