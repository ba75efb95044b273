import type { GtidParts } from '../../core/change.ts';
import type { SourceNotice } from '../../core/notice.ts';
import { RowcastError } from '../../core/errors.ts';
import type { TableVersion } from '../../core/table.ts';
import type { GroupsParts } from './group-parts.ts';
import { HeldRows, type EventBytes, type HeldTaker } from './held-rows.ts';
import type { Reread } from './options.ts';
import { commitOf, PreparedGroups, preparedPlace, type KeptGroup } from './prepared.ts';
import { countsAmong, mayBeRolledBack, rollBackTo, setSavepoint, takenBack } from './rollbacks.ts';
import { SpillFile } from './spill-file.ts';
import type { MappedTable } from './table-cache.ts';
import { BinlogTransaction, gtidOf, newGroup, type Group } from './transaction.ts';
import { closedStream, Valve } from './valve.ts';
import { lost, neverPrepared, type XaPrepare } from './xa.ts';

/** Opens and ends transactions; tells the handler of one only when it has rows, and of every end. */
export class Groups {
  readonly #parts: GroupsParts;
  readonly #held: HeldRows;
  readonly #prepared: PreparedGroups;
  readonly valve = new Valve();
  /** Tells rows that were held. */
  teller: HeldTaker | null = null;
  #group: Group | null = null;
  #transaction: BinlogTransaction | null = null;
  /** Stands for the transaction while nothing of it is told. */
  #bystander: BinlogTransaction | null = null;
  /** Of an XA transaction that is not prepared yet. */
  #xaRows: HeldRows | null = null;
  /** Of statements in the middle of the open group. */
  #notices: SourceNotice[] = [];
  /** SQL of the rows events to come. */
  query: string | null = null;
  /** More events of one compressed transaction come: the position is behind them already, and must not be told. */
  sealed = false;
  /** The time of the event, seconds since 1970. */
  now = 0;

  constructor(parts: GroupsParts) {
    this.#parts = parts;
    this.#held = new HeldRows(parts.holding.memory / 2, new SpillFile(parts.holding.path));
    this.#prepared = new PreparedGroups(parts.open, { memory: parts.holding.memory / 2, reader: parts.prepared, untold: () => parts.observer.untold?.('xa_prepare_purged') });
    parts.progress.prepared = this.#prepared.places;
  }

