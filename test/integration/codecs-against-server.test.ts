import { afterAll, describe, expect, inject, it } from 'vitest';
import type { Address } from '../support/mysql.ts';
import { connectMysql, freshDatabase, query, queryOn } from '../support/mysql.ts';
import { documentColumns, geometryColumns, vectorColumns } from './fuzz/documents.ts';
import { bitColumns, numberColumns } from './fuzz/numbers.ts';
import type { RandomColumn } from './fuzz/random.ts';
import { identical, REFUSED, seeded } from './fuzz/random.ts';
import type { BoundColumn } from './fuzz/prepared.ts';
import { boundColumns } from './fuzz/prepared.ts';
import type { FuzzTable, ShownRow } from './fuzz/reader.ts';
import { readWhile } from './fuzz/reader.ts';
import { binaryColumns, byteColumns, charsetColumns, labelledColumns, mariadbColumns, textColumns } from './fuzz/texts.ts';
import { timeColumns } from './fuzz/times.ts';

/** To repeat a run, give the number in the name of the failed test. */
const SEED = Number(process.env['ROWCAST_SEED'] ?? Date.now() % 1_000_000);
const ROWS = 250;
const ROWS_A_STATEMENT = 50;
const SESSION = "set sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'";
const TOLD_OF_A_COLUMN = 3;
const LONGEST_TOLD = 300;
const VALUES_A_SERVER = 40_000;

let compared = 0;

describe.each(['mysql', 'mariadb', 'mysql56'] as const)('random values of every type on %s', (kind) => {
  it(`are read from the binlog as the server shows them (ROWCAST_SEED=${SEED})`, async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'codecs');
    const tables = await tablesOf(server, kind);
    await query(server, `${SESSION}; ${tables.map((table) => createSql(database, table, kind)).join('; ')}`);
    const found = await readWhile(server, { database, tables, rows: ROWS }, () => write(server, database, tables));
    const told: string[] = [];
    const before = compared;
    for (const table of tables) {
      const ours = found.get(table.name) ?? [];
      told.push(...differences(table, ours, await ask(server, database, table)));
      compared += ours.length * table.columns.length;
    }
    expect(told).toEqual([]);
    expect(compared - before).toBeGreaterThan(VALUES_A_SERVER);
  });

  it(`that were bound to a prepared statement, too (ROWCAST_SEED=${SEED})`, async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'bound');
    const columns = boundColumns();
    const table: FuzzTable = { name: 'bound', columns: columns.map(({ column }) => column) };
    await query(server, createSql(database, table, kind));
    const found = await readWhile(server, { database, tables: [table], rows: ROWS }, () => bind(server, database, columns));
    expect(differences(table, found.get(table.name) ?? [], await ask(server, database, table))).toEqual([]);
    compared += ROWS * columns.length;
  });
});

afterAll(() => {
  process.stdout.write(`${compared} random values compared, ROWCAST_SEED=${SEED}\n`);
});

/** The tables of a server, each small enough for a row of it. */
async function tablesOf(server: Address, kind: string): Promise<FuzzTable[]> {
  const charsets = await query(server, "select character_set_name as name, maxlen as longest from information_schema.character_sets where character_set_name <> 'binary'");
  const all = charsets.map((row) => String(row['name']));
  const short = charsets.filter((row) => Number(row['longest']) === 1).map((row) => String(row['name']));
  const tables = [
    { name: 'numbers', columns: numberColumns(kind, seeded(SEED)) },
    { name: 'bits', columns: bitColumns() },
    { name: 'times', columns: timeColumns() },
    { name: 'charsets', columns: charsetColumns(all) },
    { name: 'octets', columns: byteColumns(short) },
    { name: 'texts', columns: [...textColumns(), ...mariadbColumns()] },
    { name: 'bytes', columns: binaryColumns() },
    { name: 'labels', columns: labelledColumns() },
    { name: 'shapes', columns: [...geometryColumns(kind), ...vectorColumns(), ...documentColumns()] },
  ];
  return tables.map(({ name, columns }) => ({ name, columns: columns.filter(({ only }) => only === null || only.includes(kind)) }));
}

function createSql(database: string, { name, columns }: FuzzTable, kind: string): string {
  const lines = columns.map((column) => `${column.name} ${column.type}`);
  return `create table ${database}.${name} (id int primary key, ${lines.join(', ')}) character set utf8mb4 ${kind === 'mariadb' ? '' : 'row_format=dynamic'}`;
}

