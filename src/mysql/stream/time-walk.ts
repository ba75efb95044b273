import type { ScannedEvent } from './binlog-scan.ts';
import type { WalkedTransaction } from './transaction-walk.ts';
import { TransactionWalk } from './transaction-walk.ts';

/** Where a transaction begins, and what is before it. */
export interface FoundTransaction {
  readonly file: string;
  readonly position: number;
  /** Microseconds since 1970. */
  readonly time: number;
  /** MySQL's GTID set before it; '' without GTIDs. */
  readonly gtids: string;
}

/**
 * Finds the first transaction, in the order of the binlog, whose time is `from` or later. Its time is when it was committed,
 * where the binlog says so (MySQL 8.0 and newer: on this server or at its origin, whichever is later). Else it is that of its
 * newest event, whose second counts as a whole, so that nothing is skipped by rounding.
 */
export class TimeWalk {
  readonly #from: number;
  readonly #walk = new TransactionWalk();
  #last: WalkedTransaction | null = null;
  /** Microseconds since 1970: when it was committed, or else the end of the newest second in its events so far. */
  #time = 0;
  found: FoundTransaction | null = null;

  /** `from`: microseconds since 1970; −Infinity finds the first transaction there is. */
  constructor(from: number) {
    this.#from = from;
  }

  /** True once it is found. */
  see(event: ScannedEvent): boolean {
    const transaction = this.#walk.see(event);
    if (transaction === null) return false;
    const exact = transaction.committedMicros > 0;
    if (transaction !== this.#last) {
      this.#last = transaction;
      this.#time = transaction.committedMicros;
    }
    if (!exact) this.#time = Math.max(this.#time, (event.timestamp + 1) * SECOND - 1);
    return (exact || transaction.ended) && this.#late(transaction);
  }

  #late({ file, start }: WalkedTransaction): boolean {
    if (this.#time < this.#from) return false;
    this.found = { file, position: start, time: this.#time, gtids: this.#walk.gtids({ ended: false }) };
    return true;
  }
}

const SECOND = 1_000_000;
