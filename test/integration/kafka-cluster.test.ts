import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startKafka, type Server } from '../../scripts/servers/index.ts';
import { place, readyDaemon, startDaemon, type DaemonConfig } from '../support/daemon.ts';
import { checkKafka } from '../../src/sink/kafka/check.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { openSink, put, sinkOptions } from '../unit/sink/kafka/support/sink.ts';

/** Three brokers; the first is the controller too. The third begins in the first test: two are enough for what keeps transactions. */
const brokers: Server[] = [];
let voters = '';
const common = { 'broker.session.timeout.ms': 3_000, 'broker.heartbeat.interval.ms': 500, 'min.insync.replicas': 2, 'replica.lag.time.max.ms': 5_000, 'unclean.leader.election.enable': false, 'transaction.state.log.replication.factor': 2, 'transaction.state.log.min.isr': 1 };

beforeAll(async () => {
  brokers.push(await startKafka({
    config: ({ controller }) => {
      voters = `1@127.0.0.1:${String(controller)}`;
      return common;
    },
  }));
  await join(2);
}, 180_000);

/** Adds a broker to the cluster. */
async function join(node: number): Promise<void> {
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

afterAll(async () => { for (const broker of brokers.reverse()) await broker.stop(); });

describe('three brokers', () => {
  it('are waited for where too few are there for the topics that are to be made, which says why, and ends nothing', async () => {
    const mysql = inject('mysql');
    const database = await freshDatabase(mysql, 'few');
    await query(mysql, `create table ${database}.t (id int primary key)`);
    const sink = { type: 'kafka', brokers: brokers.map((broker) => `127.0.0.1:${String(broker.port)}`), delivery: 'at-least-once', topics: { partitions: 1, replicationFactor: 3 } };
    const homes = [await place('few-file'), await place('few-kafka')] as const;
    const routes = (topic: string): DaemonConfig => ({ sink, format: 'plain', routes: [{ tables: [`${database}.t`], topic }] });
    const daemons = [
      await readyDaemon(homes[0], homes[0].config(mysql, routes('few-of-file'))),
      await startDaemon(homes[1], homes[1].config(mysql, { ...routes('few-of-kafka'), checkpoint: { type: 'kafka', topic: 'few-positions', path: homes[1].checkpoint } })),
    ];
    await query(mysql, `insert into ${database}.t values (1)`);
    const why = /Topic (few-\S+) could not be created: INVALID_REPLICATION_FACTOR .*\. Either brokers are away \(2 answer\), and it is created once they are back, or sink\.topics\.replicationFactor, 3, is more than the cluster has/;
    const told = await Promise.all(daemons.map((daemon) => daemon.while(until('it is not ready, and says why', async () => {
      const { status, detail } = await daemon.readyz();
      return status === 503 ? why.exec(detail)?.[1] : undefined;
    }))));
    expect(told).toEqual(['few-of-file', 'few-positions']);
    for (const daemon of daemons) expect(daemon.lines().find(({ error }) => why.test(String(error)))).toMatchObject({ level: 'warn', code: 'SINK_LOST', hint: expect.stringMatching(/^Start the brokers that are away.*lower sink\.topics\.replicationFactor/) as string });
    const options = sinkOptions(0, { brokers: sink.brokers, topics: { create: true, replicationFactor: 5 } });
    expect(await checkKafka(options, { topics: ['few-of-check'], group: null })).toMatchObject([{ code: 'SINK_LOST', severity: 'error', where: 'few-of-check', message: expect.stringContaining('sink.topics.replicationFactor, 5, is more than the cluster has') as string }]);

    await join(3);
    await daemons[1]?.ready();
    await query(mysql, `insert into ${database}.t values (2)`);
    const messages = async (topic: string): Promise<number> => (await readTopic(brokers[0] as Server, topic)).length;
    await daemons[0]?.while(until('its rows are there', async () => (await messages('few-of-file')) === 2));
    await daemons[1]?.while(until('its row is there', async () => (await messages('few-of-kafka')) === 1));
    await daemons[0]?.ready();
    for (const daemon of daemons) expect(await daemon.stop()).toBe(0);
    for (const home of homes) await home.remove();
  }, 240_000);

  it('have topics made of all three while one of them is away for a time', async () => {
    const [first, , third] = brokers as [Server, Server, Server];
    await third.kill();
    const { sink, seen } = await openSink(first.port, { topics: { create: true, partitions: 3, replicationFactor: 3 } });
    put(await sink.topic('made-meanwhile'), 'k', 'v');
    await sink.flush();
    await third.restart();
    expect((await readTopic(first, 'made-meanwhile')).map(({ value }) => String(value))).toEqual(['v']);
    expect(seen.failure).toBeNull();
  }, 60_000);

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
