import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../integration/types-support.ts';
import type { Address } from '../support/mysql.ts';
import { query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import type { Case } from './cases.ts';
import { Debezium } from './debezium.ts';
import type { Java } from './java.ts';

/** What both told of the same statements, by case: lines `{"topic":…,"key":…,"value":…,"headers":{…}}`. */
export interface Told {
  readonly case: Case;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export const DATABASE = 'compat';
/** The tables by which it is seen that reading has begun and that all is told. */
const BEGINNING = 'compat_begins';
const END = 'capture_end';
const PATIENCE_MS = 300_000;

/** Runs the statements on the server while both read it, one engine and one daemon a case. The folder of all lines is kept for a look. */
export async function runBoth(java: Java, server: Address, sql: string, cases: readonly Case[]): Promise<{ readonly told: readonly Told[]; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rowcast-compat-'));
  await query(server, `drop database if exists ${DATABASE}; create database ${DATABASE} character set utf8mb4; create table ${DATABASE}.${BEGINNING} (id int auto_increment primary key)`);
  const engines = cases.map(({ name, config, properties, without = [] }) => ({
    name,
    properties: { 'include.schema.changes': String(config?.['schemaChanges'] !== undefined), ...properties, ...(without.length === 0 ? {} : { 'table.exclude.list': without.map((table) => `${DATABASE}.${table}`).join(',') }) },
  }));
  const debezium = await Debezium.start(java, folder, server, DATABASE, engines);
  const everywhere = async (table: string): Promise<boolean> => (await Promise.all(cases.map(({ name }) => debezium.lines(name)))).every((lines) => lines.some((line) => tableOf(line) === table && !line.includes('"ddl"')));
  try {
    await until('every engine reads', async () => {
      await query(server, `insert into ${DATABASE}.${BEGINNING} values ()`);
      return everywhere(BEGINNING);
    }, PATIENCE_MS);
    const ours = await capture({
      server,
      patience: PATIENCE_MS,
      change: `use ${DATABASE}; set sql_mode = '', time_zone = '+00:00'; ${sql}`,
      wanted: cases.map((each) => ({ name: each.name, format: { type: 'debezium', ...each.format }, database: DATABASE, more: each.config ?? {}, routes: routesOf(each) })),
    });
    await until('every engine has told everything', () => everywhere(END), PATIENCE_MS);
    const theirs = await Promise.all(cases.map(({ name }) => debezium.lines(name)));
    const told = cases.map((each, i) => ({ case: each, ours: ours[i] ?? [], theirs: theirs[i] ?? [] }));
    await Promise.all(told.map((each) => writeFile(join(folder, `${each.case.name}.ours.jsonl`), each.ours.map((line) => `${line}\n`).join(''))));
    return { told, folder };
  } finally {
    await debezium.stop();
  }
}

function routesOf({ without = [], format }: Case): readonly object[] {
  const dropped = without.map((table) => ({ tables: [`${DATABASE}.${table}`], drop: true }));
  const operations = 'transactions' in format && !('flat' in format) ? { operations: ['insert', 'update', 'delete', 'truncate'] } : {};
  return [...dropped, { tables: [`${DATABASE}.*`], ...operations }];
}

/** The last part of a line's topic. */
export function tableOf(line: string): string {
  return /^\{"topic":"[^"]*\.([^".]*)"/.exec(line)?.[1] ?? '';
}
