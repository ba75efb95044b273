import { RowcastError } from '../../core/errors.ts';
import type { PartialImages, RowsEvent } from '../../core/change.ts';
import { tableLabel, type TableVersion } from '../../core/table.ts';
import { inflate, isCompressedRows, plainRowsType, uncompressedLength } from './compressed-events.ts';
import { Cursor } from './cursor.ts';
import type { Groups } from './group.ts';
import type { EventBytes, HeldPlace, HeldTaker } from './held-rows.ts';
import { EVENT, HEADER, u32 } from './header.ts';
import { isEmpty, Layouts } from './layouts.ts';
import type { DecoderOptions } from './options.ts';
import { PartialUpdates } from './partial-update.ts';
import { placed, type Place } from './place.ts';
import { hidesTextOf } from './query-text.ts';
import { beyondLimit, eventLimit } from './row-limit.ts';
import { DUMMY_TABLE, locateRows, operationOf, tableIdAt, type RowsRange, type RowsSlot } from './rows.ts';
import type { MappedTable, TableCache } from './table-cache.ts';
import { readTableMap } from './table-map.ts';
import { tableVersion } from './table-version.ts';

export interface TablesParts {
  readonly options: DecoderOptions;
  readonly cache: TableCache;
  readonly groups: Groups;
  readonly place: Place;
}

/** Fixed part of TABLE_MAP and rows events: table id (6), flags (2). */
const FIXED = 8;
/** Flag of the last rows event of a statement. */
const STATEMENT_END = 1;

/** Hands over rows, or has them held. A table is announced at its TABLE_MAP event, so that rows never wait. */
export class Tables implements HeldTaker {
  readonly #parts: TablesParts;
  readonly #range: RowsRange = { columns: 0, bytes: Buffer.alloc(0), start: 0, end: 0, bitmaps: 0, whole: true };
  readonly #layouts = new WeakMap<TableVersion, Layouts>();
  /** Of the rows in the range. */
  #images: PartialImages | null = null;
  #slot: RowsSlot | null = null;
  readonly #partial = new WeakMap<TableVersion, PartialUpdates>();
  /** Number of the first row of the next rows event. */
  firstRow = 0;
  /** Offset of the rows event. */
  #position = 0;

  constructor(parts: TablesParts) {
    this.#parts = parts;
  }

  /** Is it a TABLE_MAP or rows event? */
  takes(type: number): boolean {
    return type === EVENT.TABLE_MAP || (type >= EVENT.WRITE_ROWS_V1 && type <= EVENT.DELETE_ROWS_V1) || (type >= EVENT.WRITE_ROWS && type <= EVENT.DELETE_ROWS) || type === EVENT.PARTIAL_UPDATE_ROWS || isCompressedRows(type);
  }

  /** `end`: of the body, without checksum. */
  event(bytes: Buffer, start: number, end: number): void | Promise<void> {
    if (end - start < HEADER + FIXED) throw new RowcastError('EVENT_CORRUPT', 'a rows or TABLE_MAP event is too short');
    if (bytes[start + 4] === EVENT.TABLE_MAP) return this.#map(bytes, start, end);
    return this.#rows(bytes, start, end);
  }

