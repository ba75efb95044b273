import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { READER, startKafka, startMysql, type Server } from '../../scripts/servers/index.ts';
import { freePort } from '../../scripts/servers/port.ts';
import type { RowcastError } from '../../src/core/errors.ts';
import { notesOf, topic as positionTopic } from '../integration/support/stores.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import { jsonOf, readTopic, readerOf, type TopicMessage } from '../support/kafka.ts';
import { API, startKafkaProxy, type Fault, type KafkaProxy } from '../support/kafka-proxy.ts';
import { connectMysql, freshDatabase, query, queryOn, unique, type Address } from '../support/mysql.ts';
import { listensBehind } from '../support/proxied-kafka.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';

let mysql: Server;
let kafka: Server;
let proxy: KafkaProxy;
let database = '';
let writer: Connection;

beforeAll(async () => {
  mysql = await startMysql();
  const behind = await freePort();
  proxy = await startKafkaProxy({ host: '127.0.0.1', port: behind });
  kafka = await startKafka({
    config: (ports) => ({
      ...listensBehind(behind, proxy)(ports),
      'transaction.abort.timed.out.transaction.cleanup.interval.ms': 200,
    }),
  });
  database = await freshDatabase(mysql, 'faults');
  writer = await connectMysql(mysql);
}, 180_000);

afterAll(async () => {
  await writer.end();
  await proxy.close();
  await kafka.stop();
  await mysql.stop();
});

/** One table, one topic of one partition, and a daemon between them, in each test. */
let home: Place;
let table = '';
let topic = '';
let written = 0;
let transactions = 0;
let running: Daemon[] = [];

beforeEach(async () => {
  const name = unique('f').replaceAll('_', '-');
  home = await place(name);
  table = `${database}.${unique('t')}`;
  topic = `${name}.rows`;
  [written, transactions, running] = [0, 0, []];
  await query(mysql, `create table ${table} (id int primary key, txn int not null, size int not null, pad varchar(8000)) engine=InnoDB`);
  const reader = await readerOf(kafka);
  await reader.createTopic(topic, 1);
  await reader.close();
});

afterEach(async () => {
  for (const daemon of running) await daemon.kill();
  await home.remove();
});

function config(sink: DaemonConfig = {}, source: Address = mysql, where: Place = home): DaemonConfig {
  const base = where.config(source);
  return {
    ...base,
    name: topic.replace('.rows', ''),
    source: { host: source.host, port: source.port, user: READER, heartbeat: '10s' },
    sink: { type: 'kafka', brokers: [`127.0.0.1:${String(proxy.port)}`], delivery: 'exactly-once', requestTimeout: '5s', ...sink },
    format: 'plain',
    routes: [{ tables: [table], topic }],
  };
}

async function run(settings: DaemonConfig, where: Place = home): Promise<Daemon> {
  const daemon = await readyDaemon(where, settings);
  running.push(daemon);
  return daemon;
}

/** Transactions of `size` rows each. */
async function write(count: number, size = 3, pad = 'x'): Promise<void> {
  for (let left = count; left > 0; left--) {
    const txn = ++transactions;
    const rows = Array.from({ length: size }, () => `(${String(++written)}, ${String(txn)}, ${String(size)}, '${pad}')`);
    await queryOn(writer, `insert into ${table} values ${rows.join(', ')}`);
  }
}

interface Row {
  readonly id: number;
  readonly txn: number;
  readonly size: number;
}

function rowsOf(messages: readonly TopicMessage[]): Row[] {
  return messages.map((message) => (jsonOf(message) as { after: Row }).after);
}

/** What a consumer with read_committed sees now: it must be whole transactions, in order, each row once. */
async function seen(): Promise<number> {
  const rows = rowsOf(await readTopic(kafka, topic));
  expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => index + 1));
  const last = rows.at(-1);
  if (last !== undefined) expect(rows.filter(({ txn }) => txn === last.txn)).toHaveLength(last.size);
  return rows.length;
}

async function everything(): Promise<void> {
  await until('everything is there', async () => (await seen()) === written);
}

/** Messages that the brokers have, committed or not. */
async function confirmed(daemon: Daemon): Promise<number> {
  return Number(new RegExp(`^rowcast_messages_sent_total\\{topic="${topic}"\\} (\\d+)$`, 'm').exec(await daemon.text('/metrics'))?.[1]);
}

async function sleepUntilAborted(): Promise<void> {
  await sleep(2_500);
}

