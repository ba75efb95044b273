import type { PartialImages } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import { ABSENT, NULL_COLUMN, RowImage } from '../../core/row-image.ts';
import type { TableVersion } from '../../core/table.ts';
import { tableLabel } from '../../core/table.ts';
import { lengthPrefix } from '../columns/fixed-width.ts';
import { applyDiffs } from '../columns/json-diff.ts';

/** Updates in the form of an UPDATE_ROWS event: `bytes` holds `rows` pairs of images. */
export type WholeUpdates = (bytes: Buffer, rows: number) => void;

/** Where the rows are, and what their images hold. */
export interface PartialRows {
  readonly start: number;
  readonly end: number;
  readonly images: PartialImages | null;
}

/** Bytes of rewritten images that are handed over at a time, and one row at least. */
const SLICE = 1 << 20;
const PARTIAL_JSON = 1;
/** Width of the length before a document, and before the changes of one. */
const PREFIX = 4;

/**
 * The rows of PARTIAL_UPDATE_ROWS (MySQL `rows_event.h`): a before image as in UPDATE_ROWS; then packed value options · with
 * bit 0 of those a bit for each JSON column of the table, in the images or not: changes of the document in the before
 * image stand where the document would · the after image. Each is rewritten as UPDATE_ROWS has it, the changes applied.
 */
export class PartialUpdates {
  readonly #table: TableVersion;
  /** Indexes of the JSON columns. */
  readonly #json: readonly number[];
  readonly #before: RowImage;
  readonly #after: RowImage;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(table: TableVersion) {
    this.#table = table;
    this.#json = table.columns.filter(({ type }) => type.family === 'json').map(({ index }) => index);
    this.#before = new RowImage(table);
    this.#after = new RowImage(table);
  }

  /** @throws RowcastError EVENT_CORRUPT, ROW_UNREADABLE, COLUMN_ABSENT, and what `take` throws */
  rewrite(bytes: Buffer, range: PartialRows, take: WholeUpdates): void {
    this.#bytes = bytes;
    this.#end = range.end;
    this.#parts = [];
    this.#size = 0;
    let rows = 0;
    for (let at = range.start; at < range.end; ) {
      at = this.#row(at, range.images);
      rows++;
      if (this.#size < SLICE && at < range.end) continue;
      const slice = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#size = 0;
      take(slice, rows);
      rows = 0;
    }
  }

  #row(start: number, images: PartialImages | null): number {
    this.#before.set(this.#bytes, start, this.#end, images === null ? null : images.before);
    const options = this.#before.end();
    this.#mayReach(options + 1);
    const value = this.#bytes[options] as number;
    if ((value & ~PARTIAL_JSON) !== 0) throw new RowcastError('EVENT_UNSUPPORTED', `rows of ${tableLabel(this.#table)} have value options ${value}, which are not known`);
    this.#keep(this.#bytes.subarray(start, options));
    const bits = value === 0 ? NO_BITS : options + 1;
    const after = options + 1 + (value === 0 ? 0 : (this.#json.length + 7) >> 3);
    this.#after.set(this.#bytes, after, this.#end, images === null ? null : images.after);
    return this.#changed(after, bits);
  }

  /** `bits`: where the bits of the JSON columns are. What needs no change is copied in one piece. */
  #changed(start: number, bits: number): number {
    const end = this.#after.end();
    let copied = start;
    for (let json = 0; json < this.#json.length && bits !== NO_BITS; json++) {
      const index = this.#json[json] as number;
      const from = this.#after.locate(index);
      if (!this.#bit(bits, json) || from === NULL_COLUMN || from === ABSENT) continue;
      const to = from + PREFIX + lengthPrefix(this.#bytes, from, PREFIX);
      this.#keep(this.#bytes.subarray(copied, from));
      this.#apply(index, this.#bytes.subarray(from + PREFIX, to));
      copied = to;
    }
    this.#keep(this.#bytes.subarray(copied, end));
    return end;
  }

  #apply(index: number, diffs: Buffer): void {
    const from = this.#before.locate(index);
    if (from === ABSENT) {
      const name = this.#table.columns[index]?.name ?? '';
      throw new RowcastError('COLUMN_ABSENT', `a partial update of the JSON column ${name} of ${tableLabel(this.#table)} comes without the document that it changes (binlog_row_image)`, { hint: ABSENT_HINT });
    }
    if (from === NULL_COLUMN) throw new RowcastError('ROW_UNREADABLE', `a partial update of a JSON column of ${tableLabel(this.#table)} has no document to change`);
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

  #bit(at: number, index: number): boolean {
    return ((this.#bytes[at + (index >> 3)] as number) & (1 << (index & 7))) !== 0;
  }

  #mayReach(at: number): void {
    if (at > this.#end) throw new RowcastError('EVENT_CORRUPT', `a row of ${tableLabel(this.#table)} runs past the end of its event`);
  }
}

const NO_BITS = -1;
const ABSENT_HINT = 'Sessions with binlog_row_value_options=PARTIAL_JSON need binlog_row_image=FULL or NOBLOB. Set one of them, repair the downstream data for this statement, and move past it by `rowcast position set`, or by removing a checkpoint file and starting after it.';
