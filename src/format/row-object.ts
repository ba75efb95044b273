import type { ByteWriter } from '../core/byte-writer.ts';
import { JSON_NULL, jsonStringBytes } from '../core/json-text.ts';
import type { ProjectedColumn, Projection } from '../core/projection.ts';
import { ABSENT, NULL_COLUMN } from '../core/row-image.ts';
import type { RowImage } from '../core/row-image.ts';
import type { ColumnWriter } from '../core/table.ts';
import { skipperOf } from './skippers.ts';

/** How a dialect writes the values of one column. */
export type WriterOf = (projected: ProjectedColumn) => ColumnWriter;

export interface RowObjectOptions {
  /** Whether columns that are NULL are in the object. @default true */
  readonly nulls?: boolean;
  /** The name of a column in the object. @default its name in messages */
  readonly name?: (name: string) => string;
}

interface ObjectColumn {
  readonly index: number;
  /** `"name":` */
  readonly name: Buffer;
  readonly write: ColumnWriter;
  readonly skip: (bytes: Buffer, at: number) => number;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;

/**
 * Writes an image as a JSON object, and then the columns in which another image differs from it, as dialects have it whose
 * updates show the new row and the old values of what changed.
 */
export class RowObject {
  readonly #columns: readonly ObjectColumn[];
  /** By column of the table; null for one that is not shown. */
  readonly #shown: readonly (ObjectColumn | null)[];
  readonly #skips: readonly ColumnWriter[];
  readonly #nulls: boolean;
  /** Of the image written last, by column: its value in the binlog, and as it was written; NULL_COLUMN and ABSENT as `locate` says. */
  readonly #rawFrom: Int32Array;
  readonly #rawTo: Int32Array;
  readonly #writtenFrom: Int32Array;
  readonly #writtenTo: Int32Array;

  constructor(projection: Projection, writerOf: WriterOf, { nulls = true, name = (text) => text }: RowObjectOptions = {}) {
    const { columns } = projection.table;
    this.#columns = projection.columns.map((projected) => ({
      index: projected.column.index,
      name: Buffer.concat([jsonStringBytes(name(projected.name)), Buffer.from(':')]),
      write: writerOf(projected),
      skip: (bytes, at) => projected.column.codec.skip(bytes, at),
    }));
    this.#shown = columns.map(({ index }) => this.#columns.find((column) => column.index === index) ?? null);
    this.#skips = columns.map(({ codec }) => skipperOf(codec));
    this.#nulls = nulls;
    this.#rawFrom = new Int32Array(columns.length);
    this.#rawTo = new Int32Array(columns.length);
    this.#writtenFrom = new Int32Array(columns.length);
    this.#writtenTo = new Int32Array(columns.length);
  }

  /**
   * All columns, in table order, in one pass; those that the binlog does not tell are left out. A whole image is told where
   * it ends. @throws RowcastError EVENT_CORRUPT, ROW_UNREADABLE
   */
  write(image: RowImage, out: ByteWriter): void {
    if (image.layout !== null) {
      this.#writePartial(image, out);
      return;
    }
    const { bytes, nulls } = image;
    const count = this.#shown.length;
    let at = image.data;
    let separator = OPEN;
    let nullBits = 0;
    for (let i = 0; i < count; i++) {
      const column = this.#shown[i] as ObjectColumn | null;
      nullBits = (i & 7) === 0 ? (bytes[nulls + (i >> 3)] as number) : nullBits >> 1;
      const isNull = (nullBits & 1) !== 0;
      if (isNull) this.#writtenFrom[i] = NULL_COLUMN;
      if (column === null || (isNull && !this.#nulls)) {
        if (!isNull) at = (this.#skips[i] as ColumnWriter)(bytes, at, out);
        continue;
      }
      out.byte(separator);
      separator = COMMA;
      out.raw(column.name);
      if (isNull) out.raw(JSON_NULL);
      else at = this.#value(column, bytes, at, out);
    }
    if (separator === OPEN) out.byte(OPEN);
    out.byte(CLOSE);
    image.endsAt(at);
  }

  #writePartial(image: RowImage, out: ByteWriter): void {
    let separator = OPEN;
    for (const column of this.#columns) {
      const at = image.locate(column.index);
      if (at < 0) this.#writtenFrom[column.index] = at;
      if (at === ABSENT || (at === NULL_COLUMN && !this.#nulls)) continue;
      out.byte(separator);
      separator = COMMA;
      out.raw(column.name);
      if (at === NULL_COLUMN) out.raw(JSON_NULL);
      else this.#value(column, image.bytes, at, out);
    }
    if (separator === OPEN) out.byte(OPEN);
    out.byte(CLOSE);
  }

  /**
   * The columns of `before` that differ from `after`, which must be the image written last and into the same `out`, as far as
   * the binlog tells both. Answers how many there are; the object is there in any case.
   */
  changed(before: RowImage, after: RowImage, out: ByteWriter): number {
    let separator = OPEN;
    let count = 0;
    for (const column of this.#columns) {
      const at = before.locate(column.index);
      if (at === ABSENT || this.#writtenFrom[column.index] === ABSENT) continue;
      if (at === NULL_COLUMN ? this.#writtenFrom[column.index] === NULL_COLUMN : this.#sameRaw(column, before.bytes, at, after)) continue;
      const mark = out.at;
      if (at !== NULL_COLUMN || this.#nulls) {
        out.byte(separator);
        out.raw(column.name);
        if (at === NULL_COLUMN) out.raw(JSON_NULL);
        else if (this.#sameText(column, before.bytes, at, out)) {
          out.at = mark;
          continue;
        }
        separator = COMMA;
      }
      count++;
    }
    if (separator === OPEN) out.byte(OPEN);
    out.byte(CLOSE);
    return count;
  }

  #value(column: ObjectColumn, bytes: Buffer, at: number, out: ByteWriter): number {
    this.#rawFrom[column.index] = at;
    this.#writtenFrom[column.index] = out.at;
    const next = column.write(bytes, at, out);
    this.#rawTo[column.index] = next;
    this.#writtenTo[column.index] = out.at;
    return next;
  }

  /** Whether both images hold the same bytes for a column. */
  #sameRaw(column: ObjectColumn, bytes: Buffer, at: number, after: RowImage): boolean {
    const { index } = column;
    if (this.#writtenFrom[index] === NULL_COLUMN) return false;
    return sameRange(bytes, { from: at, to: column.skip(bytes, at) }, after.bytes, { from: this.#rawFrom[index] as number, to: this.#rawTo[index] as number });
  }

  /** Writes the old value; other bytes can show the same, of a JSON document or a masked column for example. */
  #sameText(column: ObjectColumn, bytes: Buffer, at: number, out: ByteWriter): boolean {
    const from = out.at;
    column.write(bytes, at, out);
    const { index } = column;
    if (this.#writtenFrom[index] === NULL_COLUMN || out.overflowed) return false;
    return sameRange(out.bytes, { from, to: out.at }, out.bytes, { from: this.#writtenFrom[index] as number, to: this.#writtenTo[index] as number });
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function sameRange(a: Buffer, one: Range, b: Buffer, other: Range): boolean {
  if (one.to - one.from !== other.to - other.from) return false;
  return a.compare(b, other.from, other.to, one.from, one.to) === 0;
}
