import type { ColumnDeclaration, TableDeclaration } from '../../core/declaration.ts';
import type { TableChange } from '../../core/notice.ts';

/** `type` of a table change; a table that was renamed has changed. */
const TYPES = { create: 'CREATE', alter: 'ALTER', rename: 'ALTER', drop: 'DROP' } as const;

/** Numbers of java.sql.Types, as Debezium gives them to MySQL's types. */
const JDBC_TYPES: ReadonlyMap<string, number> = new Map([
  ['tinyint', 5],
  ['smallint', 5],
  ['mediumint', 4],
  ['int', 4],
  ['bigint', -5],
  ['year', 4],
  ['bit', -7],
  ['decimal', 3],
  ['float', 6],
  ['double', 8],
  ['char', 1],
  ['enum', 1],
  ['set', 1],
  ['varchar', 12],
  ['tinytext', 12],
  ['text', 12],
  ['mediumtext', 12],
  ['longtext', 12],
  ['binary', -2],
  ['varbinary', -3],
  ['tinyblob', 2004],
  ['blob', 2004],
  ['mediumblob', 2004],
  ['longblob', 2004],
  ['date', 91],
  ['time', 92],
  ['datetime', 93],
  ['timestamp', 2014],
]);
/** Everything else: JSON, geometries, VECTOR, MariaDB's own. */
const JDBC_OTHER = 1111;
const GEOMETRY_COLLECTION = 'geomcollection';

/** One entry of `tableChanges`. */
export function tableChange({ kind, table, after }: TableChange): object {
  return { type: TYPES[kind], id: `${quoted(table.database)}.${quoted(table.name)}`, table: after === null ? null : shownTable(after) };
}

function shownTable(table: TableDeclaration): object {
  const { charset, columns } = table;
  return { defaultCharsetName: charset, primaryKeyColumnNames: keyOf(table), columns: columns.map(shownColumn), comment: null };
}

/** Without a primary key, the first unique key that identifies every row. */
function keyOf({ primaryKey, uniqueKeys, columns }: TableDeclaration): readonly string[] {
  if (primaryKey.length > 0) return primaryKey;
  const required = new Set(columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  return uniqueKeys.find((key) => key.every((name) => required.has(name))) ?? [];
}

function shownColumn(column: ColumnDeclaration, index: number): object {
  const typeName = typeNameOf(column);
  const [length, scale] = lengths(column);
  return {
    name: column.name,
    jdbcType: JDBC_TYPES.get(column.dataType) ?? JDBC_OTHER,
    nativeType: null,
    typeName,
    typeExpression: typeName,
    charsetName: column.charset,
    length,
    scale,
    position: index + 1,
    optional: column.nullable,
    autoIncremented: column.autoIncrement,
    generated: column.autoIncrement,
    comment: null,
    defaultValueExpression: defaultOf(column),
    enumValues: column.labels?.map(sqlString) ?? null,
  };
}

function typeNameOf({ dataType, columnType, unsigned }: ColumnDeclaration): string {
  const name = dataType === GEOMETRY_COLLECTION ? 'geometrycollection' : dataType;
  return `${name}${unsigned ? ' unsigned' : ''}${/\bzerofill\b/i.test(columnType) ? ' zerofill' : ''}`.toUpperCase();
}

/** Length and scale as they are declared; of ENUM and SET the characters that their parser counts. */
function lengths({ dataType, columnType, labels }: ColumnDeclaration): readonly [number | null, number | null] {
  if (labels !== null) return [dataType === 'enum' ? 1 : Math.max(0, 2 * labels.length - 1), null];
  const [, length, scale] = /^[^(']*\((\d+)(?:,(\d+))?\)/.exec(columnType) ?? [];
  return [length === undefined ? null : Number(length), scale === undefined ? null : Number(scale)];
}

/** The literal as it was written, without what marks bits; an expression is none. */
function defaultOf(column: ColumnDeclaration): string | null {
  if (column.default?.kind !== 'literal') return null;
  return column.dataType === 'bit' ? column.default.text.replace(/^b'([01]*)'$/, '$1') : column.default.text;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function sqlString(label: string): string {
  return `'${label.replaceAll("'", "''")}'`;
}
