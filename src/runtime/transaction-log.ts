import type { Transaction } from '../core/change.ts';
import type { TableName } from '../core/notice.ts';
import type { TopicWriter, TransactionTeller } from '../core/ports.ts';
import { tableLabel } from '../core/table.ts';
import type { MessageSlot } from './row-messages.ts';
import { writeSideMessage } from './side-messages.ts';

/**
 * Numbers the messages of each transaction and tells where it begins and ends, to one topic. It holds a count for each
 * table, however many rows there are (Invariant 6); a transaction of which nothing is told leaves no trace.
 */
export class TransactionLog {
  readonly #teller: TransactionTeller;
  readonly #topic: TopicWriter;
  readonly #tables = new Map<string, TableLog>();
  #transaction: Transaction | null = null;
  /** Tables with messages in this transaction, in the order of their first. */
  #told: TableLog[] = [];
  #count = 0;
  /** Its begin was told, so that its end must be. */
  #begun = false;

  constructor(teller: TransactionTeller, topic: TopicWriter) {
    this.#teller = teller;
    this.#topic = topic;
  }

  /** The counter of a table, the same for all its versions. */
  table(table: TableName): TableLog {
    const label = tableLabel(table);
    const known = this.#tables.get(label);
    if (known !== undefined) return known;
    const made = new TableLog({ database: table.database, name: table.name }, { next: (log) => this.#next(log), back: () => { this.#count--; } });
    this.#tables.set(label, made);
    return made;
  }

  /** A transaction that was begun and never ended, as after a lost connection, comes again from its beginning. */
  begin(transaction: Transaction): void {
    this.#reset();
    this.#transaction = transaction;
  }

  /** Comes before the position moves, so that the end is sent again with the rows where it was not durable (Invariant 1). */
  commit(): void {
    if (this.#transaction !== null && this.#begun) writeSideMessage(this.#topic, this.#teller.end(this.#transaction, this.#told.filter((log) => log.messages > 0)));
    this.#reset();
  }

  #next(log: TableLog): number {
    if (!this.#begun && this.#transaction !== null) writeSideMessage(this.#topic, this.#teller.begin(this.#transaction));
    this.#begun = true;
    if (log.messages === 0 && !this.#told.includes(log)) this.#told.push(log);
    return ++this.#count;
  }

  #reset(): void {
    for (const log of this.#told) log.messages = 0;
    this.#told = [];
    this.#count = 0;
    this.#begun = false;
    this.#transaction = null;
  }
}

/** Counts the messages of one table in the transaction. */
export class TableLog {
  readonly table: TableName;
  messages = 0;
  readonly #transaction: { readonly next: (log: TableLog) => number; readonly back: () => void };

  constructor(table: TableName, transaction: { readonly next: (log: TableLog) => number; readonly back: () => void }) {
    this.table = table;
    this.#transaction = transaction;
  }

  /** Numbers a message that is about to be told; once for each, however often it is written. */
  number(message: MessageSlot): void {
    message.order = this.#transaction.next(this);
    message.tableOrder = ++this.messages;
  }

  /** The message that was numbered last is not told: its number is that of the next. */
  takeBack(): void {
    this.#transaction.back();
    this.messages--;
  }
}
