import { RowcastError } from '../../core/errors.ts';
import { tableLabel } from '../../core/table.ts';
import type { Group } from './transaction.ts';

/** Servers from MySQL 8 on never log the rows of a rolled-back transaction, so theirs are told as they come. */
export function takenBack(group: Group, statement: string): RowcastError {
  const table = group.toldTable === null ? 'a captured table' : tableLabel(group.toldTable);
  return new RowcastError('EVENT_UNSUPPORTED', `a ${statement} takes back rows of ${table} that were handed over already`, { hint: TAKEN_BACK_HINT, facts: { table } });
}

/** How much is to be taken back is not known. */
export function unknownSavepoint(name: string): RowcastError {
  return new RowcastError('EVENT_UNSUPPORTED', `a ROLLBACK TO SAVEPOINT names ${name}, which no SAVEPOINT of its transaction did: how much it takes back cannot be told`);
}

const TAKEN_BACK_HINT = 'A server of this version is not known to log rows of a rolled-back transaction. Repair the downstream data for this transaction, remove the checkpoint and start after it; report the version of the server.';
