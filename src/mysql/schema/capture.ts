import type { TableName } from '../../core/notice.ts';
import type { Flavor } from '../binlog/options.ts';
import { toTrackedColumn } from './captured-column.ts';
import type { DatabaseDefaults, KeyPart, SchemaSnapshot, TrackedColumn, TrackedKey, TrackedTable } from './ddl/index.ts';
import { compareKeys, trackedTable } from './ddl/index.ts';
import type { Row } from './fields.ts';
import { nullable, text } from './fields.ts';
import type { Ask } from './ask.ts';

/** What to read. */
export interface CaptureScope {
  readonly flavor: Flavor;
  /** By names as the server keeps them. */
  readonly captures: (database: string, name: string) => boolean;
  /** Only these tables and databases; all by default. */
  readonly within?: readonly Part[];
  /** Tables whose columns are asked for at once. @default 500, which is a few megabytes of answers */
  readonly atOnce?: number;
}

/** A table, or all of a database. */
type Part = TableName | { readonly database: string };

/** Tables of one database, from one name to another in the server's order. Servers find a name or a range quickly, and a list of names slowly. */
interface Range {
  readonly database: string;
  readonly first: string;
  readonly last: string;
}

/**
 * Captured tables and the defaults of all databases, as far as the account may see them; views are left out. Several
 * questions are asked, so the answer is of one moment only where no table changed between them: whoever needs that
 * looks at the binlog before and after.
 * @throws RowcastError SOURCE_*
 */
export async function captureSchema(ask: Ask, scope: CaptureScope): Promise<SchemaSnapshot> {
  const databases = await captureDatabases(ask);
  return { databases, tables: await captureTables(ask, scope) };
}

/** @throws RowcastError SOURCE_* */
export async function captureDatabases(ask: Ask): Promise<SchemaSnapshot['databases']> {
  const rows = await ask(`SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ${SYSTEM}`);
  return rows.map((row): DatabaseDefaults & { readonly name: string } => ({ name: text(row.name), charset: text(row.charset), collation: text(row.collation) }));
}

/** As `captureSchema`, without the databases. @throws RowcastError SOURCE_* */
export async function captureTables(ask: Ask, scope: CaptureScope): Promise<readonly TrackedTable[]> {
  const parts = scope.within === undefined ? [null] : scope.within;
  // Columns that are equal are one object, across tables too: most schemas repeat themselves.
  const shared = new Map<string, TrackedColumn>();
  const found: TrackedTable[] = [];
  for (const part of parts) found.push(...(await capturePart(ask, scope, part, shared)));
  return found;
}

async function capturePart(ask: Ask, scope: CaptureScope, part: Part | null, shared: Map<string, TrackedColumn>): Promise<TrackedTable[]> {
  const [where, values] = condition(part);
  const found: TrackedTable[] = [];
  for (const run of runsOf(await ask(`${TABLES} ${where} ORDER BY TABLE_SCHEMA, TABLE_NAME`, values), scope)) found.push(...(await captureRun(ask, scope.flavor, run, shared)));
  return found;
}

/** Captured tables that stand together: no more than can be asked for at once, and few others in between. */
function runsOf(rows: readonly Row[], { captures, atOnce = 500 }: CaptureScope): Row[][] {
  const runs: Row[][] = [];
  let [run, others]: [Row[], number] = [[], 0];
  for (const row of rows) {
    if (text(row.type).endsWith('VIEW') || !captures(text(row.db), text(row.tbl))) {
      others++;
      continue;
    }
    if (run.length === 0 || run.length >= atOnce || others > FEW || text(run[0]?.db) !== text(row.db)) runs.push((run = []));
    others = 0;
    run.push(row);
  }
  return runs;
}

const FEW = 20;

async function captureRun(ask: Ask, flavor: Flavor, tables: readonly Row[], shared: Map<string, TrackedColumn>): Promise<TrackedTable[]> {
  const range: Range = { database: text(tables[0]?.db), first: text(tables[0]?.tbl), last: text(tables.at(-1)?.tbl) };
  const read = (sql: string, order: string): Promise<readonly Row[]> => {
    const [where, values] = inside(range, 'TABLE_SCHEMA');
    return ask(`${sql} ${where} ORDER BY ${order}`, values);
  };
  const columns = byTable(await read(COLUMNS, 'TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION'));
  const has = await featuresOf(ask);
  const keys = byTable(await read(keysQuery(has), 'TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX'));
  const checks = byTable(flavor === 'mariadb' && has.checks ? await readJsonChecks(ask, range, has) : []);
  return tables.flatMap((row) => {
    const label = labelOf(row);
    const own = columns.get(label);
    // Gone between the questions.
    if (own === undefined) return [];
    const json = new Set((checks.get(label) ?? []).filter((check) => text(check.clause) === `json_valid(${quoted(text(check.name))})`).map((check) => text(check.name)));
    return [toTable(row, own.map((column) => share(shared, toTrackedColumn(column, flavor, json.has(text(column.name))))), toKeys(keys.get(label) ?? []))];
  });
}

