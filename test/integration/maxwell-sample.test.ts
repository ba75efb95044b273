import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { DifferenceId } from '../../src/format/maxwell/differences.ts';
import { query } from '../support/mysql.ts';
import { capture } from './types-support.ts';

/** What Maxwell 1.45 sent for fixtures/types.sql, with every `output_*` option on that the sample shows, in its key format `hash`. */
const SAMPLE = lines('fixtures/maxwell-1.45.jsonl');
const SQL = lines('fixtures/types.sql').filter((line) => !line.startsWith('--')).join('\n');
const OPTIONS = { type: 'maxwell', xoffset: true, binlogPosition: true, gtidPosition: true, serverId: true, threadId: true, primaryKeys: true, primaryKeyColumns: true };

/** Values that two runs cannot share. */
const OF_THE_RUN: readonly (readonly [RegExp, string])[] = [
  [/"ts":\d+/, '"ts":0'],
  [/"xid":\d+,/, '"xid":0,'],
  [/,"headers":\{\}/, ''],
  [/"key":"?[0-9a-f-]{36}"?/, '"key":"uuid"'],
  [/\(\\n +/, '('],
  [/"position":"binlog\.\d+:\d+"/, '"position":""'],
  [/"gtid":"[0-9a-f-]{36}:\d+"/, '"gtid":""'],
  [/"server_id":\d+/, '"server_id":0'],
  [/"thread_id":\d+/, '"thread_id":0'],
  [/"_uuid":"[0-9a-f-]{36}"/, '"_uuid":""'],
];

let quirky: string[] = [];
let honest: string[] = [];

beforeAll(async () => {
  const server = inject('mysql');
  await query(server, 'drop database if exists zoo; create database zoo character set utf8mb4');
  const wanted = [true, false].map((quirks) => ({
    format: 'plain',
    database: 'zoo',
    name: `maxwell-${quirks}`,
    routes: [{ tables: ['zoo.capture_end'] }, { tables: ['zoo.*'], topic: 'mx_types', schemaChanges: 'mx_types', format: { ...OPTIONS, quirks } }],
  }));
  const [first = [], second = []] = await capture({ server, change: `set sql_mode = '', time_zone = '+00:00'; ${SQL}`, wanted });
  quirky = first.map(comparable);
  honest = second.map(comparable);
});

describe('the rows of the sample', () => {
  const theirs = SAMPLE.map(comparable).filter(isRow);

  it('are all there', () => {
    expect(theirs).toHaveLength(45);
    expect(quirky.filter(isRow)).toHaveLength(theirs.length);
  });

  it.each(theirs.map((line, index) => [index, line] as const))('line %i is the same to the byte with quirks', (index, line) => {
    expect(quirky.filter(isRow)[index]).toBe(line);
  });
});

describe('the statements of the sample', () => {
  /** Without the first, which is of the database: it was there before. */
  const theirs = SAMPLE.map(comparable).slice(1);

  it('are ten, each the same to the byte with quirks, `def` and `old` included', () => {
    expect(quirky.filter((line) => !isRow(line))).toEqual(theirs.filter((line) => !isRow(line)));
    expect(theirs.filter((line) => !isRow(line))).toHaveLength(10);
  });

  it('stand between the rows that came before and after them', () => {
    expect(quirky).toEqual(theirs);
  });
});

describe('the same rows without quirks', () => {
  it('differ only where the list of differences says so', () => {
    const rows = quirky.filter(isRow);
    const found = honest.filter(isRow).flatMap((line, index) => (line === rows[index] ? [] : differing(line, rows[index] ?? '')));
    expect([...new Set(found)].sort()).toEqual(['geo.s: srid', 'strs.bn: binary-zeros', 'strs.e: label-quote', 'strs: wide-characters', 'times.dt6: partial-date', 'times.t0: time', 'times.t3: time', 'times.t6: time']);
  });

  it('say what the server says', () => {
    const row = (table: string, id: unknown): unknown => honest.filter(isRow).map(value).find((each) => each.table === table && each.data['id'] === id)?.data;
    expect(row('times', 2)).toMatchObject({ t0: '-838:59:59', t3: '-00:00:00.001', t6: '-00:00:00.000001' });
    expect(row('times', 5)).toMatchObject({ dt6: '2024-00-00 00:00:00.000000' });
    expect(row('strs', 'k\'4"')).toMatchObject({ e: "it's", bn: Buffer.from('200000000000', 'hex').toString('base64') });
    expect(row('geo', 1)).toMatchObject({ p: 'POINT (1 2.5)', s: 'SRID=4326;POINT (20 10)' });
  });
});

function isRow(line: string): boolean {
  return line.includes('"server_id"');
}

interface Value {
  readonly table: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly old?: Readonly<Record<string, unknown>>;
}

function value(line: string): Value {
  return (JSON.parse(line) as { value: Value }).value;
}

/** Which entry of the list covers a difference in a column, by the type of the column. */
const COVERED: Readonly<Record<string, DifferenceId>> = { s: 'srid', bn: 'binary-zeros', e: 'label-quote', dt6: 'partial-date', t0: 'time', t3: 'time', t6: 'time' };

function differing(ours: string, theirs: string): string[] {
  const [a, b] = [value(ours), value(theirs)];
  const columns = Object.keys(a.data).filter((name) => !isDeepStrictEqual([a.data[name], a.old?.[name]], [b.data[name], b.old?.[name]]));
  const wide = theirs.includes(String.raw`\uD83D`) && !ours.includes(String.raw`\uD83D`);
  const found = [...(wide ? [`${a.table}: wide-characters`] : []), ...columns.map((name) => `${a.table}.${name}: ${COVERED[name] ?? 'not covered'}`)];
  return found.length === 0 ? [`${a.table}: not covered`] : found;
}

function comparable(line: string): string {
  return OF_THE_RUN.reduce((text, [pattern, same]) => text.replaceAll(new RegExp(pattern, 'g'), same), line);
}

function lines(name: string): string[] {
  return readFileSync(new URL(name, import.meta.url), 'utf8').split('\n').filter((line) => line !== '');
}