async function write(server: Address, database: string, tables: readonly FuzzTable[]): Promise<void> {
  const connection = await connectMysql(server);
  try {
    await queryOn(connection, SESSION);
    for (const table of tables) for (const sql of insertSql(database, table)) await queryOn(connection, sql);
  } finally {
    await connection.end();
  }
}

/** Rows of values over the binary protocol, many a statement. */
async function bind(server: Address, database: string, columns: readonly BoundColumn[]): Promise<void> {
  const pick = seeded(SEED);
  const connection = await connectMysql(server);
  try {
    await queryOn(connection, SESSION);
    const row = `(${['?', ...columns.map(() => '?')].join(', ')})`;
    const sql = `insert into ${database}.bound (id, ${columns.map(({ column }) => column.name).join(', ')}) values ${Array.from({ length: ROWS_A_STATEMENT }, () => row).join(', ')}`;
    for (let id = 0; id < ROWS; id += ROWS_A_STATEMENT) {
      await connection.execute(sql, Array.from({ length: ROWS_A_STATEMENT }, (_, i) => [id + i, ...columns.map(({ bound }) => (pick(12) === 0 ? null : bound(pick)))]).flat());
    }
  } finally {
    await connection.end();
  }
}

/** The edges of a column come first, so that every row of the table before them has some. */
function* insertSql(database: string, { name, columns }: FuzzTable): IterableIterator<string> {
  const pick = seeded(SEED + name.length);
  const written = columns.filter(({ value }) => value !== null);
  const valueOf = ({ edges, value }: RandomColumn, id: number): string => edges[id] ?? (pick(12) === 0 ? 'null' : (value?.(pick) ?? 'null'));
  for (let id = 0; id < ROWS; id += ROWS_A_STATEMENT) {
    const rows = Array.from({ length: ROWS_A_STATEMENT }, (_, i) => `(${id + i}, ${written.map((column) => valueOf(column, id + i)).join(', ')})`);
    yield `insert into ${database}.${name} (id, ${written.map((column) => column.name).join(', ')}) values ${rows.join(', ')}`;
  }
}

/** The server's own text of every look of every row, in the order of ids. */
async function ask(server: Address, database: string, { name, columns }: FuzzTable): Promise<ShownRow[]> {
  const expressions = columns.flatMap((column, place) => column.looks.map(({ shown }, look) => `${shown(column.name)} as l_${place}_${look}`));
  const rows = await texts(server, `${SESSION}; select ${expressions.join(', ')} from ${database}.${name} order by id`);
  return rows.map((row) => columns.map(({ looks }, place) => (row[`l_${place}_0`] === null ? null : looks.map((_, look) => String(row[`l_${place}_${look}`])))));
}

/** The bytes that the server sends, as text: the driver would make numbers of some, and not always the nearest. */
async function texts(server: Address, sql: string): Promise<Record<string, string | null>[]> {
  const connection = await connectMysql(server);
  try {
    const [results] = await connection.query({ sql, typeCast: (field) => field.string() });
    return (results as unknown[]).at(-1) as Record<string, string | null>[];
  } finally {
    await connection.end();
  }
}

/** Values that the two sides do not show alike, a few of every column. */
function differences({ name, columns }: FuzzTable, ours: readonly ShownRow[], server: readonly ShownRow[]): string[] {
  if (ours.length !== server.length) return [`${ours.length} rows of ${name} were read, the server has ${server.length}`];
  return columns.flatMap((column, place) => {
    const all = ours.flatMap((row, id) => different(column, row[place] ?? null, server[id]?.[place] ?? null).map((told) => `${name} ${id}, ${column.name} ${told}`));
    return all.slice(0, TOLD_OF_A_COLUMN);
  });
}

function different({ looks }: RandomColumn, ours: ShownRow[number], server: ShownRow[number]): string[] {
  if (ours === null || server === null) return ours === server ? [] : [`${String(ours)} for ${String(server)}`];
  return looks.flatMap(({ as, same = identical, refusable = false }, look) => {
    const [mine = '', theirs = ''] = [ours[look], server[look]];
    return (mine !== REFUSED || refusable) && same(mine, theirs) ? [] : [`as ${as}: ${mine.slice(0, LONGEST_TOLD)} for ${theirs.slice(0, LONGEST_TOLD)}`];
  });
}
