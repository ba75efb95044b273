import type { Ledger, Ticket } from '../core/ports.ts';
import type { Position } from '../core/position.ts';

/**
 * Tells which position may be saved without counting rows.
 *
 * A ticket is opened with the first row of a batch and keeps the position of the last transaction that had ended by then.
 * Tickets open in binlog order, so everything up to the position kept by the oldest unsettled one is durable: its rows
 * lie in batches that were opened earlier, and those have settled. With no ticket open, the last transaction end itself
 * is safe. (Invariant 1: a saved position never passes a row that is not durable. Invariant 2: it is a transaction end.)
 */
export class PositionLedger implements Ledger {
  /** In the order in which they were opened. */
  readonly #open = new Set<Ticket>();
  #current: () => Position | null;

  constructor(start: Position | null) {
    this.#current = () => start;
  }

  /** From now on `current` tells the end of the last whole transaction, which must not be behind what the earlier one told. */
  follow(current: () => Position | null): void {
    this.#current = current;
  }

  open(): Ticket {
    const ticket: Ticket = { before: this.#current() };
    this.#open.add(ticket);
    return ticket;
  }

  settle(ticket: Ticket): void {
    if (!this.#open.delete(ticket)) throw new Error('a ticket settles once');
  }

  safe(): Position | null {
    for (const oldest of this.#open) return oldest.before;
    return this.#current();
  }

  /** Reading begins again at the safe position: what the sink gave up after it is told again, and has other tickets then. */
  forget(): void {
    const safe = this.safe();
    this.#open.clear();
    this.#current = () => safe;
  }

  /** How many tickets have not settled. */
  get unsettled(): number {
    return this.#open.size;
  }
}
