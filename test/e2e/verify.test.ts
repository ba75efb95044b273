import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { topicOffsets } from '../../scripts/kafka-reader.ts';
import { rowcast } from '../unit/cli/support.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, readyDaemon } from '../support/daemon.ts';
import { readerOf } from '../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn, unique } from '../support/mysql.ts';
import { tableOf, told, verify } from './verify-support.ts';
import { verifyTables } from '../../src/app/verify/verify.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
const broker = `${kafka.host}:${String(kafka.port)}`;
const client = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
const name = unique('verify').replaceAll('_', '-');
let home: Place;
let daemon: Daemon;
let config: DaemonConfig;
let database = '';

const topicOf = (table: string): string => `${name}.${table}`;

/** SQL in a session whose changes are in no binlog. */
async function unseen(sql: string): Promise<void> {
  await query(mysql, `set sql_log_bin = 0; ${sql}`, database);
}

async function produce(topic: string, ...messages: readonly { readonly key: string; readonly value: string | null }[]): Promise<void> {
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic, messages: [...messages] });
  await producer.disconnect();
}

beforeAll(async () => {
  home = await place(name);
  database = await freshDatabase(mysql, 'verify');
  const reader = await readerOf(kafka);
  for (const table of ['orders', 'busy', 'lossy', 'early', 'pair']) await reader.createTopic(topicOf(table), 3);
  await reader.close();
  const [row] = await query(mysql, 'show binary log status');
  const route = (table: string, more: object = {}): object => ({ tables: [`${database}.${table}`], topic: topicOf(table), ...more });
  config = home.config(mysql, {
    name,
    source: { host: mysql.host, port: mysql.port, user: 'root', heartbeat: '500ms', start: { file: String(row?.['File']), position: Number(row?.['Position']) } },
    sink: { type: 'kafka', brokers: [broker], delivery: 'exactly-once' },
    checkpoint: { path: home.checkpoint, topic: `${name}.positions` },
    masking: { key: 'secret of the test' },
    format: 'plain',
    routes: [
      route('orders'),
      route('busy'),
      route('early'),
      route('hidden', { where: 'row.v > 0', columns: { exclude: ['s'], rename: { v: 'amount' }, mask: { name: 'sha256', pin: 'redact' } }, format: 'debezium' }),
      route('customers', { key: ['region'], tombstones: false }),
      ...['left', 'right'].map((table) => ({ tables: [`${database}.${table}`], topic: topicOf('pair') })),
      route('nokey'),
      route('some', { when: "op != 'update'" }),
      route('inserts', { operations: ['insert'] }),
      route('masked', { columns: { mask: { id: 'redact' } } }),
      { tables: [`${database}.flat?`], topic: topicOf('flat'), format: { type: 'debezium', flat: true } },
      route('dropped', { format: { type: 'debezium', flat: { deletes: 'drop' } } }),
    ],
  });
  daemon = await readyDaemon(home, config);
});
afterAll(async () => {
  await daemon.stop();
  await home.remove();
  await query(mysql, `drop database ${database}`);
});