const SYSTEM = "('information_schema', 'performance_schema', 'mysql', 'sys')";
const TABLES = 'SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tbl, TABLE_TYPE AS type, TABLE_COLLATION AS collation, TABLE_COMMENT AS comment FROM information_schema.TABLES';
const COLUMNS = `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tbl, COLUMN_NAME AS name, COLUMN_TYPE AS column_type, DATA_TYPE AS data_type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS dflt,
  CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation, EXTRA AS extra, COLUMN_COMMENT AS comment FROM information_schema.COLUMNS`;

/** What a server's information_schema has. */
interface Features {
  /** Expressions of keys: MySQL from 8.0.13 on. */
  readonly expressions: boolean;
  /** Checks with their clauses, and whether they are of a column: MariaDB from 10.2.22, 10.5.10 on. */
  readonly checks: boolean;
  readonly levels: boolean;
}

/** Asked once for each connection. */
const features = new WeakMap<Ask, Promise<Features>>();

function featuresOf(ask: Ask): Promise<Features> {
  const known = features.get(ask) ?? askFeatures(ask);
  features.set(ask, known);
  return known;
}

async function askFeatures(ask: Ask): Promise<Features> {
  const rows = await ask("SELECT TABLE_NAME AS tbl, COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME IN ('STATISTICS', 'CHECK_CONSTRAINTS') AND COLUMN_NAME IN ('EXPRESSION', 'CHECK_CLAUSE', 'LEVEL')");
  const names = new Set(rows.map((row) => text(row.name).toUpperCase()));
  return { expressions: names.has('EXPRESSION'), checks: names.has('CHECK_CLAUSE'), levels: names.has('LEVEL') };
}

function keysQuery({ expressions }: Features): string {
  return `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tbl, INDEX_NAME AS name, NON_UNIQUE AS non_unique, COLUMN_NAME AS col, SUB_PART AS prefix, ${expressions ? 'EXPRESSION IS NOT NULL' : '0'} AS is_expression FROM information_schema.STATISTICS`;
}

/** Column checks of `json_valid`. The level tells them from checks of the table. */
async function readJsonChecks(ask: Ask, range: Range, { levels }: Features): Promise<readonly Row[]> {
  const [where, values] = inside(range, 'CONSTRAINT_SCHEMA');
  return ask(`SELECT CONSTRAINT_SCHEMA AS db, TABLE_NAME AS tbl, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS clause FROM information_schema.CHECK_CONSTRAINTS ${where} AND CHECK_CLAUSE LIKE 'json_valid(%'${levels ? " AND LEVEL = 'Column'" : ''}`, values);
}

function condition(part: Part | null): readonly [string, readonly string[]] {
  if (part === null) return [`WHERE TABLE_SCHEMA NOT IN ${SYSTEM}`, []];
  return 'name' in part ? ['WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?', [part.database, part.name]] : ['WHERE TABLE_SCHEMA = ?', [part.database]];
}

/** Names that the server takes for equal may be in it, too. */
function inside({ database, first, last }: Range, schema: string): readonly [string, readonly string[]] {
  if (first === last) return [`WHERE ${schema} = ? AND TABLE_NAME = ?`, [database, first]];
  return [`WHERE ${schema} = ? AND TABLE_NAME BETWEEN ? AND ?`, [database, first, last]];
}

function byTable(rows: readonly Row[]): Map<string, Row[]> {
  const tables = new Map<string, Row[]>();
  for (const row of rows) {
    const label = labelOf(row);
    const known = tables.get(label);
    if (known === undefined) tables.set(label, [row]);
    else known.push(row);
  }
  return tables;
}

/** No name holds a zero. */
function labelOf(row: Row): string {
  return `${text(row.db)}\0${text(row.tbl)}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function share(shared: Map<string, TrackedColumn>, column: TrackedColumn): TrackedColumn {
  const key = JSON.stringify(column);
  const known = shared.get(key);
  if (known !== undefined) return known;
  shared.set(key, column);
  return column;
}

function toTable(row: Row, columns: readonly TrackedColumn[], keys: readonly TrackedKey[]): TrackedTable {
  const collation = nullable(row.collation) ?? '';
  return trackedTable({
    database: text(row.db),
    name: text(row.tbl),
    columns,
    keys,
    collation,
    // A collation's name begins with that of its character set.
    charset: collation.replace(/_.*$/u, ''),
    comment: text(row.comment),
    versioned: text(row.type) === 'SYSTEM VERSIONED',
  });
}

function toKeys(rows: readonly Row[]): TrackedKey[] {
  const keys = new Map<string, { name: string; unique: boolean; parts: KeyPart[] }>();
  for (const row of rows) {
    const name = text(row.name);
    const key = keys.get(name) ?? { name, unique: Number(row.non_unique) === 0, parts: [] };
    key.parts.push({ column: Number(row.is_expression) === 1 ? null : nullable(row.col), prefix: row.prefix === null ? null : Number(row.prefix) });
    keys.set(name, key);
  }
  return [...keys.values()].sort(compareKeys);
}
