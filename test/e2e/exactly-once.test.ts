import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import { jsonOf, readTopic, readerOf } from '../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
let home: Place;
let database = '';
const name = unique('once').replaceAll('_', '-');
const topic = `${name}.rows`;

beforeAll(async () => {
  home = await place(name);
  database = await freshDatabase(mysql, 'once');
  await query(mysql, `create table ${database}.t (id int primary key, txn int not null, v varchar(2000)) engine=InnoDB`);
  const reader = await readerOf(kafka);
  await reader.createTopic(topic, 3);
  await reader.close();
});
afterAll(() => home.remove());

function config(changes: DaemonConfig = {}, sink: DaemonConfig = {}): DaemonConfig {
  return home.config(mysql, {
    name,
    sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery: 'exactly-once', ...sink },
    format: 'plain',
    routes: [{ tables: [`${database}.*`], topic }],
    ...changes,
  });
}

async function ids(): Promise<number[]> {
  return (await readTopic(kafka, topic)).map((message) => (jsonOf(message) as { after: { id: number } }).after.id);
}

async function all(count: number): Promise<number[]> {
  return until(`${String(count)} rows are there`, async () => {
    const found = await ids();
    return found.length >= count && found.sort((a, b) => a - b);
  });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a position in a table', () => {
  it('is where a daemon goes on after SIGKILL', async () => {
    const other = await place('table');
    const settings = {
      ...other.config(mysql), name: `${name}-table`, format: 'plain', routes: [{ tables: [`${database}.kept`] }],
      checkpoint: { path: other.checkpoint, type: 'mysql', server: { host: mysql.host, port: mysql.port, user: 'root' }, table: `${database}.positions` },
    };
    await query(mysql, `create table ${database}.kept (id int primary key) engine=InnoDB`);
    const first = await readyDaemon(other, settings);
    await first.kill();
    await query(mysql, `insert into ${database}.kept values (1)`);
    const second = await readyDaemon(other, settings);
    await until('the row is told', () => existsSync(other.output) && readFileSync(other.output, 'utf8').includes('"id":1'));
    expect(await second.stop()).toBe(0);
    const [row] = await query(mysql, `select name, saves, checkpoint from ${database}.positions`);
    expect(row).toMatchObject({ name: `${name}-table`, checkpoint: expect.stringContaining('rowcast-checkpoint') as string });
    await other.remove();
  }, 60_000);
});

describe('exactly-once delivery', () => {
  it('commits messages and the position together, and goes on after SIGTERM and SIGKILL with nothing twice and nothing missing', async () => {
    let daemon: Daemon = await readyDaemon(home, config());
    const status = JSON.parse(await daemon.text('/status')) as { delivery: unknown };
    expect(status.delivery).toEqual({ mode: 'exactly-once', transactionalId: `rowcast-${name}` });
    await query(mysql, upTo(300).map((id) => `insert into ${database}.t values (${String(id)}, 1, 'x')`).join(';'));
    expect(await all(300)).toEqual(upTo(300));
    expect(await daemon.stop()).toBe(0);
    const writer = await connectMysql(mysql);
    let written = 300;
    const write = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left--) await queryOn(writer, `insert into ${database}.t values (${String(++written)}, 1, 'y')`);
    };
    daemon = await readyDaemon(home, config());
    for (let round = 0; round < 3; round++) {
      await write(150);
      await daemon.kill();
      await write(50);
      daemon = await startDaemon(home, config());
    }
    await daemon.ready();
    await writer.end();
    expect(await all(written)).toEqual(upTo(written));
    expect(await daemon.text('/metrics')).toMatch(/rowcast_kafka_transactions_total\{outcome="committed"\} [1-9]/);
    expect(await daemon.stop()).toBe(0);
    expect(await ids()).toHaveLength(written);
  }, 120_000);

  it('is what a Kafka sink does whose file says nothing of it, and takes over the checkpoint file of a daemon that delivered at least once, once', async () => {
    const other = await place('moved');
    const settings = (delivery?: string): DaemonConfig => ({
      ...other.config(mysql), name: `${name}-moved`, format: 'plain', routes: [{ tables: [`${database}.moved`], topic: `${name}.moved` }],
      sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], ...(delivery === undefined ? {} : { delivery }) },
    });
    await query(mysql, `create table ${database}.moved (id int primary key) engine=InnoDB`);
    const before = await readyDaemon(other, settings('at-least-once'));
    await query(mysql, `insert into ${database}.moved values (1), (2)`);
    await until('both are there', async () => (await readTopic(kafka, `${name}.moved`)).length === 2);
    expect(await before.stop()).toBe(0);
    await query(mysql, `insert into ${database}.moved values (3)`);
    for (const id of [4, 5]) {
      // The same file without the key.
      const daemon = await readyDaemon(other, settings());
      expect(JSON.parse(await daemon.text('/status'))).toMatchObject({ delivery: { mode: 'exactly-once', transactionalId: `rowcast-${name}-moved` } });
      await query(mysql, `insert into ${database}.moved values (${String(id)})`);
      await until('all are there', async () => (await readTopic(kafka, `${name}.moved`)).length === id);
      expect(existsSync(other.checkpoint)).toBe(false);
      expect(existsSync(`${other.checkpoint}.imported`)).toBe(true);
      await daemon.kill();
    }
    const found = (await readTopic(kafka, `${name}.moved`)).map((message) => (jsonOf(message) as { after: { id: number } }).after.id);
    expect(found).toEqual(upTo(5));
    await other.remove();
  }, 90_000);

  it('tells the ends of transactions and changes of tables once, too, whatever is killed', async () => {
    const other = await place('sides');
    const mine = `${name}-sides`;
    const settings = {
      ...other.config(mysql), name: mine, checkpoint: { path: other.checkpoint },
      format: { type: 'debezium', transactions: true, transactionTopic: `${mine}.transactions` }, schemaChanges: `${mine}.ddl`,
      routes: [{ tables: [`${database}.sides`], topic: `${mine}.rows`, tombstones: false }],
      sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery: 'exactly-once' },
    };
    await query(mysql, `create table ${database}.sides (id int primary key) engine=InnoDB`);
    let daemon = await readyDaemon(other, settings);
    const writer = await connectMysql(mysql);
    for (let id = 1; id <= 60; id++) {
      await queryOn(writer, `insert into ${database}.sides (id) values (${String(2 * id)}), (${String(2 * id + 1)})`);
      if (id % 10 === 0) await queryOn(writer, `alter table ${database}.sides add c${String(id)} int`);
      if (id % 20 !== 15) continue;
      await daemon.kill();
      daemon = await startDaemon(other, settings);
    }
    await writer.end();
    await until('all transactions are there', async () => (await readTopic(kafka, `${mine}.transactions`)).length >= 120);
    expect(await daemon.stop()).toBe(0);
    const ends = (await readTopic(kafka, `${mine}.transactions`)).map((message) => jsonOf(message) as { status: string; id: string });
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 120 }, (_, index) => (index % 2 === 0 ? 'BEGIN' : 'END')));
    expect(new Set(ends.map(({ id }) => id)).size).toBe(60);
    expect(await readTopic(kafka, `${mine}.ddl`)).toHaveLength(6);
    expect(await readTopic(kafka, `${mine}.rows`)).toHaveLength(120);
    await other.remove();
  }, 120_000);
});
