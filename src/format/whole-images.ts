import type { ByteWriter } from '../core/byte-writer.ts';
import type { Constant } from '../core/constant.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ColumnWriter } from '../core/table.ts';
import { sameLength } from '../core/words.ts';
import { holdsCode } from './code-holders.ts';
import type { ColumnForms, Marks } from './column-forms.ts';
import { rowCode } from './row-code.ts';
import type { RowCode } from './row-code.ts';

const CLOSE = 0x7d;
/** Images, written one by one, after which there is code of their own. */
const HOT = 10_000;

/**
 * Writes images that hold every column, of all tables whose columns are written alike. An update mostly leaves columns as they
 * were: what the after image has in common with the before image is found by comparing bytes, and copied as it was written.
 * Where many images came, they are written by code of their own.
 */
export class WholeImages {
  readonly #forms: ColumnForms;
  readonly #marks: Marks;
  #code: RowCode | null = null;
  /** Images that were written without, since it was given back. */
  #images = 0;

  constructor(forms: ColumnForms) {
    const count = forms.writers.length + 1;
    this.#forms = forms;
    this.#marks = { begins: new Int32Array(count), written: new Int32Array(count) };
  }

  /** The columns in table order, in one pass. The image is told where it ends, so that nobody walks it again. @throws as `Images` */
  one(image: RowImage, out: ByteWriter): void {
    if (this.#code !== null) this.#code.one(image, out);
    else this.#loop(image, out);
  }

  /** Both images of an update, `between` between them. @throws as `Images` */
  two(before: RowImage, between: Constant, after: RowImage, out: ByteWriter): void {
    const comparable = this.#forms.copies && before.bytes === after.bytes && this.#sameNulls(before, after);
    if (comparable) this.#first(before, out);
    else this.one(before, out);
    out.constant(between);
    if (comparable) this.#second(after, out);
    else this.one(after, out);
  }

  /** Whether there is code of their own now. */
  get compiled(): boolean {
    return this.#code !== null;
  }

  /** Makes code of their own, where that is allowed; it may have to be given back for others, and earned anew. */
  compile(): void {
    this.#code = rowCode(this.#forms, this.#marks);
    if (this.#code === null) return;
    holdsCode(() => {
      this.#code = null;
      this.#images = 0;
    });
  }

  #sameNulls({ bytes, nulls, data }: RowImage, after: RowImage): boolean {
    return after.data <= after.limit && sameLength(bytes, nulls, after.nulls, data - nulls) === data - nulls;
  }

  #first(image: RowImage, out: ByteWriter): void {
    if (this.#code !== null) this.#code.first(image, out);
    else this.#loop(image, out);
  }

  /** Writes a whole image, and keeps in mind what is where. */
  #loop(image: RowImage, out: ByteWriter): void {
    if (this.#images < HOT && ++this.#images === HOT) this.compile();
    const { nulls: nullNames, writers } = this.#forms;
    const { begins, written } = this.#marks;
    const { bytes, nulls } = image;
    const count = writers.length;
    let at = image.data;
    for (let i = 0; i < count; i++) {
      begins[i] = at;
      written[i] = out.at;
      if (((bytes[nulls + (i >> 3)] as number) & (1 << (i & 7))) !== 0) out.constant(nullNames[i] as Constant);
      else at = this.#column(i, bytes, at, out);
    }
    begins[count] = at;
    written[count] = out.at;
    out.byte(CLOSE);
    image.endsAt(at);
  }

  /** An image whose columns are NULL where those of the first are: columns that are the same, then one that is not, and so on. */
  #second(image: RowImage, out: ByteWriter): void {
    const { bytes } = image;
    const { begins, written } = this.#marks;
    const count = this.#forms.writers.length;
    let at = image.data;
    for (let i = 0; i < count; i++) {
      const begin = begins[i] as number;
      const same = sameLength(bytes, begin, at, Math.min(begins[count] as number, begin + image.limit - at) - begin);
      const first = i;
      while (i < count && (begins[i + 1] as number) - begin <= same) i++;
      if (i > first) {
        out.again(written[first] as number, written[i] as number);
        at += (begins[i] as number) - begin;
      }
      if (i < count) at = this.#column(i, bytes, at, out);
    }
    out.byte(CLOSE);
    image.endsAt(at);
  }

  #column(index: number, bytes: Buffer, at: number, out: ByteWriter): number {
    out.constant(this.#forms.names[index] as Constant);
    return (this.#forms.writers[index] as ColumnWriter)(bytes, at, out);
  }
}
