import type { ChangeHandler } from '../../core/ports.ts';
import { RowcastError } from '../../core/errors.ts';
import { tableLabel } from '../../core/table.ts';
import type { Place } from './place.ts';
import type { Progress } from './progress.ts';
import { BinlogTransaction, newGroup, type GtidText, type Group } from './transaction.ts';

/** Opens and ends transactions; tells the handler of one only when it has rows, and of every end. */
export class Groups {
  readonly #handler: ChangeHandler;
  readonly #place: Place;
  readonly #progress: Progress;
  #group: Group | null = null;
  #transaction: BinlogTransaction | null = null;
  /** SQL of the rows events to come. */
  query: string | null = null;
  /** More events of one compressed transaction come: the position is behind them already, and must not be told. */
  sealed = false;

  constructor(handler: ChangeHandler, place: Place, progress: Progress) {
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

  get hasRows(): boolean {
    return this.#transaction !== null;
  }

  /** The end of the group is the position from now on, rows or none (Invariant 2). */
  commit(): void {
    if (this.sealed) throw new RowcastError('EVENT_CORRUPT', 'a compressed transaction goes on after its end');
    this.#handler.commit();
    if (this.#group === null) this.#progress.move(this.#place);
    else this.#progress.commit(this.#group.gtid, this.#place);
    this.#group = null;
    this.#transaction = null;
    this.query = null;
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
  rollback(): void {
    if (this.#group !== null && this.#group.told > 0) throw takenBack(this.#group, 'ROLLBACK');
    this.commit();
  }
}

/** MariaDB logs the rows of a rolled-back transaction when it made a temporary table or wrote to a table without transactions. */
function takenBack(group: Group, statement: string): RowcastError {
  const table = group.toldTable === null ? 'a captured table' : tableLabel(group.toldTable);
  return new RowcastError('EVENT_UNSUPPORTED', `a ${statement} takes back rows of ${table} that were handed over already`, { hint: TAKEN_BACK_HINT, facts: { table } });
}

const TAKEN_BACK_HINT =
  'The server logs rows of a rolled-back transaction only where it used temporary tables or tables without transactions (MyISAM, Aria): keep those out of transactions that write captured tables. Repair the downstream data for this transaction, remove the checkpoint and start after it.';
