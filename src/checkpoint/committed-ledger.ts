import type { SourceSeam, TransactionMarks } from '../core/source-seam.ts';
import type { Position } from '../core/position.ts';

/** Told where the source is, as it goes. */
export interface SeamListener {
  /** It is between two transactions, and the next one begins right after this call. */
  between(): void;
  /** One has ended; the position moves right after this call. */
  ended(): void;
}

/**
 * The ledger of a sink that commits positions together with messages: what may be read from again is what was committed
 * last (Invariant 1), and a position is only told to it between two transactions of the source (Invariant 2).
 */
export class CommittedLedger implements SourceSeam, TransactionMarks {
  #current: () => Position | null = () => null;
  #committed: Position | null;
  #inside = false;
  #listener: SeamListener | null = null;

  constructor(start: Position | null) {
    this.#committed = start;
  }

  listen(listener: SeamListener): void {
    this.#listener = listener;
  }

  follow(current: () => Position | null): void {
    this.#current = current;
  }

  safe(): Position | null {
    return this.#committed;
  }

  get whole(): boolean {
    return !this.#inside;
  }

  /** The end of the last transaction, whatever came after it. */
  last(): Position | null {
    return this.#current();
  }

  at(): Position | null {
    return this.#inside ? null : this.#current();
  }

  begin(): void {
    if (!this.#inside) this.#listener?.between();
    this.#inside = true;
  }

  end(): void {
    this.#inside = false;
    this.#listener?.ended();
  }

  committed(position: Position): void {
    this.#committed = position;
  }

  /** What was handed over since `position` was taken back, and nobody hands anything over now; null: nothing was ever committed. */
  reset(position: Position | null): void {
    this.#committed = position ?? this.#committed;
    this.#inside = false;
    this.#current = () => null;
  }
}
