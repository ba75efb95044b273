import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { place, readyDaemon, runToEnd } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { readerOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { alterTopic } from './alter-topic.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
const LIMIT = 4000;

let home: Place;
let database: string;
let topic: string;
let dead: string;

beforeEach(async () => {
  home = await place('misfits');
  database = await freshDatabase(mysql, 'misfits');
  topic = unique('misfits');
  dead = `${topic}.dead`;
  await query(mysql, 'create table wide (id int primary key, body longtext, v int)', database);
});

afterEach(() => home.remove());

const sink = { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`], topics: { partitions: 1 } };

function config(route: DaemonConfig, changes: DaemonConfig = {}): DaemonConfig {
  return home.config(mysql, { sink, format: 'plain', deadLetter: { topic: dead }, routes: [{ tables: [`${database}.wide`], topic, ...route }], ...changes });
}

/** A topic that takes messages of `LIMIT` bytes. */
async function smallTopic(name = topic): Promise<void> {
  const reader = await readerOf(kafka);
  await reader.createTopic(name, 1);
  await reader.close();
  await alterTopic(kafka, name, { 'max.message.bytes': String(LIMIT) });
}

interface Told {
  readonly key: string;
  readonly value: { readonly op: string; readonly before?: Row; readonly after?: Row } | null;
  readonly headers: Readonly<Record<string, string>>;
}

type Row = Readonly<Record<string, string | number>>;

async function told(name = topic): Promise<Told[]> {
  return (await readTopic(kafka, name)).map(({ key, value, headers }) => ({
    key: String(key),
    value: value === null ? null : (JSON.parse(String(value)) as NonNullable<Told['value']>),
    headers: Object.fromEntries(Object.entries(headers)),
  }));
}

async function toldUntil(daemon: Daemon, key: string): Promise<Told[]> {
  await daemon.while(until(`the row ${key}`, async () => (await told()).some((one) => one.key === key)));
  return told();
}

/** Inserts, updates and deletes, too large in either image, and a key that changes; the last row is `{"id":9}`. */
const CHANGES = `insert into wide values (1, 'fits', 1), (2, repeat('x', 9000), 1), (3, 'fits', 1);
  update wide set body = repeat('y', 9000) where id = 1; update wide set id = 4 where id = 1; delete from wide where id in (2, 3);
  insert into wide values (9, 'end', 1)`;

const shape = ({ key, value }: Told): string => (value === null ? `${key} tombstone` : `${key} ${value.op.slice(0, 1)}`);

describe('messages that are larger than their topic takes', () => {
  it.each(['plain', 'debezium'])('are cut, and nothing else is changed (%s)', async (format) => {
    await smallTopic();
    const daemon = await readyDaemon(home, config({ onTooLarge: 'truncate' }, { format }));
    await query(mysql, CHANGES, database);
    const messages = await toldUntil(daemon, '{"id":9}');
    expect(messages.map(({ key, value, headers }) => [key, value === null ? null : value.op.slice(0, 1), headers['__rowcast.truncated'] ?? null])).toEqual(
      [
        ['{"id":1}', 'i', null], ['{"id":2}', 'i', '{"after":{"body":9000}}'], ['{"id":3}', 'i', null],
        ['{"id":1}', 'u', '{"after":{"body":9000}}'], ['{"id":1}', 'd', '{"before":{"body":9000}}'], ['{"id":1}', null, null], ['{"id":4}', 'i', '{"after":{"body":9000}}'],
        ['{"id":2}', 'd', '{"before":{"body":9000}}'], ['{"id":2}', null, null], ['{"id":3}', 'd', null], ['{"id":3}', null, null], ['{"id":9}', 'i', null],
      ].map(([key, op, header]) => [key, format === 'debezium' && op === 'i' ? 'c' : op, header]),
    );
    const cut = messages[1]?.value?.after?.['body'];
    expect(String(cut)).toMatch(/^x{2500,3990}$/);
    expect(await daemon.text('/metrics')).toContain(`rowcast_rows_truncated_total{table="${database}.wide"} 5`);
    expect(await daemon.stop()).toBe(0);
  });

  it('are dropped with a count and a line each, and the position passes them', async () => {
    await smallTopic();
    const daemon = await readyDaemon(home, config({ onTooLarge: 'drop' }));
    await query(mysql, CHANGES, database);
    const messages = await toldUntil(daemon, '{"id":9}');
    expect(messages.map(shape)).toEqual(['{"id":1} i', '{"id":3} i', '{"id":1} tombstone', '{"id":2} tombstone', '{"id":3} d', '{"id":3} tombstone', '{"id":9} i']);
    expect(await daemon.text('/metrics')).toContain(`rowcast_rows_left_out_total{reason="too_large",table="${database}.wide"} 5`);
    const lines = daemon.said('a message is left out: it is larger than its topic takes');
    expect(lines.map(({ key, operation }) => [key, operation])).toEqual([['{"id":2}', 'insert'], ['{"id":1}', 'update'], ['{"id":1}', 'delete'], ['{"id":4}', 'insert'], ['{"id":2}', 'delete']]);
    expect(lines[0]).toMatchObject({ table: `${database}.wide`, limit: LIMIT, file: expect.stringContaining('.') as unknown, position: expect.any(Number) as unknown, gtid: expect.stringContaining(':') as unknown });
    expect(await daemon.stop()).toBe(0);
    const again = await readyDaemon(home, config({ onTooLarge: 'drop' }));
    expect(await again.stop()).toBe(0);
    expect((await told()).length).toBe(messages.length);
  });

  it('go to the dead letters, and by place and key only where their topic is too small, too', async () => {
    await smallTopic();
    const daemon = await readyDaemon(home, config({ onTooLarge: 'deadLetter' }));
    await query(mysql, CHANGES, database);
    await toldUntil(daemon, '{"id":9}');
    const letters = await readTopic(kafka, dead);
    const values = letters.map(({ value }) => JSON.parse(String(value)) as { table: string; code: string; gtid: string; operation: string; value?: { op: string; after?: Row } });
    expect(letters.map(({ key }) => String(key))).toEqual(['{"id":2}', '{"id":1}', '{"id":1}', '{"id":4}', '{"id":2}']);
    expect(values[0]).toMatchObject({ table: `${database}.wide`, topic, code: 'ROW_TOO_LARGE', operation: 'insert', row: 0, value: { op: 'insert', after: { id: 2, body: 'x'.repeat(9000) } } });
    expect(values[0]?.gtid).toMatch(/:\d+$/);
    await alterTopic(kafka, dead, { 'max.message.bytes': String(LIMIT) });
    expect(await daemon.stop()).toBe(0);
    const again = await readyDaemon(home, config({ onTooLarge: 'deadLetter' }));
    await query(mysql, `insert into wide values (7, repeat('x', 9000), 1), (8, 'end', 1)`, database);
    await toldUntil(again, '{"id":8}');
    const last = JSON.parse(String((await readTopic(kafka, dead)).at(-1)?.value)) as Record<string, unknown>;
    expect(Object.keys(last)).toEqual(['table', 'topic', 'operation', 'gtid', 'file', 'position', 'row', 'timestamp', 'key', 'bytes', 'code']);
    expect(last).toMatchObject({ key: '{"id":7}', code: 'ROW_TOO_LARGE' });
    expect(await again.stop()).toBe(0);
  });

  it('stop the daemon by default, with table, key, place and what may be done', async () => {
    await smallTopic();
    const first = await readyDaemon(home, config({}));
    expect(await first.stop()).toBe(0);
    await query(mysql, CHANGES, database);
    const { daemon, exit } = await runToEnd(home, config({}));
    expect(exit).toBe(7);
    expect(daemon.failure()).toMatchObject({ code: 'ROW_TOO_LARGE', hint: expect.stringContaining('onTooLarge') as unknown, facts: { table: `${database}.wide`, key: '{"id":2}', row: 0, file: expect.any(String) as unknown, position: expect.any(Number) as unknown } });
    expect((await told()).map(shape)).toEqual(['{"id":1} i']);
  });
});

describe('a topic that takes less while the daemon runs', () => {
  it.each(['truncate', 'drop', 'deadLetter', 'fail'])('has rows follow their route (%s): they are read again from the saved position', async (onTooLarge) => {
    const daemon = await readyDaemon(home, config({ onTooLarge }));
    await query(mysql, `insert into wide values (1, repeat('x', 9000), 1)`, database);
    await toldUntil(daemon, '{"id":1}');
    await alterTopic(kafka, topic, { 'max.message.bytes': String(LIMIT) });
    await query(mysql, `insert into wide values (2, 'fits', 1); insert into wide values (3, repeat('x', 9000), 1), (4, 'behind', 1)`, database);
    if (onTooLarge === 'fail') {
      expect(await daemon.end()).toBe(7);
      expect(daemon.failure()).toMatchObject({ code: 'ROW_TOO_LARGE', facts: { table: `${database}.wide`, key: '{"id":3}', limit: LIMIT, position: expect.any(Number) as unknown } });
      expect(home.saved()).toBeTruthy();
      return;
    }
    const messages = await toldUntil(daemon, '{"id":4}');
    const keys = messages.map(({ key }) => key);
    expect(keys.filter((key, index) => keys.indexOf(key) === index)).toEqual(onTooLarge === 'truncate' ? ['{"id":1}', '{"id":2}', '{"id":3}', '{"id":4}'] : ['{"id":1}', '{"id":2}', '{"id":4}']);
    expect(messages.filter(({ headers }) => headers['__rowcast.truncated'] !== undefined).length).toBe(onTooLarge === 'truncate' ? 1 : 0);
    if (onTooLarge === 'deadLetter') expect((await readTopic(kafka, dead)).map(({ key }) => String(key))).toEqual(['{"id":3}']);
    expect(daemon.said('stream lost, reading again from the last saved transaction')).toMatchObject([{ code: 'ROW_REFUSED' }]);
    expect(await daemon.stop()).toBe(0);
  });
});

it('a row that Kafka refuses for another reason than its size stops the daemon, with the place it comes after', async () => {
  const reader = await readerOf(kafka);
  await reader.createTopic(topic, 1);
  await reader.close();
  await alterTopic(kafka, topic, { 'cleanup.policy': 'compact' });
  const daemon = await readyDaemon(home, config({ key: 'none', onTooLarge: 'drop' }));
  const before = home.saved();
  await query(mysql, `insert into wide values (1, 'a', 1)`, database);
  expect(await daemon.end()).toBe(5);
  expect(daemon.failure()).toMatchObject({ code: 'SINK_REFUSED', msg: expect.stringMatching(/INVALID_RECORD.*the message has no key, and its row comes after/) as unknown, facts: { after: before } });
  expect(home.saved()).toBe(before);
});

describe('rows that cannot be told', () => {
  const where = '10 / row.v > 1';

  it('are left out, counted and logged, or are dead letters with the row', async () => {
    const daemon = await readyDaemon(home, config({ where, onError: 'deadLetter' }));
    await query(mysql, `insert into wide values (1, 'a', 2), (2, 'b', 0), (9, 'end', 2)`, database);
    await toldUntil(daemon, '{"id":9}');
    const [letter] = await readTopic(kafka, dead);
    expect(JSON.parse(String(letter?.value))).toMatchObject({ table: `${database}.wide`, code: 'CONDITION_FAILED', key: '{"id":2}', row: 1, value: { op: 'insert', after: { id: 2, body: 'b', v: 0 } } });
    expect(await daemon.stop()).toBe(0);
    const skipping = await readyDaemon(home, config({ where, onError: 'skip' }));
    await query(mysql, `insert into wide values (3, 'b', 0), (10, 'end', 2)`, database);
    const messages = await toldUntil(skipping, '{"id":10}');
    expect(messages.map(({ key }) => key)).toEqual(['{"id":1}', '{"id":9}', '{"id":10}']);
    expect(skipping.said('a row is left out: it cannot be told')).toMatchObject([{ code: 'CONDITION_FAILED', key: '{"id":3}' }]);
    expect(await skipping.text('/metrics')).toContain(`rowcast_rows_left_out_total{reason="condition_error",table="${database}.wide"} 1`);
    expect(await skipping.stop()).toBe(0);
  });
});

describe('lines of the other sinks', () => {
  it('show dead letters under their topic, in a file and on standard output', async () => {
    const route = { where: '10 / row.v > 1', onError: 'deadLetter' };
    const letter = { topic: dead, key: { id: 2 }, value: expect.objectContaining({ code: 'CONDITION_FAILED' }) as unknown };
    const text = readyDaemon(home, config(route, { sink: { type: 'file', path: home.output } }));
    const daemon = await text;
    await query(mysql, `insert into wide values (2, 'b', 0), (9, 'end', 2)`, database);
    await daemon.while(until('the rows', () => Promise.resolve(readFileSync(home.output, 'utf8').includes('"id":9'))));
    expect(await daemon.stop()).toBe(0);
    expect(JSON.parse(readFileSync(home.output, 'utf8').split('\n')[0] ?? '')).toMatchObject(letter);
    const printing = await readyDaemon(home, config(route, { sink: { type: 'stdout' } }));
    await query(mysql, `delete from wide where id = 2; insert into wide values (2, 'b', 0), (10, 'end', 2)`, database);
    await printing.while(until('the rows', () => Promise.resolve(printing.output.includes('"id":10'))));
    expect(await printing.stop()).toBe(0);
    const lines = printing.output.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { topic: string });
    expect(lines.filter((line) => line.topic === dead)).toMatchObject([letter, letter]);
  });
});
