import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startKafka, startMysql } from '../../scripts/servers/index.ts';
import { place, readyDaemon, runToEnd } from '../support/daemon.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';
import { readerOf } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { alterTopic } from './alter-topic.ts';

const MIB = 1024 * 1024;
const ROWS = 5_000_000;

let mysql: Server;
let kafka: Server;
let home: Place;
let database: string;
let topic: string;

beforeAll(async () => {
  [mysql, kafka] = [await startMysql(), await startKafka()];
});

afterAll(async () => {
  await mysql.stop();
  await kafka.stop();
});

beforeEach(async () => {
  home = await place('large');
  database = await freshDatabase(mysql, 'large');
  topic = unique('large');
});

afterEach(() => home.remove());

function config(changes: DaemonConfig = {}): DaemonConfig {
  const sink = { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`], compression: 'lz4', topics: { partitions: 3 } };
  return home.config(mysql, { sink, format: 'plain', routes: [{ tables: [`${database}.*`], topic }], ...changes });
}

describe('memory is bounded by the configuration (Invariant 6)', () => {
  it('in a transaction of five million rows', async () => {
    const digits = Array.from({ length: 10 }, (_, digit) => `(${String(digit)})`).join();
    await query(mysql, `create table digits (d int primary key); insert into digits values ${digits};
      create table big (id int primary key, v int)`, database);
    const reader = await readerOf(kafka);
    await reader.createTopic(topic, 3);
    const daemon = await readyDaemon(home, config({ routes: [{ tables: [`${database}.big`], topic }] }));
    const places = ['a', 'b', 'c', 'd', 'e', 'f'];
    const id = places.map((name, place) => `${name}.d * ${String(10 ** place)}`).join(' + ');
    const from = places.map((name) => `digits ${name}`).join(', ');
    await daemon.while(query(mysql, `insert into big select ${id} + g.d * 1000000, a.d from ${from}, digits g where g.d < 5`, database));
    const count = async (): Promise<number> => (await reader.endOffsets(topic)).reduce((sum, end) => sum + end, 0);
    await daemon.while(until('five million messages', async () => (await count()) >= ROWS, 120_000));
    expect(await count()).toBe(ROWS);
    await reader.close();
    expect(daemon.peakMemory()).toBeLessThan(220 * MIB);
    expect(await daemon.stop()).toBe(0);
  }, 180_000);

  it('by a row of 60 MB: refused at the defaults, delivered when the topic takes it', async () => {
    const reader = await readerOf(kafka);
    await reader.createTopic(topic, 1);
    const first = await readyDaemon(home, config());
    expect(await first.stop()).toBe(0);
    const saved = home.saved();
    await query(mysql, `create table wide (id int primary key, doc longtext); insert into wide values (7, repeat('x', 60000000))`, database);
    const { daemon, exit } = await runToEnd(home, config());
    expect(exit).toBe(7);
    const failure = daemon.failure();
    expect(failure.code).toBe('ROW_TOO_LARGE');
    expect(failure.msg).toContain(`${database}.wide`);
    expect(failure.facts).toMatchObject({ table: `${database}.wide`, key: '{"id":7}', topic, limit: 1_048_588 });
    expect(Number(failure.facts?.['bytes'])).toBeGreaterThan(60_000_000);
    expect(failure.hint).toContain('max.message.bytes');
    expect(daemon.errors.length).toBeLessThan(20_000);
    expect(await reader.endOffsets(topic)).toEqual([0]);
    const again = await runToEnd(home, config());
    expect(again.exit).toBe(7);
    expect(again.daemon.failure().msg).toBe(failure.msg);
    expect(saved).not.toBeNull();

    await alterTopic(kafka, topic, { 'max.message.bytes': '70000000' });
    const raised = await readyDaemon(home, config({ sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`] } }));
    await raised.while(until('the row', async () => (await reader.endOffsets(topic))[0] === 1));
    const message = (await reader.fetch(topic, 0, 0)).messages[0];
    expect(String(message?.key)).toBe('{"id":7}');
    expect((JSON.parse(String(message?.value)) as { after: { doc: string } }).after.doc === 'x'.repeat(60_000_000)).toBe(true);
    await reader.close();
    // The fixed base, limits.memory and 4 × limits.row.
    expect(raised.peakMemory()).toBeLessThan((110 + 64 + 4 * 64) * MIB);
    expect(await raised.stop()).toBe(0);
  }, 120_000);
});
