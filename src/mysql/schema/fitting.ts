import { RowcastError } from '../../core/errors.ts';
import type { CatalogueColumn, CatalogueTable, MappedColumn } from '../binlog/catalogue.ts';
import type { TrackedColumn, TrackedTable } from './ddl/index.ts';
import { misfit } from './fits.ts';

/**
 * The columns of a tracked table as its row images have them. MariaDB's WITH SYSTEM VERSIONING adds two at the end that
 * nobody declares and information_schema does not show, and the second of them to the primary key; they are told where
 * `count`, the columns of the event, has room for them.
 */
export function catalogueColumns(table: TrackedTable, count: number): readonly CatalogueColumn[] {
  const key = rowKey(table);
  const columns = table.columns.map((column) => toColumn(column, key.indexOf(column.name)));
  if (!table.versioned || count !== columns.length + 2) return columns;
  const keyed = key.length;
  return [...columns, period('row_start', null), period('row_end', keyed === 0 ? null : keyed)];
}

/**
 * The primary key. Without one, servers take a unique key of whole columns that are all NOT NULL for it, also in the metadata of
 * their binlog: so does this where there is one such key. Of several they take the first in an order that nothing else tells: none.
 */
function rowKey({ primaryKey, uniqueKeys, columns }: TrackedTable): readonly string[] {
  if (primaryKey.length > 0) return primaryKey;
  const required = new Set(columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const [first = [], ...others] = uniqueKeys.filter((key) => key.every((name) => required.has(name)));
  return others.every((other) => other.join('\0') === first.join('\0')) ? first : [];
}

function period(name: string, keyOrder: number | null): CatalogueColumn {
  return { name, columnType: 'timestamp(6)', dataType: 'timestamp', nullable: false, charset: null, labels: null, unsigned: false, keyOrder };
}

function toColumn({ name, columnType, dataType, nullable, charset, labels, exactLabels, unsigned, json, generated }: TrackedColumn, keyOrder: number): CatalogueColumn {
  // Only a check of MariaDB's LONGTEXT says that it is JSON.
  return { name, columnType: json ? 'json' : columnType, dataType, nullable, charset, labels, unsigned, keyOrder: keyOrder < 0 ? null : keyOrder, generated, ...(exactLabels === true ? { exactLabels } : {}) };
}

/**
 * The columns as the catalogue tells them, where they can be those of the event: all of them, one by one, in place, type,
 * size and, where the event has them, names. A value under a wrong name is worse than none.
 * @returns why they cannot: SCHEMA_MISMATCH
 */
export function fit(label: string, columns: readonly CatalogueColumn[], mapped: readonly MappedColumn[]): CatalogueTable | RowcastError {
  if (columns.length !== mapped.length) {
    return new RowcastError('SCHEMA_MISMATCH', `${label} has ${columns.length} columns here and ${mapped.length} in the binlog`, { facts: { table: label, columns: columns.length, inBinlog: mapped.length } });
  }
  for (const [i, column] of columns.entries()) {
    const other = mapped[i];
    const why = other === undefined ? null : other.name !== null && other.name !== column.name ? `${column.name} is ${other.name} in the binlog` : misfit(column, other);
    if (why !== null) return mismatch(label, column.name, why);
  }
  return { columns };
}

function mismatch(label: string, column: string, why: string): RowcastError {
  return new RowcastError('SCHEMA_MISMATCH', `the columns of ${label} are not those of its rows in the binlog: ${why}`, { facts: { table: label, column } });
}
