import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startKafka, type Server } from '../../scripts/servers/index.ts';
import { place, readyDaemon } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { openSink, put } from '../unit/sink/kafka/support/sink.ts';

/** Three brokers; the first is the controller too. */
const brokers: Server[] = [];

beforeAll(async () => {
  let voters = '';
  const common = { 'broker.session.timeout.ms': 3_000, 'broker.heartbeat.interval.ms': 500, 'min.insync.replicas': 2, 'replica.lag.time.max.ms': 5_000, 'unclean.leader.election.enable': false, 'transaction.state.log.replication.factor': 3, 'transaction.state.log.min.isr': 2 };
  brokers.push(await startKafka({
    config: ({ controller }) => {
      voters = `1@127.0.0.1:${String(controller)}`;
      return common;
    },
  }));
  for (const node of [2, 3]) {
    brokers.push(await startKafka({
      config: ({ port }) => ({
        ...common,
        'process.roles': 'broker',
        'node.id': node,
        'controller.quorum.voters': voters,
        listeners: `PLAINTEXT://127.0.0.1:${String(port)}`,
      }),
    }));
  }
}, 180_000);

afterAll(async () => { for (const broker of brokers.reverse()) await broker.stop(); });

describe('three brokers', () => {
  it('lose none and repeat none when the leaders of partitions are killed one after the other', async () => {
    const [first, second, third] = brokers as [Server, Server, Server];
    const { sink, seen } = await openSink(first.port, {
      brokers: brokers.map((broker) => `127.0.0.1:${String(broker.port)}`), batchBytes: 20_000, requestTimeoutMs: 5_000, connectTimeoutMs: 2_000,
      topics: { create: true, partitions: 6, replicationFactor: 3 },
    });
    const writer = await sink.topic('moving');
    let sent = 0;
    const write = async (count: number): Promise<void> => {
      for (const end = sent + count; sent < end; sent++) {
        put(writer, String(sent % 60), String(sent));
        if (sent % 60 === 0) await sleep(1);
      }
    };
    await write(6_000);
    const killed = second.kill();
    await write(6_000);
    await killed;
    await sink.flush();
    await second.restart();
    await write(6_000);
    const last = third.kill();
    await write(6_000);
    await last;
    await sink.flush();
    expect([seen.held, seen.open.size, seen.twice, seen.failure]).toEqual([0, 0, 0, null]);
    expect([...new Set(seen.events)]).toEqual(['down SINK_LOST', 'up']);
    const perKey = new Map<string, number[]>();
    for (const { key, value } of await readTopic(first, 'moving')) perKey.set(String(key), [...(perKey.get(String(key)) ?? []), Number(value)]);
    expect(perKey.size).toBe(60);
    for (const [key, values] of perKey) expect(values).toEqual(Array.from({ length: 400 }, (_, n) => Number(key) + n * 60));
  }, 120_000);

  it('are sent each row exactly once while leaders and the coordinator of transactions are killed and come back', async () => {
    const [first, second, third] = brokers as [Server, Server, Server];
    const mysql = inject('mysql');
    const home = await place('cluster-once');
    const database = await freshDatabase(mysql, 'cluster');
    await query(mysql, `create table ${database}.t (id int primary key, k int not null, version int not null) engine=InnoDB`);
    const daemon = await readyDaemon(home, {
      ...home.config(mysql),
      name: 'cluster-once', checkpoint: { path: home.checkpoint, type: 'kafka' }, format: 'plain',
      sink: { type: 'kafka', brokers: brokers.map((broker) => `127.0.0.1:${String(broker.port)}`), delivery: 'exactly-once', topics: { partitions: 6, replicationFactor: 3 }, requestTimeout: '5s', connectTimeout: '2s' },
      routes: [{ tables: [`${database}.t`], topic: 'once', key: ['k'] }],
    });
    const writer = await connectMysql(mysql);
    let written = 0;
    const write = async (count: number): Promise<void> => {
      for (const end = written + count; written < end; ) await queryOn(writer, `insert into ${database}.t values ${[1, 2, 3, 4].map(() => `(${String(++written)}, ${String(written % 20)}, ${String(written)})`).join(', ')}`);
    };
    await write(400);
    for (const broker of [second, third]) {
      const killed = broker.kill();
      await write(800);
      await killed;
      await write(400);
      await broker.restart();
      await write(400);
    }
    await until('every row is there', async () => (await readTopic(first, 'once')).length >= written, 120_000);
    expect(await daemon.stop()).toBe(0);
    const perKey = new Map<number, number[]>();
    for (const message of await readTopic(first, 'once')) {
      const { k, version } = (jsonOf(message) as { after: { k: number; version: number } }).after;
      perKey.set(k, [...(perKey.get(k) ?? []), version]);
    }
    for (const [key, versions] of perKey) expect(versions).toEqual(Array.from({ length: written / 20 }, (_, n) => (key === 0 ? 20 : key) + n * 20));
    await writer.end();
    await home.remove();
  }, 240_000);
});
