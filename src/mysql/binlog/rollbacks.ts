import { RowcastError } from '../../core/errors.ts';
import { tableLabel } from '../../core/table.ts';
import { MariadbGtidSet } from './gtid-set.ts';
import type { HeldRows } from './held-rows.ts';
import type { Group } from './transaction.ts';

/** Servers from MySQL 8 on never log the rows of a rolled-back transaction, so theirs are told as they come. */
export function takenBack(group: Group, statement: string): RowcastError {
  const table = group.toldTable === null ? 'a captured table' : tableLabel(group.toldTable);
  return new RowcastError('EVENT_UNSUPPORTED', `a ${statement} takes back rows of ${table} that were handed over already`, { hint: TAKEN_BACK_HINT, facts: { table } });
}

/** A server that is started anew rolls such a group back where it has no end: all of its rows are of tables with transactions, and it was not being prepared. */
export function mayBeRolledBack({ transactional, told, xa }: Group): boolean {
  return transactional && told === 0 && !xa;
}

/** Among the GTIDs of MariaDB that count. */
export function countsAmong(gtids: string, { gtid }: Group): boolean {
  return gtid === null || MariadbGtidSet.parse(gtids).contains(gtid);
}

/** SAVEPOINT, its name in lower case. `rows`: those of the group that are held. */
export function setSavepoint(group: Group, name: string, rows: HeldRows): void {
  (group.savepoints ??= new Map()).set(name, { told: group.told, held: rows.mark() });
}

/**
 * ROLLBACK TO SAVEPOINT: held rows from after it are dropped.
 * @throws RowcastError EVENT_UNSUPPORTED when it takes back rows that were handed over, or the savepoint is not known
 */
export function rollBackTo(group: Group, name: string, rows: HeldRows): void {
  const savepoint = group.savepoints?.get(name);
  if (group.told > (savepoint?.told ?? 0)) throw takenBack(group, 'ROLLBACK TO SAVEPOINT');
  if (savepoint !== undefined) rows.cut(savepoint.held);
  else if (rows.rows > 0) throw unknownSavepoint(name);
}

/** How much is to be taken back is not known. */
function unknownSavepoint(name: string): RowcastError {
  return new RowcastError('EVENT_UNSUPPORTED', `a ROLLBACK TO SAVEPOINT names ${name}, which no SAVEPOINT of its transaction did: how much it takes back cannot be told`);
}

const TAKEN_BACK_HINT = 'A server of this version is not known to log rows of a rolled-back transaction. Repair the downstream data for this transaction, remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) and start after it; report the version of the server.';
