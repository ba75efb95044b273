import { beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase } from '../support/mysql.ts';
import { goldenTables, sqlOf } from './types-golden.ts';
import { capture, images } from './types-support.ts';

const SESSION = "set sql_mode = '', time_zone = '+00:00'";

/** Tables too large to be written out: their SQL and their rows as both formats show them. */
const LABELS = Array.from({ length: 300 }, (_, i) => `label ${i + 1}`);
const MEMBERS = Array.from({ length: 64 }, (_, i) => `m${i + 1}`);
const COLUMNS = Array.from({ length: 300 }, (_, i) => `c${i + 1}`);
const EMOJI = '😀'.repeat(255);
const LARGE = 70_000;

function largeTables(database: string): { create: string; insert: string } {
  const quoted = (labels: readonly string[]): string => labels.map((label) => `'${label}'`).join(',');
  const create = [
    `create table \`${database}\`.manylabels (id int primary key, e enum(${quoted(LABELS)}), s set(${quoted(MEMBERS)}))`,
    `create table \`${database}\`.wide (${COLUMNS.map((name, i) => `${name} ${i === 0 ? 'int primary key' : 'int'}`).join(', ')})`,
    `create table \`${database}\`.longtexts (id int primary key, c char(255) character set utf8mb4, v varchar(300) character set latin1, w varchar(2000) character set utf8mb4, x text character set utf8mb4, m mediumblob)`,
  ];
  const insert = [
    `insert into \`${database}\`.manylabels values (1, 1, 1), (2, 255, 9223372036854775808), (3, 256, 18446744073709551615), (4, 300, 0), (5, 0, 5), (6, null, null)`,
    `insert into \`${database}\`.wide values (${COLUMNS.map((_, i) => (i % 3 === 2 ? 'null' : i)).join(', ')})`,
    `insert into \`${database}\`.longtexts values (1, repeat('😀', 255), repeat('ÿ', 300), repeat('€', 2000), repeat('"', 60000), repeat(x'ff', ${LARGE}))`,
  ];
  return { create: create.join('; '), insert: insert.join('; ') };
}

describe.each(['mysql', 'mariadb', 'mysql56'] as const)('every type, written by %s', (kind) => {
  const tables = goldenTables().filter(({ only }) => only === null || only.includes(kind));
  let plain: string[] = [];
  let debezium: string[] = [];

  beforeAll(async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'types');
    const sql = [...tables.map((table) => sqlOf(database, table)), largeTables(database)];
    [plain = [], debezium = []] = await capture({
      server,
      prepare: `${SESSION}; ${sql.map(({ create }) => create).join('; ')}`,
      change: `${SESSION}; ${sql.map(({ insert }) => insert).join('; ')}`,
      wanted: [{ format: 'plain', database }, { format: 'debezium', database }],
    });
  });

  it.each(tables.map(({ name, rows }) => ({ name, rows })))('$name, as plain and debezium show it', ({ name, rows }) => {
    const withId = (image: string, place: number): string => `{"id":${place + 1},${image.slice(1)}`;
    expect(images(plain, name)).toEqual(rows.map((row, place) => withId(row.plain, place)));
    expect(images(debezium, name)).toEqual(rows.map((row, place) => withId(row.debezium, place)));
  });

  it('is JSON, every line of it', () => {
    const rows = tables.reduce((sum, table) => sum + table.rows.length, 6 + 1 + 1);
    for (const lines of [plain, debezium]) {
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(Object.keys(JSON.parse(line) as object)).toEqual(['topic', 'key', 'value', 'headers']);
    }
  });

  it('more than 255 labels, 64 members, and the label that is none', () => {
    expect(images(plain, 'manylabels')).toEqual([
      '{"id":1,"e":"label 1","s":["m1"]}',
      '{"id":2,"e":"label 255","s":["m64"]}',
      `{"id":3,"e":"label 256","s":${JSON.stringify(MEMBERS)}}`,
      '{"id":4,"e":"label 300","s":[]}',
      '{"id":5,"e":"","s":["m1","m3"]}',
      '{"id":6,"e":null,"s":null}',
    ]);
    expect(images(debezium, 'manylabels').at(2)).toBe(`{"id":3,"e":"label 256","s":"${MEMBERS.join(',')}"}`);
  });

  it('300 columns', () => {
    const row = JSON.stringify(Object.fromEntries(COLUMNS.map((name, i) => [name, i % 3 === 2 ? null : i])));
    expect(images(plain, 'wide')).toEqual([row]);
    expect(images(debezium, 'wide')).toEqual([row]);
  });

  it('the longest texts of their types', () => {
    const row = JSON.stringify({ id: 1, c: EMOJI, v: 'ÿ'.repeat(300), w: '€'.repeat(2000), x: '"'.repeat(60_000), m: Buffer.alloc(LARGE, 0xff).toString('base64') });
    expect(images(plain, 'longtexts')).toEqual([row]);
    expect(images(debezium, 'longtexts')).toEqual([row]);
  });
});
