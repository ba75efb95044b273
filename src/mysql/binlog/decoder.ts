import type { GtidParts } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Position } from '../../core/position.ts';
import type { TableVersion } from '../../core/table.ts';
import { CHECKSUM, checksumFits, verifyChecksum, verifyWhole } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { readFormatDescription, type FormatDescription } from './format-description.ts';
import { GtidReader } from './gtid-reader.ts';
import { Groups } from './group.ts';
import { EVENT, FLAG, HEADER, u16, u32 } from './header.ts';
import { readGtidList } from './gtid-list.ts';
import { LeadIn } from './lead-in.ts';
import { MARIADB_FLAG, readMariadbGtid } from './mariadb-gtid.ts';
import type { DecoderOptions } from './options.ts';
import { FILE_START, Place, placed } from './place.ts';
import { readPreviousGtids } from './previous-gtids.ts';
import { Progress } from './progress.ts';
import { isBegin, readCompressedQuery, readQuery } from './query.ts';
import { shown } from './query-text.ts';
import { passOrRefuse } from './refusals.ts';
import { Rest } from './rest.ts';
import { readRotate } from './rotate.ts';
import { Statements, type Origin } from './statements.ts';
import { TableCache } from './table-cache.ts';
import { Tables } from './tables.ts';
import type { InnerPlace, PayloadHandler } from './transaction-payload.ts';
import { readXaPrepare } from './xa.ts';

/** A table as the head of a rows event asks for it. */
type MappedName = Pick<TableVersion, 'database' | 'name' | 'captured'>;

const PASSED_TABLE: MappedName = { database: '', name: '', captured: false };

/** Types that MySQL puts into compressed transactions, besides rows events and their TABLE_MAP. */
const INSIDE = new Set<number>([EVENT.QUERY, EVENT.XID, EVENT.ROWS_QUERY, EVENT.XA_PREPARE]);

