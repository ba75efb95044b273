import type { ByteWriter } from '../core/byte-writer.ts';
import type { Constant } from '../core/constant.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ColumnWriter } from '../core/table.ts';
import { sameLength } from '../core/words.ts';

const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Writes one image as a JSON object. */
export type ImageWriter = (image: RowImage, out: ByteWriter) => void;

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

/** What is written of each column of a table, by its index: nothing, and a writer that passes over it, where it is not shown. */
export interface ColumnForms {
  readonly writers: readonly ColumnWriter[];
  /** What comes before a value. */
  readonly names: readonly Constant[];
  /** The same and `null`. */
  readonly nulls: readonly Constant[];
  /** Whether what was written of a value stands for the same value in another image; else the writers are called for each. */
  readonly copies: boolean;
}

/**
 * Writes images that hold every column, and leaves others to `partial`. An update mostly leaves columns as they were: what the
 * after image has in common with the before image is found by comparing bytes, and copied as it was written.
 */
export class WholeImages implements Images {
  readonly #writers: readonly ColumnWriter[];
  readonly #names: readonly Constant[];
  readonly #nulls: readonly Constant[];
  readonly #copies: boolean;
  readonly #partial: ImageWriter;
  /** Of the before image that was written last: where each column begins, and where it was written; then where the last one ends. */
  readonly #begins: Int32Array;
  readonly #written: Int32Array;

  constructor({ writers, names, nulls, copies }: ColumnForms, partial: ImageWriter) {
    this.#writers = writers;
    this.#names = names;
    this.#nulls = nulls;
    this.#copies = copies;
    this.#partial = partial;
    this.#begins = new Int32Array(writers.length + 1);
    this.#written = new Int32Array(writers.length + 1);
  }

  one(image: RowImage, out: ByteWriter): void {
    if (image.layout !== null) {
      this.#partial(image, out);
      return;
    }
    const writers = this.#writers;
    const { bytes, nulls } = image;
    const count = writers.length;
    let at = image.data;
    out.byte(OPEN);
    let nullBits = 0;
    for (let i = 0; i < count; i++) {
      nullBits = (i & 7) === 0 ? (bytes[nulls + (i >> 3)] as number) : nullBits >> 1;
      if ((nullBits & 1) !== 0) {
        out.constant(this.#nulls[i] as Constant);
        continue;
      }
      out.constant(this.#names[i] as Constant);
      at = (writers[i] as ColumnWriter)(bytes, at, out);
    }
    out.byte(CLOSE);
    image.endsAt(at);
  }

  two(before: RowImage, between: Constant, after: RowImage, out: ByteWriter): void {
    const whole = before.layout === null && after.layout === null;
    const comparable = this.#copies && whole && before.bytes === after.bytes && this.#sameNulls(before, after);
    if (comparable) this.#first(before, out);
    else this.one(before, out);
    out.constant(between);
    if (comparable) this.#second(after, out);
    else this.one(after, out);
  }

  #sameNulls({ bytes, nulls, data }: RowImage, after: RowImage): boolean {
    return after.data <= after.limit && sameLength(bytes, nulls, after.nulls, data - nulls) === data - nulls;
  }

  /** As `one`, for whole images; keeps in mind what is where. */
  #first(image: RowImage, out: ByteWriter): void {
    const { bytes, nulls } = image;
    const count = this.#writers.length;
    let at = image.data;
    out.byte(OPEN);
    for (let i = 0; i < count; i++) {
      this.#begins[i] = at;
      this.#written[i] = out.at;
      if (((bytes[nulls + (i >> 3)] as number) & (1 << (i & 7))) !== 0) out.constant(this.#nulls[i] as Constant);
      else at = this.#column(i, bytes, at, out);
    }
    this.#begins[count] = at;
    this.#written[count] = out.at;
    out.byte(CLOSE);
    image.endsAt(at);
  }

  /** An image whose columns are NULL where those of the first are: columns that are the same, then one that is not, and so on. */
  #second(image: RowImage, out: ByteWriter): void {
    const { bytes } = image;
    const begins = this.#begins;
    const count = this.#writers.length;
    let at = image.data;
    out.byte(OPEN);
    for (let i = 0; i < count; i++) {
      const begin = begins[i] as number;
      const same = sameLength(bytes, begin, at, Math.min(begins[count] as number, begin + image.limit - at) - begin);
      const first = i;
      while (i < count && (begins[i + 1] as number) - begin <= same) i++;
      if (i > first) {
        out.again(this.#written[first] as number, this.#written[i] as number);
        at += (begins[i] as number) - begin;
      }
      if (i < count) at = this.#column(i, bytes, at, out);
    }
    out.byte(CLOSE);
    image.endsAt(at);
  }

  #column(index: number, bytes: Buffer, at: number, out: ByteWriter): number {
    out.constant(this.#names[index] as Constant);
    return (this.#writers[index] as ColumnWriter)(bytes, at, out);
  }
}
