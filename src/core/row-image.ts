import { RowcastError } from './errors.ts';
import type { ColumnValue, TableVersion } from './table.ts';
import { tableLabel } from './table.ts';

/** `locate` answers this for a column that is NULL. */
export const NULL_COLUMN = -1;
/** `locate` answers this for a column that the image does not hold: its value may be anything, NULL included. */
export const ABSENT = -2;
/** In a layout, of a column that is absent and was not changed: what its before image holds is its value still. */
export const UNCHANGED = -3;

/** Which columns an image holds, where it does not hold all of them (`binlog_row_image`). */
export interface ImageLayout {
  /** By column: which bit of the NULL bitmap is its own, or ABSENT or UNCHANGED. */
  readonly bits: Int32Array;
  /** How many columns there are, and bits in the NULL bitmap. */
  readonly present: number;
}

/**
 * A cursor over the bytes of one before or after image: a bitmap of NULLs, one bit a column that is there, then the values
 * of the others in table order. It is reused from row to row; columns are found on demand and no further than asked.
 */
export class RowImage {
  readonly table: TableVersion;
  bytes: Buffer = EMPTY;
  /** Start of the NULL bitmap. */
  nulls = 0;
  /** Start of the first value. */
  data = 0;
  /** End of the rows of this event: no image may pass it. */
  limit = 0;
  /** Null: every column is there. */
  layout: ImageLayout | null = null;
  /** The before image of an after image that lacks columns; of the same `bytes`. UNCHANGED columns are looked for there. */
  fallback: RowImage | null = null;

  readonly #offsets: Int32Array;
  /** Bytes of each value of the first column: it is most often the key, and asked for in every row. UNKNOWN where they differ. */
  readonly #firstWidth: number;
  #located = 0;
  #next = 0;
  #end = UNKNOWN;

  constructor(table: TableVersion) {
    this.table = table;
    this.#offsets = new Int32Array(table.columns.length);
    this.#firstWidth = table.columns[0]?.codec.width ?? UNKNOWN;
  }

  /** Points it at the image that starts at `at` and may not pass `limit`; without a fallback. */
  set(bytes: Buffer, at: number, limit: number, layout: ImageLayout | null = null): void {
    // Most rows lie where the one before lay, and to keep a reference costs more than to compare one.
    if (this.bytes !== bytes) this.bytes = bytes;
    this.nulls = at;
    this.data = at + (((layout === null ? this.table.columns.length : layout.present) + 7) >> 3);
    this.limit = limit;
    this.layout = layout;
    this.fallback = null;
    this.#located = 0;
    this.#next = this.data;
    this.#end = UNKNOWN;
  }

  /** Where the value of column `index` starts in `bytes`, NULL_COLUMN, or ABSENT where the fallback has none either. */
  locate(index: number): number {
    if (index >= this.#located) {
      if (index === 0 && this.layout === null && this.#firstWidth !== UNKNOWN) return this.#first();
      this.#walk(index + 1);
    }
    const at = this.#offsets[index] as number;
    return at < NULL_COLUMN ? this.#elsewhere(index, at) : at;
  }

  /** The value of column `index`, or null. @throws RowcastError ROW_UNREADABLE, COLUMN_ABSENT */
  read(index: number): ColumnValue | null {
    const at = this.locate(index);
    const column = this.table.columns[index];
    if (at === ABSENT && column !== undefined) throw columnAbsent(this.table, column.name);
    return at === NULL_COLUMN || column === undefined ? null : column.codec.read(this.bytes, at);
  }

  /** Where the image ends. @throws RowcastError EVENT_CORRUPT past `limit` */
  end(): number {
    if (this.#end === UNKNOWN) {
      this.#walk(this.table.columns.length);
      this.endsAt(this.#next);
    }
    return this.#end;
  }

  /** Told by an encoder that has walked the whole image anyway. @throws RowcastError EVENT_CORRUPT past `limit` */
  endsAt(at: number): void {
    if (at > this.limit) throw this.#tooLong();
    this.#end = at;
  }

  #tooLong(): RowcastError {
    return new RowcastError('EVENT_CORRUPT', `a row of ${tableLabel(this.table)} runs past the end of its event`);
  }

  /** `locate` of the first column, where its width is known and no column is absent. */
  #first(): number {
    if (((this.bytes[this.nulls] as number) & 1) !== 0) return NULL_COLUMN;
    if (this.data + this.#firstWidth > this.limit) throw this.#tooLong();
    return this.data;
  }

  #elsewhere(index: number, missing: number): number {
    return missing === UNCHANGED && this.fallback !== null ? this.fallback.locate(index) : ABSENT;
  }

  #walk(count: number): void {
    const columns = this.table.columns;
    const bits = this.layout === null ? null : this.layout.bits;
    let at = this.#next;
    for (let i = this.#located; i < count; i++) {
      const bit = bits === null ? i : (bits[i] as number);
      if (bit < 0 || ((this.bytes[this.nulls + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0) {
        this.#offsets[i] = bit < 0 ? bit : NULL_COLUMN;
        continue;
      }
      this.#offsets[i] = at;
      at = (columns[i] as TableVersion['columns'][number]).codec.skip(this.bytes, at);
      if (at > this.limit) throw this.#tooLong();
    }
    this.#located = count;
    this.#next = at;
  }
}

/** For whoever needs a column of which the binlog says nothing. */
export function columnAbsent(table: TableVersion, column: string): RowcastError {
  return new RowcastError('COLUMN_ABSENT', `the binlog does not tell the column ${column} of this row of ${tableLabel(table)} (binlog_row_image)`);
}

const EMPTY = Buffer.alloc(0);
const UNKNOWN = -1;