  /** The open group; opened here when an event came without any beginning. */
  current(): Group {
    return (this.#group ??= this.#new(null, 0));
  }

  get open(): boolean {
    return this.#group !== null;
  }

  /** The file that the rows lie in. */
  get file(): string {
    return this.#transaction?.file ?? this.#parts.place.file;
  }

  /** A GTID event. @throws RowcastError EVENT_CORRUPT inside another transaction */
  start(gtid: GtidParts | null, committedMicros: number): Group {
    this.mustBeClosed();
    return (this.#group = this.#new(gtid, committedMicros));
  }

  /** A file begins, `started`: with a start of the server. @throws RowcastError as `mustBeClosed`, where `listed` will not decide */
  restarted(started: boolean): void {
    if (this.#group !== null && this.hasRows && started && mayBeRolledBack(this.#group)) this.#group.broken = true;
    else this.mustBeClosed();
  }

  /** GTIDs of all that counts before the file: a group without an end that is not among them was rolled back when the server started. */
  listed(gtids: string): void | Promise<void> {
    if (this.#group?.broken !== true) return undefined;
    if (countsAmong(gtids, this.#group)) this.mustBeClosed();
    this.#parts.observer.untold?.('crashed');
    this.#forget();
    return this.#held.clear();
  }

  /** @throws RowcastError EVENT_CORRUPT when rows were read and nothing ended them */
  mustBeClosed(): void {
    if (this.hasRows) throw new RowcastError('EVENT_CORRUPT', 'a transaction with rows has no end: the server or its disk stopped while it was written');
    this.#forget();
    this.#held.drop();
  }

  /** The transaction that rows belong to; told to the handler with its first ones. Rows that are only counted do not wait for the end of a group that is held. */
  transaction(serverId: number, timestamp: number, captured: boolean): BinlogTransaction {
    if (this.#transaction !== null) return this.#transaction;
    const group = this.#dated(timestamp);
    if (captured || !group.held) return this.#begin(group, this.#parts.place.file, serverId);
    group.serverId = serverId;
    return (this.#bystander ??= new BinlogTransaction(group, this.#parts.place.file, serverId));
  }

  /** Rows of a captured table are handed over as they come. @throws RowcastError XA_PREPARE_LOST where they are of another transaction than the one that is read again */
  told(table: TableVersion): void {
    const group = this.current();
    if (this.#parts.rereads !== null && !group.xa) throw lost(this.#parts.rereads.xid);
    group.told++;
    group.toldTable = table;
  }

  /** The open group where it is only a statement: as a transaction, without telling the handler of one. */
  silent(serverId: number, timestamp: number): BinlogTransaction {
    return this.#transaction ?? new BinlogTransaction(this.#dated(timestamp), this.#parts.place.file, serverId);
  }

  /** GTID of the open group, null without one. */
  gtid(): string | null {
    return this.#group === null ? null : gtidOf(this.#group);
  }

  /** Keeps a notice of a statement behind rows of its transaction until that has ended: notices come between transactions. */
  notice(notice: SourceNotice): void {
    this.#notices.push(notice);
  }

  /** Offset at which the open group begins, or the next one. */
  begin(): number {
    return this.#group?.start ?? this.#parts.place.position;
  }

  get hasRows(): boolean {
    return this.#transaction !== null || this.#bystander !== null || this.#held.rows > 0 || (this.#xaRows?.rows ?? 0) > 0;
  }

  /** Rows of captured tables wait for the end of the group. */
  get holds(): boolean {
    return this.current().held;
  }

  /** Keeps rows of a captured table until the end of the group. @throws RowcastError HELD_UNWRITABLE */
  hold(mapped: MappedTable, event: EventBytes, firstRow: number): void | Promise<void> {
    const group = this.#dated(event.bytes.readUInt32LE(event.start));
    group.serverId = event.bytes.readUInt32LE(event.start + 5);
    return this.#into(group).add(mapped, event, { position: this.#parts.place.start, firstRow });
  }

  /** Text of the rows events to come; empty: they have none. @throws RowcastError HELD_UNWRITABLE */
  takeQuery(text: string): void | Promise<void> {
    if (this.holds) return this.#into(this.current()).addQuery(text);
    this.query = text === '' ? null : text;
  }

  /** The end of the group is the position from now on, rows or none (Invariant 2). `xid`: the number in its XID event. */
  commit(xid: bigint | null = null): void | Promise<void> {
    this.#mustBeOpen();
    if ((this.#xaRows?.rows ?? 0) > 0) throw neverPrepared();
    if (this.#parts.rereads !== null && this.#group !== null) throw lost(this.#parts.rereads.xid);
    if (this.#group?.held !== true) return this.#after(undefined);
    this.#group.xid = xid;
    return this.#after(this.#tellHeld(this.#group));
  }

  /** SAVEPOINT, its name in lower case. */
  savepoint(name: string): void {
    setSavepoint(this.current(), name, this.#into(this.current()));
  }

  /** ROLLBACK TO SAVEPOINT. @throws RowcastError EVENT_UNSUPPORTED when it takes back rows that were handed over, or the savepoint is not known */
  rollbackTo(name: string): void {
    rollBackTo(this.current(), name, this.#into(this.current()));
  }

  /** ROLLBACK: ends the group, and nothing that was held is told. @throws RowcastError EVENT_UNSUPPORTED when it takes back rows that were handed over */
  rollback(): void | Promise<void> {
    if (this.#group !== null && this.#group.told > 0) throw takenBack(this.#group, 'ROLLBACK');
    return this.#after(this.#held.clear());
  }

  /** XA START, or MariaDB's GTID event of such a group. Rows wait for another group: the one that commits them. */
  startXa(group: Group, xid: string | null): void {
    const { rereads } = this.#parts;
    if (rereads !== null && xid !== null && xid !== rereads.xid) throw lost(rereads.xid);
    group.xa = group.begun = true;
    if (rereads === null) group.held = true;
    else group.commit = rereads.commit;
  }

  /** XA_PREPARE ends a group whose rows are told at its XA COMMIT, or at once with ONE PHASE. @throws RowcastError XA_PREPARE_LOST */
  prepare({ onePhase, xid }: XaPrepare): void | Promise<void> {
    this.#mustBeOpen();
    const { rereads, place, prepared } = this.#parts;
    const group = this.current();
    if (rereads !== null) return this.#reread(group, xid, rereads);
    const kept: KeptGroup = { group, file: place.file, rows: this.#xaRows ?? new HeldRows(0, null) };
    this.#xaRows = null;
    const at = preparedPlace(kept, xid, this.#parts.progress);
    if (!onePhase) return this.#after(undefined, () => { this.#prepared.add(at, kept); });
    if (kept.rows.rows === 0) return this.#after(undefined);
    return this.#after(kept.rows.overflowed ? prepared.reread(at, commitOf(group, place.file)) : this.#tell(kept));
  }

  /** XA COMMIT of a prepared transaction. @throws RowcastError XA_PREPARE_LOST, SOURCE_* */
  commitPrepared(xid: string): void | Promise<void> {
    const { place } = this.#parts;
    if ((this.#xaRows?.rows ?? 0) > 0) throw neverPrepared();
    const commit = commitOf(this.#dated(this.now), place.file);
    const told = this.#prepared.commit(xid, commit, (kept) => {
      kept.group.commit = commit;
      return this.#tell(kept);
    });
    return this.#after(told, () => { this.#prepared.forget(xid); });
  }

  /** XA ROLLBACK: its rows are never told. */
  rollbackPrepared(xid: string): void | Promise<void> {
    return this.#after(undefined, () => { this.#prepared.forget(xid); });
  }

  /** Drops what is held, and lets nothing of it through any more. */
  async close(): Promise<void> {
    this.valve.close();
    this.#prepared.clear();
    await this.#held.close();
  }

  /** The open group, with a time. @param seconds since 1970 */
  #dated(seconds: number): Group {
    const group = this.current();
    group.committedMicros ||= seconds * 1e6;
    return group;
  }

  #new(gtid: GtidParts | null, committedMicros: number): Group {
    return newGroup(gtid, this.#parts.place.start, { committedMicros, held: this.#parts.holding.all });
  }

  #begin(group: Group, file: string, serverId: number): BinlogTransaction {
    this.#transaction = new BinlogTransaction(group, file, serverId);
    this.#parts.rest.broken();
    this.#parts.handler.begin(this.#transaction);
    return this.#transaction;
  }

  /** Where rows of the group are held. */
  #into(group: Group): HeldRows {
    return group.xa && this.#parts.rereads === null ? (this.#xaRows ??= new HeldRows(this.#parts.holding.memory / 2, null)) : this.#held;
  }

  #reread(group: Group, xid: string, { xid: wanted, done }: Reread): void | Promise<void> {
    if (xid !== wanted || !group.xa) throw lost(wanted);
    const told = this.#held.rows > 0 ? this.#tellHeld(group) : undefined;
    if (told !== undefined) return told.then(done);
    done();
  }

  /** Hands over what was held. */
  #tellHeld(group: Group): void | Promise<void> {
    if (this.#held.rows > 0 || this.#bystander !== null) this.#begin(group, this.#parts.place.file, group.serverId);
    // What is left then is the SQL text of rows that nobody takes.
    if (this.teller === null || this.#held.rows === 0) return this.#held.empty ? undefined : this.#held.clear();
    const told = this.#held.replay(this.teller, this.valve);
    return told === undefined ? this.#held.clear() : told.then(() => this.#held.clear());
  }

  #tell({ group, file, rows }: KeptGroup): void | Promise<void> {
    this.#begin(group, file, group.serverId);
    return this.teller === null ? undefined : rows.replay(this.teller, this.valve);
  }

  #mustBeOpen(): void {
    if (this.valve.closed) throw closedStream();
    if (this.sealed) throw new RowcastError('EVENT_CORRUPT', 'a compressed transaction goes on after its end');
  }

  #after(told: void | Promise<void>, change?: () => void): void | Promise<void> {
    if (told instanceof Promise || this.#notices.length > 0) this.#parts.rest.broken();
    if (told !== undefined) return told.then(() => this.#after(undefined, change));
    if (this.#notices.length > 0) return this.#tellNotices(this.#notices.splice(0)).then(() => { this.#end(change); });
    this.#end(change);
  }

  /** For the handler the transaction is over; the position stays before it until the notices are told (Invariant 1). */
  async #tellNotices(notices: readonly SourceNotice[]): Promise<void> {
    this.#mustBeOpen();
    if (this.#transaction !== null) this.#parts.handler.commit();
    this.#transaction = null;
    for (const notice of notices) await this.#parts.handler.notice(notice);
  }

  /** `change`: of what is prepared; it counts from the new position on. */
  #end(change?: () => void): void {
    const { progress, place, handler, rest } = this.#parts;
    this.#mustBeOpen();
    handler.commit();
    change?.();
    if (this.#group === null) progress.move(place);
    else progress.commit(this.#group.gtid, place);
    this.#forget();
    rest.come();
  }

  #forget(): void {
    this.#group = this.#transaction = this.#bystander = this.#xaRows = this.query = null;
    if (this.#notices.length > 0) this.#notices = [];
  }
}
