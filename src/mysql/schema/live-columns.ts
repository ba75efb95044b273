import type { CatalogueColumn } from '../binlog/catalogue.ts';
import type { Row } from './fields.ts';
import { isUnsigned, parseLabels, text } from './fields.ts';

/** Asks the server; see `SqlSession` of the stream. */
export type Ask = (sql: string, values?: readonly (string | number)[]) => Promise<readonly Row[]>;

/** Columns of tables by `database.table`. */
export type Tables = ReadonlyMap<string, readonly CatalogueColumn[]>;

const SYSTEM = "('information_schema', 'performance_schema', 'mysql', 'sys')";
const COLUMNS = `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tbl, COLUMN_NAME AS name, COLUMN_TYPE AS column_type, DATA_TYPE AS data_type,
  IS_NULLABLE AS nullable, CHARACTER_SET_NAME AS charset FROM information_schema.COLUMNS`;
const KEYS = `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tbl, COLUMN_NAME AS name, SEQ_IN_INDEX AS seq FROM information_schema.STATISTICS`;

/** The columns of all tables that `captures` takes, views left out; those that the account may not see are missing. */
export async function readTables(ask: Ask, captures: (database: string, table: string) => boolean): Promise<Tables> {
  const views = await ask("SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tbl FROM information_schema.TABLES WHERE TABLE_TYPE LIKE '%VIEW'");
  const skipped = new Set(views.map(label));
  const columns = await ask(`${COLUMNS} WHERE TABLE_SCHEMA NOT IN ${SYSTEM} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`);
  const keys = await ask(`${KEYS} WHERE TABLE_SCHEMA NOT IN ${SYSTEM} AND INDEX_NAME = 'PRIMARY'`);
  return assemble(columns.filter((row) => !skipped.has(label(row)) && captures(text(row.db), text(row.tbl))), keys);
}

/** The columns of one table, empty where there is none. */
export async function readTable(ask: Ask, database: string, table: string): Promise<readonly CatalogueColumn[]> {
  const one = [database, table];
  const columns = await ask(`${COLUMNS} WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`, one);
  const keys = await ask(`${KEYS} WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = 'PRIMARY'`, one);
  return [...assemble(columns, keys).values()][0] ?? [];
}

function assemble(columns: readonly Row[], keys: readonly Row[]): Tables {
  const order = new Map(keys.map((row) => [`${label(row)}.${text(row.name)}`, Number(row.seq) - 1]));
  const tables = new Map<string, CatalogueColumn[]>();
  for (const row of columns) {
    const name = label(row);
    const known = tables.get(name) ?? [];
    known.push(toColumn(row, order.get(`${name}.${text(row.name)}`) ?? null));
    tables.set(name, known);
  }
  return tables;
}

function toColumn(row: Row, keyOrder: number | null): CatalogueColumn {
  const columnType = text(row.column_type);
  const dataType = text(row.data_type).toLowerCase();
  return {
    name: text(row.name),
    columnType,
    dataType,
    nullable: text(row.nullable) === 'YES',
    charset: row.charset === null ? null : text(row.charset),
    labels: dataType === 'enum' || dataType === 'set' ? parseLabels(columnType) : null,
    unsigned: isUnsigned(columnType),
    keyOrder,
  };
}

function label(row: Row): string {
  return `${text(row.db)}.${text(row.tbl)}`;
}
