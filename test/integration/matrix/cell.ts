import type { Connection } from 'mysql2/promise';
import type { Address, Row } from '../../support/mysql.ts';
import { connectMysql, query, queryOn, unique } from '../../support/mysql.ts';
import type { Combination } from '../../support/pairwise.ts';
import { goldenTables, sqlOf } from '../types-golden.ts';
import { capture, endOfBinlog, images } from '../types-support.ts';
import { MOVED, wrongMessages } from './messages.ts';
import { askedOf, compact } from './select.ts';
import type { ZooTable } from './zoo.ts';
import { members, zooTables } from './zoo.ts';

const SESSION = "set names utf8mb4; set sql_mode = '', time_zone = '+00:00'";

/** What a cell brought. */
export interface Outcome {
  /** Everything that is not as it should be. */
  readonly wrong: readonly string[];
  /** Messages of both formats, and values that were compared with SELECT. */
  readonly messages: number;
  readonly selected: number;
  /** Types of the events in the binlog. */
  readonly events: ReadonlySet<string>;
}

/** What is run, and where. */
export interface CellRun {
  readonly server: Address;
  readonly kind: string;
  readonly cell: Combination;
  /** Statements that put the cell's settings on a session. */
  readonly session: readonly string[];
}

/** Writes the zoo with the cell's settings, reads it in both formats, and compares. */
export async function runCell({ server, kind, cell, session }: CellRun): Promise<Outcome> {
  const charset = cell['charset'] ?? 'utf8mb4';
  const tables = zooTables(kind, charset, goldenTables());
  const database = unique('matrix');
  await query(server, `create database ${database} character set ${charset}`);
  const selected: Selected = { wrong: [], values: 0 };
  const documents = kind === 'mysql' ? documentsOf(database, cell) : null;
  let shown: Row[] = [];
  const start = await endOfBinlog(server);
  const [plain = [], debezium = []] = await capture({
    server,
    prepare: [SESSION, ...tables.map((table) => sqlOf(database, table).create), ...(documents?.create ?? [])].join('; '),
    change: () => inSession(server, [SESSION, ...session], async (connection) => {
      await queryOn(connection, tables.map((table) => sqlOf(database, table).insert).join('; '));
      for (const table of tables) await select(connection, { database, table }, selected);
      await queryOn(connection, tables.map(({ name }) => `begin; update ${database}.${name} set id = id + ${MOVED}; delete from ${database}.${name}; commit`).join('; '));
      if (documents !== null) shown = await queryOn(connection, documents.change);
    }),
    wanted: [{ format: 'plain', database }, { format: 'debezium', database }],
  });
  const written = { kind, rowImage: cell['row image'] ?? 'FULL' };
  const wrong = tables.flatMap((table) => [...wrongMessages(plain, table, { ...written, format: 'plain' }), ...wrongMessages(debezium, table, { ...written, format: 'debezium' })]);
  wrong.push(...selected.wrong, ...wrongDocuments(plain, debezium, shown));
  const events = await query(server, `show binlog events in '${start.file}' from ${start.position}`);
  await query(server, `drop database ${database}`);
  return { wrong, messages: plain.length + debezium.length, selected: selected.values, events: new Set(events.map((event) => String(event['Event_type']))) };
}

async function inSession(server: Address, settings: readonly string[], work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await connectMysql(server);
  try {
    await queryOn(connection, settings.join('; '));
    await work(connection);
  } finally {
    await connection.end();
  }
}

interface Selected {
  readonly wrong: string[];
  values: number;
}

/** Compares what the plain format is to show of a table with what the server shows. */
async function select(connection: Connection, { database, table }: { readonly database: string; readonly table: ZooTable }, into: Selected): Promise<void> {
  const columns = table.declared.map(([name, type]) => ({ name, asked: askedOf(type), quoted: `\`${name.replaceAll('`', '``')}\`` }));
  const rows = await queryOn(connection, `select ${columns.map(({ asked, quoted }, place) => `${asked.sql(quoted)} as c${place}`).join(', ')} from ${database}.${table.name} order by id`);
  if (rows.length !== table.rows.length) into.wrong.push(`${table.name}: ${rows.length} rows of ${table.rows.length}`);
  rows.forEach((row, id) => {
    const golden = members(table.rows[id]?.plain ?? '{}');
    columns.forEach(({ name, asked }, place) => {
      const json = golden.get(name) ?? 'missing';
      const server = shownOf(row[`c${place}`]);
      into.values++;
      const isSame = server === null ? json === 'null' : json === 'null' ? server === 'null' : asked.same(json, server);
      if (!isSame) into.wrong.push(`${table.name} ${id + 1}, ${name}: ${json} is ${server ?? 'NULL'} in SELECT`);
    });
  });
}

/** Everything is asked as text, but floating-point numbers. */
function shownOf(value: unknown): string | null {
  return typeof value === 'number' ? value.toString() : (value as string | null);
}

/** Documents that are changed in part. Without a key where the before image would lack them otherwise. */
function documentsOf(database: string, cell: Combination): { readonly create: readonly string[]; readonly change: string } {
  const table = `${database}.changed`;
  const keyless = cell['partial JSON'] === 'on' && cell['row image'] === 'MINIMAL';
  const document = "json_object('a', 1, 'gone', 2, 'list', json_array(1, 2, 3), 'n', json_object(), 'pad', repeat('p', 300))";
  return {
    create: [`create table ${table} (id int${keyless ? '' : ' primary key'}, d json)`, `insert into ${table} values (1, ${document}), (2, ${document}), (3, ${document})`],
    change: `update ${table} set d = json_set(d, '$.a', concat('v', id)); update ${table} set d = json_remove(json_set(d, '$.list[1]', id * 10, '$.n.x', true), '$.gone'); select id, cast(d as char) d from ${table} order by id; delete from ${table}`,
  };
}

/** The last word of the messages about each document against the server's. */
function wrongDocuments(plain: readonly string[], debezium: readonly string[], shown: readonly Row[]): string[] {
  const wrong: string[] = [];
  const last = { plain: images(plain, 'changed').filter((one) => one !== 'null').slice(-shown.length), debezium: images(debezium, 'changed').filter((one) => one !== 'null').slice(-shown.length) };
  shown.forEach((row, place) => {
    const wanted = compact(String(row['d']));
    const ours = members(last.plain[place] ?? '{}').get('d');
    const theirs = JSON.parse(members(last.debezium[place] ?? '{}').get('d') ?? '""') as string;
    if (ours !== wanted) wrong.push(`document ${place + 1}: plain has ${String(ours)}, the server ${wanted}`);
    if (theirs !== wanted) wrong.push(`document ${place + 1}: debezium has ${theirs}, the server ${wanted}`);
  });
  return wrong;
}