describe('a daemon that is killed at a named point', () => {
  it.each<[string, Fault]>([
    ['after the first messages of a transaction, before the next', { api: API.produce, loses: 'request', after: 20 }],
    ['after its messages, before the commit', { api: API.endTransaction, loses: 'request', after: 10 }],
    ['after the commit, before its answer', { api: API.endTransaction, loses: 'answer', after: 10 }],
    ['while partitions are added', { api: API.addPartitions, loses: 'answer', after: 10 }],
  ])('%s, loses none and doubles none', async (_, fault) => {
    const daemon = await run(config());
    await write(5);
    await everything();
    const happened = proxy.fault(fault).then(() => daemon.process.kill('SIGKILL'));
    while (!daemon.process.killed) await write(1);
    await happened;
    await seen();
    await write(3);
    await run(config());
    await everything();
  }, 60_000);

  it('while it starts, loses none and doubles none', async () => {
    for (const fault of [{ api: API.initProducerId, loses: 'answer' }, { api: API.endTransaction, loses: 'answer' }, { api: API.endTransaction, loses: 'request' }] as const) {
      const happened = proxy.fault(fault);
      const daemon = await startDaemon(home, config());
      running.push(daemon);
      await happened;
      await daemon.kill();
    }
    // What is written while nothing runs counts from the first position that was pinned on.
    await run(config());
    await write(4);
    await everything();
  }, 60_000);
});

describe('a transaction whose outcome nobody knows', () => {
  it.each<[string, Fault]>([
    ['the commit was done, its answer is lost', { api: API.endTransaction, loses: 'answer', after: 5 }],
    ['the commit never arrived', { api: API.endTransaction, loses: 'request', after: 5 }],
    ['messages were written, the answer is lost', { api: API.produce, loses: 'answer', after: 5 }],
    ['messages never arrived', { api: API.produce, loses: 'request', after: 5 }],
    ['partitions were added, the answer is lost', { api: API.addPartitions, loses: 'answer', after: 5 }],
  ])('is resolved before anything is sent again: %s', async (_, fault) => {
    const daemon = await run(config());
    const state = { over: false };
    const happened = proxy.fault(fault).then(() => { state.over = true; });
    while (!state.over) await write(1);
    await happened;
    await write(20);
    await everything();
    expect(await daemon.stop()).toBe(0);
    expect(await seen()).toBe(written);
  }, 60_000);
});

describe('an entry of the schema history of which nobody knows whether it was written', () => {
  it.each<[string, Fault]>([
    ['the commit was done, its answer is lost', { api: API.endTransaction, loses: 'answer' }],
    ['the commit never arrived', { api: API.endTransaction, loses: 'request' }],
    ['messages were written, the answer is lost', { api: API.produce, loses: 'answer' }],
    ['messages never arrived', { api: API.produce, loses: 'request' }],
    ['partitions were added, the answer is lost', { api: API.addPartitions, loses: 'answer' }],
  ])('is there once, for whoever reads it: %s', async (_, fault) => {
    const lost: RowcastError[] = [];
    const at = unique('notes');
    const store = positionTopic(at, 'shop', lost, proxy);
    await store.open();
    const notes = notesOf(store, at, 'shop');
    await notes.save('base');
    const happened = proxy.fault({ ...fault, about: fault.api === API.produce ? `${at}.schema` : ':schema' });
    await notes.append('entry');
    await happened;
    await notes.append('next');
    const looking = positionTopic(at, 'shop', [], kafka);
    expect(await notesOf(looking, at, 'shop').load()).toEqual({ base: 'base', entries: ['entry', 'next'] });
    expect(lost).toEqual([]);
    await looking.close();
    await store.close();
  }, 60_000);
});

describe('two daemons with one name', () => {
  it('the second fences the first, which stops with its own exit code, busy or idle', async () => {
    for (const busy of [true, false]) {
      const first = await run(config());
      await write(10);
      const other = await place('other');
      const second = startDaemon(other, config({}, mysql, other));
      running.push(await second);
      if (busy) await write(20);
      expect(await first.end()).toBe(8);
      expect(first.failure()).toMatchObject({ code: 'SINK_FENCED' });
      await (await second).ready();
      await write(5);
      await everything();
      expect(await (await second).stop()).toBe(0);
      await other.remove();
    }
  }, 90_000);
});

/** Writes a large transaction, and holds the line of the source when a part of it has come. */
async function halfOfALargeTransaction(line: TcpProxy): Promise<void> {
  const before = line.received;
  await queryOn(writer, 'begin');
  await write(200, 200, 'p'.repeat(1_000));
  await queryOn(writer, 'commit');
  await until('a part of it has come', () => line.received > before + 4_000_000);
  line.stall();
}

describe('a transaction that takes too long', () => {
  it('is aborted by the brokers, which is no fencing: the daemon goes on after what was committed', async () => {
    const daemon = await run(config({ transaction: { timeout: '1s' } }));
    await write(5);
    await everything();
    const held = proxy.fault({ api: API.endTransaction, loses: 'held' });
    await write(3);
    await held;
    await sleepUntilAborted();
    proxy.release();
    await write(5);
    await everything();
    expect(daemon.lines().some(({ code }) => code === 'TRANSACTION_LOST')).toBe(true);
    expect(await daemon.stop()).toBe(0);
  }, 60_000);

  it.each(['fail', 'split'] as const)('because the source is inside one of its own: %s', async (onTimeout) => {
    const line = await startTcpProxy(mysql);
    const daemon = await run(config({ transaction: { timeout: '2s', onTimeout } }, line));
    await write(2);
    await everything();
    await halfOfALargeTransaction(line);
    if (onTimeout === 'fail') {
      expect(await daemon.end()).toBe(7);
      expect(daemon.failure()).toMatchObject({ code: 'TRANSACTION_TIMEOUT', hint: expect.stringContaining('sink.transaction.timeout') as string });
      expect(await seen()).toBe(6);
      line.resume();
      await run(config({}, line));
      await everything();
    } else {
      await until('it is split', () => daemon.said('a transaction of the source lasts longer than a Kafka transaction may, and is split').length > 0);
      line.resume();
      await until('all is there', async () => (await readTopic(kafka, topic)).length === written);
      const messages = await readTopic(kafka, topic);
      expect(rowsOf(messages).map(({ id }) => id)).toEqual(Array.from({ length: written }, (_, index) => index + 1));
      const parts = messages.map(({ headers }) => headers['rowcast.part'] ?? '1');
      expect(parts.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => '1'));
      expect(Number(parts.at(-1))).toBeGreaterThan(1);
      await write(1);
      await until('the next is there', async () => (await readTopic(kafka, topic)).length === written);
      expect((await readTopic(kafka, topic)).at(-1)?.headers).toEqual({});
    }
    await line.close();
  }, 90_000);
});

