import type { TableCounts, Difference } from '../../verify/report.ts';

export type { Difference, TableCounts };

/** What was found about one table. */
export interface VerifiedTableReport {
  /** `database.table`. */
  readonly table: string;
  /** Null where it is not known. */
  readonly topic: string | null;
  /** Why it was not compared; null where it was. */
  readonly refused: string | null;
  /** Null where it was not compared, or not to the end. */
  readonly counts: TableCounts | null;
  /** Columns that were compared, by their names in messages. */
  readonly columns: readonly string[];
  /** Columns of the table that messages do not show. */
  readonly hidden: readonly string[];
  /** Columns of which only a mask that may be the same for different values was compared. */
  readonly masked: readonly string[];
  /** Columns that messages have and the table does not. */
  readonly strange: readonly string[];
  /** Messages of the topic that are none of its format: how many, and the first. */
  readonly unreadable: { readonly count: number; readonly first: string | null };
}

/** What a comparison has found. */
export interface Verification {
  readonly tables: readonly VerifiedTableReport[];
  /** `stopped`: as many differences as were asked for; `interrupted`: by a signal. */
  readonly end: 'complete' | 'stopped' | 'interrupted';
}

/** `equal`: no difference, all compared; `unsure`: no difference, but not everything could be compared. */
export function outcomeOf({ tables, end }: Verification): 'equal' | 'different' | 'unsure' {
  if (tables.some(({ counts }) => counts !== null && counts.missing + counts.extra + counts.different > 0)) return 'different';
  const whole = tables.every(({ refused, counts, unreadable }) => refused === null && counts !== null && counts.unknown === 0 && unreadable.count === 0);
  return whole && end === 'complete' ? 'equal' : 'unsure';
}
