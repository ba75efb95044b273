import { RowcastError } from './errors.ts';
import type { ColumnValue, TableVersion } from './table.ts';
import { tableLabel } from './table.ts';

/** `locate` answers this for a column that is NULL. */
export const NULL_COLUMN = -1;

/**
 * A cursor over the bytes of one before or after image: a bitmap of NULLs, one bit a column, then the values of the
 * others in table order. It is reused from row to row; columns are found on demand and no further than asked.
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

  readonly #offsets: Int32Array;
  #located = 0;
  #next = 0;
  #end = UNKNOWN;

  constructor(table: TableVersion) {
    this.table = table;
    this.#offsets = new Int32Array(table.columns.length);
  }

  /** Points it at the image that starts at `at` and may not pass `limit`. */
  set(bytes: Buffer, at: number, limit: number): void {
    this.bytes = bytes;
    this.nulls = at;
    this.data = at + ((this.table.columns.length + 7) >> 3);
    this.limit = limit;
    this.#located = 0;
    this.#next = this.data;
    this.#end = UNKNOWN;
  }

  isNull(index: number): boolean {
    return ((this.bytes[this.nulls + (index >> 3)] as number) & (1 << (index & 7))) !== 0;
  }

  /** Where the value of column `index` starts, or NULL_COLUMN. */
  locate(index: number): number {
    if (index >= this.#located) this.#walk(index + 1);
    return this.#offsets[index] as number;
  }

  /** The value of column `index`, or null. @throws RowcastError ROW_UNREADABLE */
  read(index: number): ColumnValue | null {
    const at = this.locate(index);
    const column = this.table.columns[index];
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
    if (at > this.limit) throw new RowcastError('EVENT_CORRUPT', `a row of ${tableLabel(this.table)} runs past the end of its event`);
    this.#end = at;
  }

  #walk(count: number): void {
    const columns = this.table.columns;
    let at = this.#next;
    for (let i = this.#located; i < count; i++) {
      if (this.isNull(i)) {
        this.#offsets[i] = NULL_COLUMN;
        continue;
      }
      this.#offsets[i] = at;
      at = (columns[i] as TableVersion['columns'][number]).codec.skip(this.bytes, at);
      if (at > this.limit) throw new RowcastError('EVENT_CORRUPT', `a row of ${tableLabel(this.table)} runs past the end of its event`);
    }
    this.#located = count;
    this.#next = at;
  }
}

const EMPTY = Buffer.alloc(0);
const UNKNOWN = -1;