  #map(bytes: Buffer, start: number, end: number): void | Promise<void> {
    const { cache, options } = this.#parts;
    const id = tableIdAt(bytes, start);
    const from = start + HEADER + 6;
    if (cache.same(id, bytes, from, end)) return this.#veil(cache.byId(id)?.version);
    const map = readTableMap(new Cursor(bytes, from, end));
    const name = `${map.database}.${map.table}`;
    const known = cache.find(name, bytes, from, end);
    if (known !== undefined) {
      cache.assign(id, known);
      return this.#veil(known.version);
    }
    const body = Buffer.from(bytes.subarray(from, end));
    const keep = (version: TableVersion): void | Promise<void> => {
      const mapped: MappedTable = { body, version, count: map.count };
      cache.keep(name, mapped);
      cache.assign(id, mapped);
      const told = options.handler.table(version);
      return told === undefined ? this.#veil(version) : told.then(() => this.#veil(version));
    };
    const version = tableVersion(map, options);
    return version instanceof Promise ? version.then(keep) : keep(version);
  }

  /** All tables of a statement are mapped before its rows come. */
  #veil(version: TableVersion | undefined): void | Promise<void> {
    if (version !== undefined && hidesTextOf(version, this.#parts.options)) return this.#parts.groups.takeQuery('');
  }

  #rows(bytes: Buffer, start: number, end: number): void | Promise<void> {
    const { cache, groups, place } = this.#parts;
    const id = tableIdAt(bytes, start);
    const mapped = cache.byId(id);
    if (mapped === undefined) {
      if (id === DUMMY_TABLE) return;
      throw new RowcastError('EVENT_CORRUPT', `rows of table id ${id} without a TABLE_MAP event`);
    }
    if (mapped.version.captured) {
      if (groups.holds) return groups.hold(mapped, { bytes, start, end }, this.firstRow);
      groups.told(mapped.version);
    }
    this.#position = place.start;
    this.#decode(mapped, bytes, start, end);
  }

  query(text: string): void {
    this.#parts.groups.query = text === '' ? null : text;
  }

  /** Rows that were held. */
  rows(mapped: MappedTable, event: EventBytes, { position, firstRow }: HeldPlace): void {
    this.#position = position;
    this.firstRow = firstRow;
    try {
      this.#decode(mapped, event.bytes, event.start, event.end);
    } catch (error) {
      throw placed(error, this.#place());
    }
  }

  #decode(mapped: MappedTable, bytes: Buffer, start: number, end: number): void {
    const { version } = mapped;
    const range = this.#range;
    locateRows(bytes, start, end, range);
    if (range.columns !== mapped.count) throw new RowcastError('EVENT_CORRUPT', `rows of ${tableLabel(version)} have ${range.columns} columns, its TABLE_MAP ${mapped.count}`);
    const type = bytes[start + 4] as number;
    this.#images = range.whole || version.columns.length === 0 ? null : this.#layoutsOf(version).of(bytes.subarray(range.bitmaps, range.start), operationOf(plainRowsType(type)));
    range.bytes = bytes;
    range.end = end;
    if (!version.captured && (isCompressedRows(type) || type === EVENT.PARTIAL_UPDATE_ROWS)) range.start = end;
    else if (isCompressedRows(type)) this.#inflate(bytes, start, version);
    if (version.columns.length === 0) range.start = range.end;
    if (this.#images !== null && range.start < range.end && isEmpty(this.#images, operationOf(plainRowsType(type)))) throw new RowcastError('EVENT_CORRUPT', `rows of ${tableLabel(version)} that hold no column have bytes`);
    if (type === EVENT.PARTIAL_UPDATE_ROWS && range.start < range.end) this.#rewrite(bytes, start, version);
    else this.#hand(bytes, start, version);
  }

  #layoutsOf(version: TableVersion): Layouts {
    let layouts = this.#layouts.get(version);
    if (layouts === undefined) this.#layouts.set(version, (layouts = new Layouts(version, this.#parts.options.flavor)));
    return layouts;
  }

  /** Rows that MariaDB compressed. @throws RowcastError ROW_TOO_LARGE before they are uncompressed */
  #inflate(bytes: Buffer, start: number, version: TableVersion): void {
    const range = this.#range;
    const { rowLimit = Infinity } = this.#parts.options;
    const images = operationOf(plainRowsType(bytes[start + 4] as number)) === 'update' ? 2 : 1;
    const length = uncompressedLength(bytes, range.start, range.end);
    if (length > eventLimit(rowLimit, images)) {
      const [label, position] = [tableLabel(version), this.#place()];
      throw beyondLimit(rowLimit, { subject: `a compressed rows event of ${label} at ${position}`, bytes: length, images, facts: { table: label, position } });
    }
    range.bytes = inflate(bytes, range.start, range.end);
    range.start = 0;
    range.end = length;
  }

  /** Hands over partial updates as whole ones, in several events where they grow large: each goes on with the numbers of its rows. */
  #rewrite(bytes: Buffer, start: number, version: TableVersion): void {
    const range = this.#range;
    const partial = this.#partial.get(version) ?? new PartialUpdates(version);
    this.#partial.set(version, partial);
    const { query } = this.#parts.groups;
    partial.rewrite(range.bytes, { start: range.start, end: range.end, images: this.#images }, (updates, rows) => {
      range.bytes = updates;
      range.start = 0;
      range.end = updates.length;
      this.#parts.groups.query = query;
      this.#hand(bytes, start, version);
      this.firstRow += rows;
    });
  }

  /** The rows lie in the range; none: they cannot be walked. The event's header and what follows it begin at `start`. */
  #hand(bytes: Buffer, start: number, version: TableVersion): void {
    const { groups, options } = this.#parts;
    const timestamp = u32(bytes, start);
    const transaction = groups.transaction(u32(bytes, start + 5), timestamp, version.captured);
    const slot = (this.#slot ??= emptySlot(version, transaction));
    slot.table = version;
    slot.operation = operationOf(plainRowsType(bytes[start + 4] as number));
    slot.bytes = this.#range.bytes;
    slot.start = this.#range.start;
    slot.end = this.#range.end;
    slot.partial = this.#images;
    slot.transaction = transaction;
    slot.position = this.#position;
    slot.firstRow = this.firstRow;
    slot.timestamp = timestamp;
    slot.query = groups.query;
    if (slot.query !== null && ((bytes[start + HEADER + 6] as number) & STATEMENT_END) !== 0) groups.query = null;
    options.handler.rows(slot);
  }

  #place(): string {
    return `${this.#parts.groups.file}:${this.#position}`;
  }

  /** The table that rows with this id are of; undefined without a TABLE_MAP event. */
  table(id: number): TableVersion | undefined {
    return this.#parts.cache.byId(id)?.version;
  }

  /** A rows event that was not held, of a table that is not captured: it is handed over without rows. `start`: of its first 27 bytes. */
  passed(bytes: Buffer, start: number): void {
    const version = this.table(tableIdAt(bytes, start));
    if (version === undefined || version.captured) throw new RowcastError('INTERNAL', 'rows that some route may take were passed over');
    this.#images = null;
    this.#range.bytes = bytes;
    this.#range.start = this.#range.end = start;
    this.#position = this.#parts.place.start;
    this.#hand(bytes, start, version);
  }
}

function emptySlot(table: TableVersion, transaction: RowsEvent['transaction']): RowsSlot {
  return { table, operation: 'insert', bytes: Buffer.alloc(0), start: 0, end: 0, partial: null, transaction, position: 0, firstRow: 0, timestamp: 0, query: null };
}
