import { RowcastError } from '../../core/errors.ts';
import type { TableVersion } from '../../core/table.ts';
import { tableLabel } from '../../core/table.ts';
import { lengthPrefix } from '../columns/fixed-width.ts';
import { applyDiffs } from '../columns/json-diff.ts';

/** Updates in the form of an UPDATE_ROWS event: `bytes` holds `rows` pairs of images. */
export type WholeUpdates = (bytes: Buffer, rows: number) => void;

/** Bytes of rewritten images that are handed over at a time, and one row at least. */
const SLICE = 1 << 20;
const PARTIAL_JSON = 1;
/** Width of the length before a document, and before the changes of one. */
const PREFIX = 4;

/**
 * The rows of PARTIAL_UPDATE_ROWS (MySQL `rows_event.h`): a before image as in UPDATE_ROWS; then packed value options · with
 * bit 0 of those a bit for each JSON column of the table: changes of the document in the before image stand where the
 * document would · the after image. Each is rewritten as UPDATE_ROWS has it, the changes applied. Every image must hold
 * every column.
 */
export class PartialUpdates {
  readonly #table: TableVersion;
  readonly #nulls: number;
  readonly #json: number;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #parts: Buffer[] = [];
  #size = 0;
  /** Where each column of the before image starts, and the image ends; −1: NULL. */
  readonly #before: Int32Array;

  constructor(table: TableVersion) {
    this.#table = table;
    this.#nulls = (table.columns.length + 7) >> 3;
    this.#json = (table.columns.filter(({ type }) => type.family === 'json').length + 7) >> 3;
    this.#before = new Int32Array(table.columns.length);
  }

  /** @throws RowcastError EVENT_CORRUPT, ROW_UNREADABLE, and what `take` throws */
  rewrite(bytes: Buffer, range: { readonly start: number; readonly end: number }, take: WholeUpdates): void {
    this.#bytes = bytes;
    this.#end = range.end;
    this.#parts = [];
    let rows = 0;
    for (let at = range.start; at < range.end; ) {
      at = this.#row(at);
      rows++;
      if (this.#size < SLICE && at < range.end) continue;
      const slice = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#size = 0;
      take(slice, rows);
      rows = 0;
    }
  }

  #row(start: number): number {
    const after = this.#walkBefore(start);
    this.#keep(this.#bytes.subarray(start, after));
    const options = this.#byte(after);
    if ((options & ~PARTIAL_JSON) !== 0) throw new RowcastError('EVENT_UNSUPPORTED', `rows of ${tableLabel(this.#table)} have value options ${options}, which are not known`);
    const bits = options === 0 ? NO_BITS : after + 1;
    return this.#after(after + 1 + (options === 0 ? 0 : this.#json), bits);
  }

  #walkBefore(start: number): number {
    let at = start + this.#nulls;
    this.#mayReach(at);
    for (const { index, codec } of this.#table.columns) {
      const isNull = this.#bit(start, index);
      this.#before[index] = isNull ? NULL : at;
      if (!isNull) at = codec.skip(this.#bytes, at);
      this.#mayReach(at);
    }
    return at;
  }

  /** `bits`: where the bits of the JSON columns are. What needs no change is copied in one piece. */
  #after(start: number, bits: number): number {
    let at = start + this.#nulls;
    this.#mayReach(at);
    let copied = start;
    let json = 0;
    for (const { index, codec, type } of this.#table.columns) {
      const partial = type.family === 'json' && bits !== NO_BITS && this.#bit(bits, json++);
      if (this.#bit(start, index)) continue;
      const from = at;
      at = codec.skip(this.#bytes, at);
      this.#mayReach(at);
      if (!partial) continue;
      this.#keep(this.#bytes.subarray(copied, from));
      this.#apply(index, this.#bytes.subarray(from + PREFIX, at));
      copied = at;
    }
    this.#keep(this.#bytes.subarray(copied, at));
    return at;
  }

  #apply(index: number, diffs: Buffer): void {
    const from = this.#before[index] as number;
    if (from === NULL) throw new RowcastError('ROW_UNREADABLE', `a partial update of a JSON column of ${tableLabel(this.#table)} has no document to change`);
    const start = from + PREFIX;
    const document = applyDiffs(this.#bytes.subarray(start, start + lengthPrefix(this.#bytes, from, PREFIX)), diffs);
    const prefix = Buffer.alloc(PREFIX);
    prefix.writeUInt32LE(document.length);
    this.#keep(prefix);
    this.#keep(document);
  }

  #keep(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
  }

  #byte(at: number): number {
    this.#mayReach(at + 1);
    return this.#bytes[at] as number;
  }

  #bit(at: number, index: number): boolean {
    return ((this.#bytes[at + (index >> 3)] as number) & (1 << (index & 7))) !== 0;
  }

  #mayReach(at: number): void {
    if (at > this.#end) throw new RowcastError('EVENT_CORRUPT', `a row of ${tableLabel(this.#table)} runs past the end of its event`);
  }
}

const NULL = -1;
const NO_BITS = -1;
