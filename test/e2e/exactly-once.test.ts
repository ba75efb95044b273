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
});
