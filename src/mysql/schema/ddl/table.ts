import type { TrackedKey, TrackedTable } from './model.ts';

/** The table with what follows from its keys. */
export function trackedTable(table: Omit<TrackedTable, 'primaryKey' | 'uniqueKeys'>): TrackedTable {
  const { database, name, columns, keys, charset, collation, comment, versioned } = table;
  const plain = keys.flatMap((key) => (key.unique && key.parts.every(({ column, prefix }) => column !== null && prefix === null) ? [key] : []));
  return {
    database,
    name,
    columns,
    primaryKey: columnsOf(keys.find((key) => key.name === PRIMARY)),
    uniqueKeys: plain.filter((key) => key.name !== PRIMARY).map(columnsOf),
    charset,
    comment,
    collation,
    keys,
    versioned,
  };
}

/** Name of the primary key. */
export const PRIMARY = 'PRIMARY';

function columnsOf(key: TrackedKey | undefined): string[] {
  return key?.parts.flatMap(({ column }) => (column === null ? [] : [column])) ?? [];
}

/** The order of a table's keys: the primary key first, then by name. */
export function compareKeys(one: TrackedKey, other: TrackedKey): number {
  if (one.name === PRIMARY || other.name === PRIMARY) return one.name === other.name ? 0 : one.name === PRIMARY ? -1 : 1;
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