describe('a daemon that an error ends inside a transaction', () => {
  it('leaves none open that consumers would wait for', async () => {
    const daemon = await run({ ...config({ transaction: { timeout: '15m' } }), routes: [{ tables: [table], topic, where: 'row.size != 7 || row.size / 0 == 1' }] });
    await write(2);
    await everything();
    await queryOn(writer, 'begin');
    await write(100, 200, 'p'.repeat(1_000));
    await write(1, 7);
    await queryOn(writer, 'commit');
    expect(await daemon.end()).toBe(7);
    const reader = await readerOf(kafka);
    expect((await reader.endOffsets(topic))[0]).toBeGreaterThan(100);
    await reader.close();
    const other = new Kafka({ brokers: [`127.0.0.1:${String(kafka.port)}`], logLevel: logLevel.NOTHING }).producer();
    await other.connect();
    await other.send({ topic, messages: [{ value: '{"after":{"id":7,"txn":0,"size":1}}' }] });
    await other.disconnect();
    await until('a message after it is seen', async () => (await seen()) === 7, 30_000);
  }, 90_000);
});

describe('an outage inside a large transaction of the source, longer than a transaction may last', () => {
  it('is waited for, and the transaction is told again', async () => {
    const line = await startTcpProxy(mysql);
    const daemon = await run(config({ transaction: { timeout: '6s' } }, line));
    await write(2);
    await everything();
    const whole = written;
    await halfOfALargeTransaction(line);
    // What the line has received may still be on its way to the daemon, for which nothing has begun then.
    await daemon.while(until('a part of it is in Kafka', async () => (await confirmed(daemon)) > whole));
    await kafka.kill();
    line.resume();
    // By messages that were on their way (sink-down), or by the end of their transaction (waiting).
    await daemon.while(until('Kafka is missed', async () => (await daemon.readyz()).status === 503, 20_000));
    await daemon.while(until('the time is over', () => daemon.lines().some(({ code }) => code === 'TRANSACTION_LOST'), 20_000));
    await kafka.restart();
    await everything();
    expect(await daemon.stop()).toBe(0);
    await line.close();
  }, 120_000);
});

describe('transactions of the source', () => {
  it('are seen whole or not at all, small and large, by whoever reads with read_committed meanwhile', async () => {
    const daemon = await run(config());
    const writing = (async () => {
      await write(200, 7);
      await queryOn(writer, 'begin');
      const [txn, size] = [transactions + 1, 20_000];
      for (let left = 20; left > 0; left--) {
        const rows = Array.from({ length: 1_000 }, () => `(${String(++written)}, ${String(txn)}, ${String(size)}, '${'p'.repeat(500)}')`);
        await queryOn(writer, `insert into ${table} values ${rows.join(', ')}`);
      }
      transactions = txn;
      await queryOn(writer, 'commit');
      await write(100, 5);
    })();
    const state = { over: false };
    void writing.finally(() => { state.over = true; });
    while (!state.over) await seen();
    await writing;
    await everything();
    expect(await daemon.stop()).toBe(0);
  }, 90_000);

  it('that leave nothing to tell move the position all the same', async () => {
    const daemon = await run(config());
    await query(mysql, `create table if not exists ${database}.other (id int); insert into ${database}.other values (1)`);
    const [row] = await query(mysql, 'show binary log status');
    await until('the position has moved', async () => {
      const { position } = JSON.parse(await daemon.text('/status')) as { position: { saved: string } };
      const saved = /:(\d+)/.exec(position.saved.replace(String(row?.['File']), ''))?.[1];
      return Number(saved) >= Number(row?.['Position']);
    });
    expect(await daemon.stop()).toBe(0);
  }, 60_000);
});

describe('a broker that goes and comes back', () => {
  it.each(['halt', 'kill'] as const)('by %s, with the coordinator of the transactions', async (way) => {
    const daemon = await run(config());
    await write(20);
    const gone = kafka[way]();
    await write(20);
    await gone;
    await write(20);
    await kafka.restart();
    await write(20);
    await everything();
    expect(await daemon.stop()).toBe(0);
  }, 120_000);
});
