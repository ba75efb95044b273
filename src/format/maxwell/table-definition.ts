import type { ColumnDeclaration, TableDeclaration } from '../../core/declaration.ts';

const INTEGERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);
const TEMPORAL: ReadonlySet<string> = new Set(['time', 'datetime', 'timestamp']);
const BINARY: ReadonlySet<string> = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);

/** A table as Maxwell describes it in `def` and `old`; null where it is not known. */
export function tableDefinition(table: TableDeclaration | null, quirks: boolean): object | null {
  if (table === null) return null;
  const { database, name, charset, primaryKey, columns } = table;
  return { database, charset, table: name, 'primary-key': primaryKey, columns: columns.map((column) => columnDefinition(column, quirks)) };
}

function columnDefinition({ name, dataType, columnType, unsigned, charset, labels }: ColumnDeclaration, quirks: boolean): object {
  const head = { type: dataType, name };
  if (INTEGERS.has(dataType)) return { ...head, signed: !unsigned };
  if (TEMPORAL.has(dataType)) return { ...head, 'column-length': Number(/\((\d)\)/.exec(columnType)?.[1] ?? 0) };
  if (labels !== null) return { ...head, 'enum-values': quirks ? labels.map((label) => label.replaceAll("'", "''")) : labels };
  if (BINARY.has(dataType)) return { ...head, charset: 'binary' };
  return charset === null || dataType === 'json' ? head : { ...head, charset };
}
