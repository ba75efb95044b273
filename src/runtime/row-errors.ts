import { RowcastError } from '../core/errors.ts';
import type { TableVersion } from '../core/table.ts';
import { tableLabel } from '../core/table.ts';

/** Where a message has its rows from. */
export interface RowPlace {
  readonly table: TableVersion;
  readonly file: string;
  /** Offset of the rows event in its file. */
  readonly position: number;
  /** Number of its first row in the event. */
  readonly row: number;
  /** How many rows it has. @default 1 */
  readonly rows?: number;
}

/** The error, saying which rows it is about; one that says so already stays as it is. `more`: further facts. */
export function aboutRows(error: unknown, { table, file, position, row, rows = 1 }: RowPlace, more: Readonly<Record<string, string>> = {}): unknown {
  if (!(error instanceof RowcastError) || 'position' in error.facts) return error;
  const facts = { ...error.facts, table: tableLabel(table), row, file, position, ...more };
  const which = rows === 1 ? `row ${row}` : `rows ${row} to ${row + rows - 1}`;
  return new RowcastError(error.code, `${facts.table} at ${file}:${position}, ${which}: ${error.message}`, { cause: error, hint: error.hint, facts });
}
