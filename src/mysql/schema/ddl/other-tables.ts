import type { TableName } from '../../../core/notice.ts';
import type { Draft } from './draft.ts';
import { buildKeys, readParts } from './keys.ts';
import type { KeySpec } from './keys.ts';
import type { TrackedKey, TrackedTable } from './model.ts';
import type { Reading } from './reading.ts';
import { nameOf, need, sameName, tableOf, undecided } from './reading.ts';
import { compareKeys, trackedTable } from './table.ts';
import type { Node } from './tree.ts';
import { child, find, leaves, nodes } from './tree.ts';

/** DROP TABLE of one or many, whether they are known or not. */
export function dropTables(reading: Reading, node: Node, draft: Draft): void {
  const list = child(node, 'tables') ?? node;
  for (const each of [...nodes(list, 'tableName'), ...nodes(list, 'fullId')]) {
    const table = draft.table(tableOf(reading, each));
    if (table !== undefined) draft.drop(table);
  }
}

/** RENAME TABLE, one clause after the other, so that swaps come right. @throws Undecided */
export function renameTables(reading: Reading, node: Node, draft: Draft): void {
  for (const clause of nodes(node, 'renameTableClause')) {
    const [from, to] = nodes(clause, 'tableName').map((name) => tableOf(reading, name));
    rename(draft, need(from, 'table'), need(to, 'new name'));
  }
}

function rename(draft: Draft, from: TableName, to: TableName): void {
  const table = draft.table(from);
  if (table !== undefined) draft.change(table, { ...table, ...to }, true);
  else if (draft.captures(from) || draft.captures(to)) undecided(`${from.database}.${from.name} is not known`);
}

/** CREATE INDEX. @throws Undecided */
export function createIndex(reading: Reading, node: Node, draft: Draft): void {
  changeKeys(reading, node, draft, (table) => {
    const words = leaves(node).map(({ word }) => word);
    const kind: KeySpec['kind'] = words.includes('UNIQUE') ? 'unique' : words.includes('SPATIAL') ? 'spatial' : words.includes('FULLTEXT') ? 'fulltext' : 'plain';
    const name = nameOf(reading, need(child(node, 'uid'), 'name of the key'));
    const exists = table.keys.some((key) => sameName(key.name, name));
    if (exists && find(node, 'ifNotExists') !== undefined) return table.keys;
    const kept = exists ? table.keys.filter((key) => !sameName(key.name, name)) : table.keys;
    return buildKeys(kept, [{ name, kind, parts: readParts(reading, node), generated: false }], table.columns);
  });
}

/** DROP INDEX. */
export function dropIndex(reading: Reading, node: Node, draft: Draft): void {
  const name = nameOf(reading, need(child(node, 'uid'), 'name of the key'));
  changeKeys(reading, node, draft, (table) => table.keys.filter((key) => !sameName(key.name, name)));
}

function changeKeys(reading: Reading, node: Node, draft: Draft, change: (table: TrackedTable) => readonly TrackedKey[]): void {
  const name = tableOf(reading, need(child(node, 'tableName'), 'table'));
  const before = draft.table(name) ?? undecided(`${name.database}.${name.name} is not known`);
  draft.change(before, trackedTable({ ...before, keys: [...change(before)].sort(compareKeys) }));
}
