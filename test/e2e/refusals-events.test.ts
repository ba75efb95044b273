import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { place, readyDaemon } from '../support/daemon.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';
import { readerOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { alterTopic } from './alter-topic.ts';
import { expectRefusal, refused } from './refusal.ts';
import type { Refusal } from './refusal.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');

let home: Place;
let database: string;
let config: DaemonConfig;

beforeEach(async () => {
  home = await place('events');
  database = await freshDatabase(mysql, 'events');
  config = home.config(mysql, { format: 'plain', routes: [{ tables: [`${database}.*`] }] });
});

afterEach(() => home.remove());

/** Ids of the rows that a file sink has told. */
async function idsTold(): Promise<number[]> {
  const lines = (await readFile(home.output, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { key: { id: number } }).key.id);
}

describe('an event that cannot be told as it is stops the daemon before it', () => {
  it.each<readonly [what: string, sql: string, refusal: Refusal]>([
    [
      'rows written as a statement',
      "set session binlog_format = 'STATEMENT'; update t set doc = '{}' where id = 1",
      { code: 'STATEMENT_DML', says: /UPDATE was logged as a statement and names .*\.t \(at \S+:\d+\): update t set doc = \? where id = \?/, advises: /binlog_format=ROW/ },
    ],
    [
      'a row whose key the binlog does not tell',
      "alter table t alter id set default 7; set session binlog_row_image = 'MINIMAL'; insert into t (doc) values ('[]')",
      { code: 'COLUMN_ABSENT', says: /\.t at \S+:\d+, row 0: the binlog does not tell the column id of this row/, advises: /binlog_row_image=FULL/ },
    ],
    [
      'a change of a JSON document without the document',
      "set session binlog_row_image = 'MINIMAL', session binlog_row_value_options = 'PARTIAL_JSON'; update t set doc = json_set(doc, '$.a', 2) where id = 1",
      { code: 'COLUMN_ABSENT', says: /JSON column doc of .*\.t comes without the document that it changes.*\S+:\d+/, advises: /binlog_row_image=FULL or NOBLOB/ },
    ],
  ])('%s', async (_what, sql, refusal) => {
    const daemon = await readyDaemon(home, config);
    const long = JSON.stringify({ a: 1, pad: 'x'.repeat(200) });
    await query(mysql, `create table t (id int primary key, doc json); insert into t values (1, '${long}'), (2, '{}')`, database);
    await query(mysql, sql, database);
    expectRefusal(daemon, await daemon.end(), refusal);
    expect(await idsTold()).toEqual([1, 2]);
    // It stands before the event, so it meets it again; and what came before is not told twice.
    await refused(home, config, refusal);
    expect(await idsTold()).toEqual([1, 2]);
  });

  it('but not rows of a compressed transaction, nor JSON that was changed in part', async () => {
    const daemon = await readyDaemon(home, config);
    const long = JSON.stringify({ a: 1, pad: 'x'.repeat(200) });
    await query(mysql, `create table t (id int primary key, doc json); insert into t values (1, '${long}')`, database);
    await query(mysql, "set session binlog_transaction_compression = ON, session binlog_row_value_options = 'PARTIAL_JSON'; insert into t values (2, '{}'); update t set doc = json_set(doc, '$.a', 2) where id = 1", database);
    await daemon.while(until('three changes', async () => (await idsTold()).length === 3));
    expect(await daemon.stop()).toBe(0);
    const last = (await readFile(home.output, 'utf8')).trim().split('\n').at(-1) ?? '';
    expect((JSON.parse(last) as { value: { before: object; after: object } }).value).toMatchObject({ before: { doc: { a: 1 } }, after: { doc: { a: 2, pad: 'x'.repeat(200) } } });
  });

  it('a row that its topic does not take, until it does', async () => {
    const topic = unique('oversize');
    const reader = await readerOf(kafka);
    await reader.createTopic(topic, 1, { 'max.message.bytes': '100000' });
    config = home.config(mysql, { sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`] }, routes: [{ tables: [`${database}.*`], topic }] });
    const daemon = await readyDaemon(home, config);
    await query(mysql, `create table t (id int primary key, doc longtext); insert into t values (1, 'small'); insert into t values (2, repeat('x', 150000)); insert into t values (3, 'small')`, database);
    const refusal: Refusal = { code: 'ROW_TOO_LARGE', says: new RegExp(`${database}\\.t at .*15\\d{4} bytes.*takes 100000`), advises: /max\.message\.bytes/ };
    const failure = expectRefusal(daemon, await daemon.end(), refusal);
    expect(failure.facts).toMatchObject({ table: `${database}.t`, key: '{"id":2}', topic, limit: 100_000 });
    await refused(home, config, refusal);
    await alterTopic(kafka, topic, { 'max.message.bytes': '200000' });
    const after = await readyDaemon(home, config);
    await after.while(until('all three', async () => (await readTopic(kafka, topic)).length === 3));
    expect(await after.stop()).toBe(0);
    await reader.close();
    expect((await readTopic(kafka, topic)).map(({ key }) => String(key))).toEqual(['{"id":1}', '{"id":2}', '{"id":3}']);
  });

  it('a row beyond limits.row, before it is held in memory', async () => {
    config = { ...config, limits: { row: '100KiB' } };
    const daemon = await readyDaemon(home, config);
    await query(mysql, `create table t (id int primary key, doc longtext); insert into t values (1, 'small'); insert into t values (2, repeat('x', 5000000))`, database);
    const refusal: Refusal = { code: 'ROW_TOO_LARGE', says: new RegExp(`${database}\\.t.*5000\\d{3} bytes.*limits\\.row`), advises: /Raise limits\.row/ };
    expectRefusal(daemon, await daemon.end(), refusal);
    expect(await idsTold()).toEqual([1]);
    await refused(home, config, refusal);
  });
});