/** Turns the events of a binlog stream, in order, into calls of a `ChangeHandler`. One for each connection. */
export class BinlogDecoder {
  readonly #options: DecoderOptions;
  readonly #place: Place;
  readonly #progress: Progress;
  readonly #groups: Groups;
  readonly #leadIn: LeadIn;
  readonly #cache = new TableCache();
  readonly #tables: Tables;
  readonly #statements: Statements;
  /** Takes compressed transactions. */
  readonly payload: PayloadHandler = {
    begins: (bytes, start, crc) => { void this.#placing(() => { this.#beginPayload(bytes, start, crc); }); },
    event: (bytes, { start, end }, place) => this.#placing(() => this.#inside(bytes, { start, end }, place)),
    passed: (bytes, start, place) => { void this.#placing(() => { this.#innerAt(place); if (!this.#leadIn.passing) this.#tables.passed(bytes, start); }); },
    verify: (crc) => { void this.#placing(() => { this.#verify(crc); }); },
  };
  #format: FormatDescription | null = null;
  /** A compressed transaction is being read. */
  #payload = false;
  /** Of control events, one after another. */
  readonly #body = new Cursor(Buffer.alloc(0), 0, 0);
  readonly #gtids = new GtidReader();

  /** @throws RowcastError CONFIG_INVALID when the GTID set to start at cannot be read */
  constructor(options: DecoderOptions) {
    this.#options = options;
    this.#place = new Place(options.start.file, options.start.position, options.start.created ?? null);
    this.#leadIn = new LeadIn(options.start);
    this.#progress = new Progress(options.flavor, options.start);
    this.#groups = new Groups({ handler: options.handler, place: this.#place, progress: this.#progress, rest: options.rest ?? new Rest(), holding: { ...options.holding, all: options.holding.all || options.flavor === 'mariadb' }, observer: options.observer, open: options.start.prepared ?? [], prepared: options.prepared, rereads: options.rereads ?? null });
    this.#tables = new Tables({ options, cache: this.#cache, groups: this.#groups, place: this.#place });
    this.#groups.teller = this.#tables;
    this.#statements = new Statements({ options, groups: this.#groups, cache: this.#cache, place: this.#place });
  }

  /**
   * One whole event, `bytes[start, end)`: header, body and, where the file has them, checksum. While a returned promise is
   * unsettled nothing more may be handed in, and the bytes must stay. What it throws or rejects with ends the stream.
   * @throws RowcastError EVENT_CORRUPT, EVENT_UNSUPPORTED, STATEMENT_DML, SCHEMA_*, SOURCE_REFUSED, and what handlers throw
   */
  event(bytes: Buffer, start: number, end: number): void | Promise<void> {
    try {
      const pending = this.#event(bytes, start, end);
      return pending instanceof Promise ? this.#settled(pending) : undefined;
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /**
   * A rows event was too large to be held, and its table is not captured: it counts as handed over without its rows.
   * `bytes` holds its first 27 bytes from `start` on, `crc` is the CRC32 of all of it.
   * @throws RowcastError EVENT_CORRUPT, and what handlers throw
   */
  passed(bytes: Buffer, start: number, crc: number): void {
    void this.#placing(() => {
      this.#verify(crc);
      this.#counted(bytes, start);
      if (this.#leadIn.passes(this.#place) || bytes[start + 4] === EVENT.ANNOTATE_ROWS) return;
      this.#tables.firstRow = 0;
      this.#tables.passed(bytes, start);
    });
  }

  /** @param crc of a whole event */
  #verify(crc: number): void {
    if (this.#format?.checksums === true) verifyWhole(crc);
  }

  /** Moves past an event of which only the header is here. */
  #counted(bytes: Buffer, start: number): void {
    this.#options.observer.alive();
    this.#place.advance(u32(bytes, start + 9), u32(bytes, start + 13), u16(bytes, start + 17));
    this.#options.observer.event(u32(bytes, start + 9), u32(bytes, start));
  }

  #beginPayload(bytes: Buffer, start: number, crc: number | null): void {
    if (this.#format === null) throw new RowcastError('EVENT_CORRUPT', 'events begin without a FORMAT_DESCRIPTION');
    this.#counted(bytes, start);
    this.#payload = true;
    this.#leadIn.passes(this.#place);
    if (crc !== null) this.#verify(crc);
  }

  /** An event of a compressed transaction. Only the last one may end the transaction: the position after it is behind them all. */
  #inside(bytes: Buffer, { start, end }: { readonly start: number; readonly end: number }, place: InnerPlace): void | Promise<void> {
    this.#options.observer.alive();
    const type = bytes[start + 4] as number;
    if (!INSIDE.has(type) && !this.#tables.takes(type)) throw new RowcastError('EVENT_UNSUPPORTED', `a compressed transaction holds an event of type ${type}, which may carry rows`, { facts: { eventType: type } });
    this.#innerAt(place);
    if (this.#leadIn.passing) return undefined;
    return this.#tables.takes(type) ? this.#tables.event(bytes, start, end) : this.#control(type, bytes, start, end);
  }

  #innerAt({ offset, last }: InnerPlace): void {
    this.#payload = !last;
    this.#groups.sealed = !last;
    this.#tables.firstRow = offset;
  }

  /** The table of a table id, as the last TABLE_MAP event with it said; undefined without one. Before the place to begin at, none is captured. */
  table(id: number): MappedName | undefined {
    return this.#leadIn.passing ? PASSED_TABLE : this.#tables.table(id);
  }

  /** Where the event begins that comes next; in a compressed transaction, where that begins. */
  next(): { readonly file: string; readonly position: number } {
    return { file: this.#place.file, position: this.#payload ? this.#place.start : this.#place.position };
  }

  /** True when `position()` tells a place in a file of the server that is read. */
  get placed(): boolean {
    return this.#progress.placed;
  }

  /** Where the transaction begins that events come of, or the next one. */
  group(): number {
    return this.#groups.begin();
  }

  /** Hands over nothing that is held, until `resume`. Events handed in are not affected. */
  pause(): void {
    this.#groups.valve.pause();
  }

  resume(): void {
    this.#groups.valve.resume();
  }

  /** Lets go of all that is held. Nothing may be handed in after it. */
  close(): Promise<void> {
    return this.#groups.close();
  }

  /** After the last whole transaction; the start until there is one. */
  position(): Position {
    return this.#progress.toPosition();
  }

  #event(bytes: Buffer, start: number, end: number): void | Promise<void> {
    if (start < 0 || end > bytes.length || end - start < HEADER || u32(bytes, start + 9) !== end - start) throw new RowcastError('EVENT_CORRUPT', 'the size of the event is not what its header says');
    const type = bytes[start + 4] as number;
    const flags = u16(bytes, start + 17);
    const bodyEnd = type === EVENT.FORMAT_DESCRIPTION ? end : this.#withoutChecksum(bytes, start, end);
    if (type === EVENT.FORMAT_DESCRIPTION) { this.#describe(bytes, start, end); return; }
    if (type === EVENT.HEARTBEAT || type === EVENT.HEARTBEAT_V2) return undefined;
    if (type === EVENT.ROTATE) return this.#rotate(new Cursor(bytes, start + HEADER, bodyEnd), bytes, start);
    if (this.#format === null) throw new RowcastError('EVENT_CORRUPT', 'events begin without a FORMAT_DESCRIPTION');
    // The list of a start in the middle of MariaDB's binlog is made for this connection: it has a place, but not in the file.
    if (type !== EVENT.MARIADB_GTID_LIST || (flags & FLAG.ARTIFICIAL) === 0) this.#place.advance(end - start, u32(bytes, start + 13), flags);
    this.#options.observer.event(end - start, u32(bytes, start));
    if (this.#leadIn.passes(this.#place)) return undefined;
    this.#tables.firstRow = 0;
    if (this.#tables.takes(type)) return this.#tables.event(bytes, start, bodyEnd);
    return this.#control(type, bytes, start, bodyEnd);
  }

  #control(type: number, bytes: Buffer, start: number, end: number): void | Promise<void> {
    const body = this.#body.move(bytes, start + HEADER, end);
    this.#groups.now = u32(bytes, start);
    if (type === EVENT.XID) return this.#groups.commit(this.#xid(body));
    if (type === EVENT.GTID || type === EVENT.ANONYMOUS_GTID) { this.#begin(this.#gtids.read(body, type === EVENT.ANONYMOUS_GTID)); return; }
    if (type === EVENT.GTID_TAGGED) { this.#begin(this.#gtids.readTagged(body)); return; }
    if (type === EVENT.MARIADB_GTID) { this.#beginMariadb(body, u32(bytes, start + 5)); return; }
    if (type === EVENT.QUERY && isBegin(body)) { this.#statements.begin(body.u32()); return; }
    if (type === EVENT.QUERY || type === EVENT.QUERY_COMPRESSED) return this.#statements.handle(type === EVENT.QUERY ? readQuery(body, 0) : readCompressedQuery(body, this.#options.rowLimit), origin(bytes, start));
    if (type === EVENT.EXECUTE_LOAD_QUERY) return this.#statements.handle(readQuery(body, 13), origin(bytes, start));
    if (type === EVENT.PREVIOUS_GTIDS) { this.#progress.adopt(readPreviousGtids(body)); return; }
    if (type === EVENT.MARIADB_GTID_LIST) return this.#groups.listed(this.#progress.adopt(readGtidList(body)));
    if (type === EVENT.XA_PREPARE) return this.#groups.prepare(readXaPrepare(body));
    if (type === EVENT.ROWS_QUERY || type === EVENT.ANNOTATE_ROWS) return this.#query(type, body);
    this.#options.observer.passed?.(passOrRefuse(type, u16(bytes, start + 17)));
  }

  /** ROWS_QUERY: 1 length that is not to be used · text. ANNOTATE_ROWS (MariaDB): text. */
  #query(type: number, body: Cursor): void | Promise<void> {
    if (!this.#options.includeQuery) return undefined;
    if (type === EVENT.ROWS_QUERY) body.skip(1);
    return this.#groups.takeQuery(shown(body.text(body.left), this.#options));
  }

  #describe(bytes: Buffer, start: number, end: number): void {
    this.#format = readFormatDescription(bytes, start, end);
    // What is read again says nothing of where reading is.
    if ((this.#options.rereads ?? null) === null) this.#options.catalogue.writtenBy(this.#format.serverVersion);
    this.#groups.restarted(this.#format.started);
    this.#cache.forgetIds();
    const told = u32(bytes, start + 13);
    // The copy sent for a start in the middle of a file is not at this place.
    if (told !== 0 || this.#place.position === FILE_START) this.#place.advance(end - start, told, u16(bytes, start + 17));
    this.#place.created = u32(bytes, start);
    this.#progress.describe(this.#place);
    this.#options.observer.event(end - start, u32(bytes, start));
  }

  #rotate(body: Cursor, bytes: Buffer, start: number): void | Promise<void> {
    const { file, position } = readRotate(body);
    const artificial = (u16(bytes, start + 17) & FLAG.ARTIFICIAL) !== 0 || u32(bytes, start) === 0;
    if (!artificial) this.#groups.mustBeClosed();
    if (file !== this.#place.file) this.#leadIn.rotate(this.#place);
    this.#place.move(file, position);
    if (this.#progress.unknown) this.#progress.move(this.#place);
    if (!artificial) return this.#groups.commit();
  }

  /** The number in an XID event, where somebody can tell it: only a transaction that is held until then. */
  #xid(body: Cursor): bigint | null {
    if (this.#groups.open && this.#groups.holds) return body.u64();
    body.skip(8);
    return null;
  }

  #begin(gtid: GtidParts | null): void {
    this.#leadIn.begin(this.#place);
    this.#groups.start(gtid, this.#gtids.committedMicros);
  }

  #beginMariadb(body: Cursor, serverId: number): void {
    this.#leadIn.begin(this.#place);
    const { sequence, domain, flags } = readMariadbGtid(body);
    const group = this.#groups.start({ source: `${domain}-${serverId}`, number: sequence, separator: '-' }, 0);
    group.begun = (flags & MARIADB_FLAG.STANDALONE) === 0;
    group.transactional = (flags & MARIADB_FLAG.TRANSACTIONAL) !== 0;
    if ((flags & MARIADB_FLAG.PREPARED_XA) !== 0) this.#groups.startXa(group, null);
  }

  /** Where the body ends, its checksum verified. A first ROTATE comes before anything says whether there is one. */
  #withoutChecksum(bytes: Buffer, start: number, end: number): number {
    const checksums = this.#format?.checksums ?? null;
    const sure = bytes[start + 4] !== EVENT.ROTATE || checksums === true;
    const length = end - start >= HEADER + CHECKSUM;
    if (!sure) return length && checksumFits(bytes, start, end) ? end - CHECKSUM : end;
    if (checksums !== true) return end;
    if (!length) throw new RowcastError('EVENT_CORRUPT', 'the event is too short for its checksum');
    verifyChecksum(bytes, start, end);
    return end - CHECKSUM;
  }

  #placing(act: () => void | Promise<void>): void | Promise<void> {
    try {
      const pending = act();
      return pending instanceof Promise ? this.#settled(pending) : undefined;
    } catch (error) {
      throw this.#placed(error);
    }
  }

  #settled(pending: Promise<void>): Promise<void> {
    return pending.catch((error: unknown) => { throw this.#placed(error); });
  }

  #placed(error: unknown): RowcastError {
    return placed(error, String(this.#place));
  }
}

function origin(bytes: Buffer, start: number): Origin {
  return { serverId: u32(bytes, start + 5), timestamp: u32(bytes, start) };
}