describe('a comparison', () => {
  it('names rows that are missing, extra and different, and goes on where it was', async () => {
    await query(mysql, `create table orders (id int primary key, v varchar(20), w int default 5);
      insert into orders (id, v) values ${Array.from({ length: 40 }, (_, i) => `(${String(i)}, 'v${String(i)}')`).join()};
      update orders set w = id where id < 10; delete from orders where id = 39; update orders set id = 100 where id = 38`, database);
    expect(told(await verify(home, config, { tables: [`${database}.orders`] }))).toEqual([]);
    await unseen("insert into orders values (500, 'unseen', 1); delete from orders where id = 7; update orders set v = 'other', w = null where id = 8");
    await produce(topicOf('orders'), { key: '{"id":900}', value: JSON.stringify({ op: 'insert', source: { database, table: 'orders' }, after: { id: 900, v: 'x', w: 1 } }) });
    const wanted = ['different orders {"id":8} v,w', 'extra orders {"id":7}', 'extra orders {"id":900}', 'missing orders {"id":500}'];
    const state = join(home.folder, 'state');
    const stop = new AbortController();
    const first = await verify(home, config, { tables: [`${database}.orders`], state, signal: stop.signal, progress: ({ phase }) => { if (phase === 'compare') stop.abort(); } });
    expect(first.verification.end).toBe('interrupted');
    const result = await verify(home, config, { tables: [`${database}.orders`], state });
    expect(told(result)).toEqual(wanted);
    expect(tableOf(result, 'orders')).toMatchObject({ counts: { rows: 39, missing: 1, extra: 2, different: 1, unknown: 0 }, columns: ['id', 'v', 'w'] });
    expect(result.differences.find(({ key }) => key === '{"id":500}')?.message).toBeNull();
    expect(result.differences.find(({ key }) => key === '{"id":8}')?.message).toMatchObject({ offset: expect.stringMatching(/^\d+$/) as string });
    expect(told(await verify(home, config, { tables: [`${database}.orders`], state }))).toEqual(wanted);
    const limited = await verify(home, config, { tables: [`${database}.orders`], limit: 2 });
    expect([limited.differences.length, limited.verification.end]).toEqual([2, 'stopped']);
  });

  it('raises no false alarm while rows change, move and go, and sees what was lost meanwhile', async () => {
    await query(mysql, `create table busy (id int primary key, v int not null); insert into busy values ${Array.from({ length: 2_000 }, (_, i) => `(${String(i)}, 0)`).join()}`, database);
    const writer = await connectMysql(mysql, database);
    let [going, written] = [true, 0];
    const writing = (async () => {
      for (let i = 0; going; i++, written++) {
        const id = String((i * 37) % 2_000);
        await queryOn(writer, `update busy set v = v + 1 where id = ${id}; update busy set v = v + 1 where id = 5; delete from busy where id = ${String((i * 53) % 2_000)} and id > 20; insert ignore into busy values (${String((i * 71) % 2_000)}, ${String(i)}); update ignore busy set id = id + 5000 where id = ${String(1_000 + (i % 900))}`);
      }
    })();
    try {
      const lost = unseen('update busy set v = -1 where id = 11');
      await lost;
      const result = await verify(home, config, { tables: [`${database}.busy`], chunk: 50 });
      expect(written).toBeGreaterThan(0);
      const alarms = result.differences.filter(({ key }) => key !== '{"id":11}');
      expect(alarms).toEqual([]);
    } finally {
      going = false;
      await writing;
      await writer.end();
    }
    await query(mysql, 'update busy set v = v + 1', database);
    await unseen('update busy set v = -1 where id = 11');
    expect(told(await verify(home, config, { tables: [`${database}.busy`] }))).toEqual(['different busy {"id":11} v']);
  });

  it('takes conditions, names, masks and left out columns into account', async () => {
    await query(mysql, `create table hidden (id int primary key, v int, s varchar(20), name varchar(20), pin int);
      insert into hidden values (1, 5, 's', 'ann', 1), (2, -1, 's', 'bob', 2), (3, 7, 's', 'eve', 3), (4, 1, 's', 'joe', 4); update hidden set v = -5 where id = 3; delete from hidden where id = 4`, database);
    const equal = await verify(home, config, { tables: [`${database}.hidden`] });
    expect(told(equal)).toEqual([]);
    expect(tableOf(equal, 'hidden')).toMatchObject({ hidden: ['s'], masked: ['pin'], columns: ['id', 'amount', 'name', 'pin'], counts: { rows: 1 } });
    await unseen("update hidden set name = 'zoe', s = 't', pin = 9 where id = 1; update hidden set v = 1 where id = 2");
    expect(told(await verify(home, config, { tables: [`${database}.hidden`] }))).toEqual(['different hidden {"id":1} name', 'missing hidden {"id":2}']);
  });

  it('tells tables of one topic apart, and rows whose messages have another key', async () => {
    await query(mysql, `create table \`left\` (id int primary key, v int); create table \`right\` (id int primary key, v int); insert into \`left\` values (1, 1), (2, 2); insert into \`right\` values (1, 10), (3, 30); delete from \`right\` where id = 3;
      create table customers (id int primary key, region int); insert into customers values (1, 7), (2, 7), (3, 8); update customers set region = 9 where id = 2; delete from customers where id = 3; update customers set id = 4 where id = 1`, database);
    const tables = [`${database}.left`, `${database}.right`, `${database}.customers`];
    expect(told(await verify(home, config, { tables }))).toEqual([]);
    await unseen('delete from `left` where id = 1; update `right` set v = 11 where id = 1; update customers set region = 1 where id = 2');
    expect(told(await verify(home, config, { tables }))).toEqual(['different customers {"id":2} region', 'different right {"id":1} v', 'extra left {"id":1}']);
  });

  it('takes tombstones for deletes, and counts messages that cannot be read', async () => {
    await query(mysql, `create table lossy (id int primary key, v int); insert into lossy values (1, 1), (2, 2)`, database);
    const own = { ...config, routes: [{ tables: [`${database}.lossy`], topic: topicOf('lossy') }] };
    await produce(topicOf('lossy'), ...[1, 2].map((id) => ({ key: `{"id":${String(id)}}`, value: JSON.stringify({ op: 'insert', source: { database, table: 'lossy' }, after: { id, v: id } }) })));
    expect(told(await verify(home, own))).toEqual([]);
    await produce(topicOf('lossy'), { key: '{"id":1}', value: null }, { key: '{"id":2}', value: 'rubbish' });
    const result = await verify(home, own);
    expect(told(result)).toEqual(['missing lossy {"id":1}']);
    expect(tableOf(result, 'lossy').unreadable.count).toBe(1);
  });

  it('says that nobody can tell where the beginning of the topic is deleted', async () => {
    await query(mysql, 'create table early (id int primary key, v int); insert into early values (1, 1), (2, 2), (3, 3)', database);
    expect(told(await verify(home, config, { tables: [`${database}.early`] }))).toEqual([]);
    const admin = client.admin();
    await admin.connect();
    const ends = await topicOffsets(admin, topicOf('early'));
    await admin.deleteTopicRecords({ topic: topicOf('early'), partitions: ends.map(({ partition, high }) => ({ partition, offset: high })) });
    await admin.disconnect();
    await query(mysql, 'update early set v = 4 where id = 1', database);
    const result = await verify(home, config, { tables: [`${database}.early`] });
    expect(told(result)).toEqual(['unknown early {"id":2}', 'unknown early {"id":3}']);
  });

  it('refuses by name what it cannot compare', async () => {
    await query(mysql, ['nokey (v int)', ...['some', 'inserts', 'masked', 'flat1', 'flat2', 'dropped'].map((table) => `${table} (id int primary key, v int)`)].map((table) => `create table ${table}; `).join(''), database);
    const { verification } = await verify(home, config, { tables: ['nokey', 'some', 'inserts', 'masked', 'flat?', 'dropped'].map((table) => `${database}.${table.replace('?', '*')}`) });
    const reasons = Object.fromEntries(verification.tables.map(({ table, refused }) => [table.slice(database.length + 1), refused]));
    expect(reasons).toMatchObject({ nokey: expect.stringContaining('primary key') as string, some: expect.stringContaining('when') as string, inserts: expect.stringContaining('only insert') as string, masked: expect.stringContaining('sha256') as string, dropped: expect.stringContaining('deletes') as string });
    await expect(verify(home, config, { tables: ['nothing.here'] })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(verify(home, { ...config, sink: { type: 'stdout' }, checkpoint: { path: home.checkpoint } })).rejects.toMatchObject({ code: 'VERIFY_REFUSED' });
  });

  it('cannot decide about rows that differ while no daemon moves on', async () => {
    await query(mysql, 'create table if not exists lossy (id int primary key, v int)', database);
    await daemon.stop();
    await query(mysql, 'insert into orders (id) values (777)', database);
    await expect(verify(home, config, { tables: [`${database}.orders`], patience: 1_000 })).rejects.toMatchObject({ code: 'VERIFY_BEHIND' });
    daemon = await readyDaemon(home, config);
    expect(told(await verify(home, config, { tables: [`${database}.orders`] })).filter((line) => line.includes('777'))).toEqual([]);
  });

  it('is a command that prints differences and a report, and leaves nothing behind', async () => {
    const file = join(home.folder, 'verify.yaml');
    const words = ['verify', '-c', file, '--table', `${database}.orders`, '--chunk', '7'];
    const text = await rowcast(words, { app: { verifyTables } });
    expect(text.exit).toBe(10);
    expect(text.out).toContain(`missing ${database}.orders {"id":500} is in the table and not in the topic`);
    expect(text.out).toContain(`different ${database}.orders and topic ${topicOf('orders')}: 40 rows, 1 missing, 2 extra, 1 different`);
    const json = await rowcast([...words, '--json', '--quiet'], { app: { verifyTables } });
    expect(json.err).toBe('');
    const lines = json.out.trim().split('\n').map((line) => JSON.parse(line) as { type: string; outcome?: string });
    expect(lines.map(({ type }) => type)).toEqual(['difference', 'difference', 'difference', 'difference', 'summary']);
    expect(lines.at(-1)?.outcome).toBe('different');
    await sleep(0);
    expect(existsSync(join(home.folder, 'state', 'verify.json'))).toBe(true);
  });
});
