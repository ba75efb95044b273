import { databaseDefaults } from './charset.ts';
import type { Draft } from './draft.ts';
import type { TrackedColumn } from './model.ts';
import type { Reading } from './reading.ts';
import { need, since, tableOf, undecided } from './reading.ts';
import { trackedTable } from './table.ts';
import type { Node } from './tree.ts';
import { child, leaves } from './tree.ts';

/** Columns of the table that a sequence of MariaDB is: name, type, comment. */
const COLUMNS: readonly (readonly [string, string, string])[] = [
  ['next_not_cached_value', 'bigint(21)', ''],
  ['minimum_value', 'bigint(21)', ''],
  ['maximum_value', 'bigint(21)', ''],
  ['start_value', 'bigint(21)', 'start value when sequences is created or value if RESTART is used'],
  ['increment', 'bigint(21)', 'increment value'],
  ['cache_size', 'bigint(21) unsigned', ''],
  ['cycle_option', 'tinyint(1) unsigned', '0 if no cycles are allowed, 1 if the sequence should begin a new cycle when maximum_value is passed'],
  ['cycle_count', 'bigint(21)', 'How many cycles have been done'],
];

/** CREATE SEQUENCE (MariaDB): a table whose rows are in the binlog as others are. @throws Undecided */
export function createSequence(reading: Reading, node: Node, draft: Draft): void {
  const name = tableOf(reading, need(child(node, 'fullId') ?? child(node, 'tableName'), 'sequence'));
  const existing = draft.table(name);
  if (existing !== undefined && child(node, 'ifNotExists') !== undefined) return;
  // From 11.5 on a sequence has a type.
  if (since(reading, 'mariadb', [11, 5, 0]) && leaves(node).some(({ word }) => word === 'AS')) undecided('a sequence with a type');
  if (existing !== undefined) draft.drop(existing);
  draft.create(trackedTable({ ...name, columns: COLUMNS.map(toColumn), keys: [], ...databaseDefaults(reading, name.database), comment: '', versioned: false }));
}

function toColumn([name, columnType, comment]: (typeof COLUMNS)[number]): TrackedColumn {
  const dataType = columnType.replace(/\W.*/u, '');
  return { name, columnType, dataType, nullable: false, unsigned: columnType.endsWith('unsigned'), charset: null, collation: null, labels: null, default: null, comment, autoIncrement: false, generated: false, invisible: false, json: false };
}
