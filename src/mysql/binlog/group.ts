import type { SourceNotice } from '../../core/notice.ts';
import type { SourceHandler } from '../../core/ports.ts';
import { RowcastError } from '../../core/errors.ts';
import { tableLabel } from '../../core/table.ts';
import type { Place } from './place.ts';
import type { Progress } from './progress.ts';
import { BinlogTransaction, gtidOf, newGroup, type GtidText, type Group } from './transaction.ts';

/** Opens and ends transactions; tells the handler of one only when it has rows, and of every end. */
export class Groups {
  readonly #handler: SourceHandler;
  readonly #place: Place;
  readonly #progress: Progress;
  #group: Group | null = null;
  #transaction: BinlogTransaction | null = null;
  #held: SourceNotice[] = [];
  /** SQL of the rows events to come. */
  query: string | null = null;
  /** More events of one compressed transaction come: the position is behind them already, and must not be told. */
  sealed = false;

  constructor(handler: SourceHandler, place: Place, progress: Progress) {
    this.#handler = handler;
    this.#place = place;
    this.#progress = progress;
  }

  /** The open group; opened here when an event came without any beginning. */
  current(): Group {
    return (this.#group ??= newGroup(null, this.#place.start, 0));
  }

  get open(): boolean {
    return this.#group !== null;
  }

  /** A GTID event. @throws RowcastError EVENT_CORRUPT inside another transaction */
  start(gtid: GtidText | null, committedMicros: number): Group {
    this.mustBeClosed();
    this.#group = newGroup(gtid, this.#place.start, committedMicros);
    return this.#group;
  }

  /** @throws RowcastError EVENT_CORRUPT when rows were handed over and nothing ended them */
  mustBeClosed(): void {
    if (this.#transaction !== null) throw new RowcastError('EVENT_CORRUPT', 'a transaction with rows has no end: the server or its disk stopped while it was written');
    this.#group = null;
    this.#held = [];
    this.query = null;
  }

  /** The transaction that rows belong to; told to the handler with its first ones. */
  transaction(serverId: number, timestamp: number): BinlogTransaction {
    if (this.#transaction !== null) return this.#transaction;
    const group = this.current();
    if (group.committedMicros === 0) group.committedMicros = timestamp * 1e6;
    this.#transaction = new BinlogTransaction(group, this.#place.file, serverId);
    this.#handler.begin(this.#transaction);
    return this.#transaction;
  }

  /** The open group where it is only a statement: as a transaction, without telling the handler of one. */
  silent(serverId: number, timestamp: number): BinlogTransaction {
    if (this.#transaction !== null) return this.#transaction;
    const group = this.current();
    if (group.committedMicros === 0) group.committedMicros = timestamp * 1e6;
    return new BinlogTransaction(group, this.#place.file, serverId);
  }

  /** GTID of the open group, null without one. */
  gtid(): string | null {
    return this.#group === null ? null : gtidOf(this.#group);
  }

  /** Keeps a notice of a statement in the middle of a transaction until that has ended: notices come between transactions. */
  hold(notice: SourceNotice): void {
    this.#held.push(notice);
  }

  /** Offset at which the open group begins, or the next one. */
  begin(): number {
    return this.#group?.start ?? this.#place.position;
  }

  get hasRows(): boolean {
    return this.#transaction !== null;
  }

  /** The end of the group is the position from now on, rows or none (Invariant 2). */
  commit(): void | Promise<void> {
    if (this.sealed) throw new RowcastError('EVENT_CORRUPT', 'a compressed transaction goes on after its end');
    if (this.#held.length === 0) { this.#end(); return; }
    return this.#tell(this.#held.splice(0)).then(() => { this.#end(); });
  }

  #end(): void {
    this.#handler.commit();
    if (this.#group === null) this.#progress.move(this.#place);
    else this.#progress.commit(this.#group.gtid, this.#place);
    this.#group = null;
    this.#transaction = null;
    this.query = null;
  }

  /** For the handler the transaction is over; the position stays before it until the notices are told (Invariant 1). */
  async #tell(notices: readonly SourceNotice[]): Promise<void> {
    if (this.#transaction !== null) this.#handler.commit();
    this.#transaction = null;
    for (const notice of notices) await this.#handler.notice(notice);
  }

  /** SAVEPOINT, its name in lower case. */
  savepoint(name: string): void {
    const group = this.current();
    (group.savepoints ??= new Map()).set(name, group.told);
  }

  /** ROLLBACK TO SAVEPOINT. @throws RowcastError EVENT_UNSUPPORTED when it takes back rows that were handed over */
  rollbackTo(name: string): void {
    const group = this.current();
    if (group.told > (group.savepoints?.get(name) ?? 0)) throw takenBack(group, 'ROLLBACK TO SAVEPOINT');
  }

  /** ROLLBACK: ends the group. @throws RowcastError EVENT_UNSUPPORTED when it takes back rows that were handed over */
  rollback(): void | Promise<void> {
    if (this.#group !== null && this.#group.told > 0) throw takenBack(this.#group, 'ROLLBACK');
    return this.commit();
  }
}

/** MariaDB logs the rows of a rolled-back transaction when it made a temporary table or wrote to a table without transactions. */
function takenBack(group: Group, statement: string): RowcastError {
  const table = group.toldTable === null ? 'a captured table' : tableLabel(group.toldTable);
  return new RowcastError('EVENT_UNSUPPORTED', `a ${statement} takes back rows of ${table} that were handed over already`, { hint: TAKEN_BACK_HINT, facts: { table } });
}

const TAKEN_BACK_HINT =
  'The server logs rows of a rolled-back transaction only where it used temporary tables or tables without transactions (MyISAM, Aria): keep those out of transactions that write captured tables. Repair the downstream data for this transaction, remove the checkpoint and start after it.';
