import { ABSENT_DIGEST, CUT_DIGEST, differing, markAt } from './digest.ts';
import type { VerifiedTable } from './verified-table.ts';

/** A row in which topic and table differ. `unknown`: it is not in the topic, whose beginning is deleted, so nobody can tell. */
export interface Difference {
  readonly kind: 'missing' | 'extra' | 'different' | 'unknown';
  /** `database.table`. */
  readonly table: string;
  /** The key as messages have it. */
  readonly key: string;
  /** Columns that differ, by their names in messages; empty unless `different`. */
  readonly columns: readonly string[];
  /** Where the last message about the row is; null where there is none. */
  readonly message: { readonly partition: number; readonly offset: string } | null;
}

/** What was found about a table. */
export interface TableCounts {
  /** Rows of the table that belong to the topic. */
  rows: number;
  missing: number;
  extra: number;
  different: number;
  unknown: number;
  /** Rows that changed whenever they were looked at, each time as the topic had them just then. */
  moving: number;
  /** Rows that the route's condition could not be asked of. */
  unanswered: number;
  /** By column: rows whose message does not tell it. */
  absent: Record<string, number>;
  /** By column: rows whose message has it cut. */
  cut: Record<string, number>;
}

/** Nothing found yet. */
export function noCounts(): TableCounts {
  return { rows: 0, missing: 0, extra: 0, different: 0, unknown: 0, moving: 0, unanswered: 0, absent: {}, cut: {} };
}

/** The names of columns in which two rows differ. */
export function differentColumns(table: VerifiedTable, seen: Buffer, told: Buffer): string[] {
  return differing(seen, told).map((column) => table.columns[column]?.name ?? '');
}

/** Counts the columns of a message that could not be compared. */
export function countUncompared(table: VerifiedTable, told: Buffer, counts: TableCounts): void {
  table.columns.forEach(({ name }, column) => {
    const mark = markAt(told, column);
    if (mark === ABSENT_DIGEST) counts.absent[name] = (counts.absent[name] ?? 0) + 1;
    else if (mark === CUT_DIGEST) counts.cut[name] = (counts.cut[name] ?? 0) + 1;
  });
}
