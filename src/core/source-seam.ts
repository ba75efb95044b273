import type { Position } from './position.ts';

/** Told where transactions of the source begin and end, by whoever hands them over. */
export interface TransactionMarks {
  /** What comes next belongs together, up to `end`. */
  begin(): void;
  /** All of it was handed over; the position moves right after this call. */
  end(): void;
}

/** Where the source is, for a sink that has transactions of its own. */
export interface SourceSeam {
  /** False while a transaction is being handed over. */
  readonly whole: boolean;
  /** The end of the last transaction, where that is all that was handed over; null otherwise. */
  at(): Position | null;
}
