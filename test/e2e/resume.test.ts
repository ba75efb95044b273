import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { READER } from '../../scripts/servers/index.ts';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';
import { folded, KeyedWriter, repeats, toldByKey } from './keyed-writer.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');

let home: Place;
let database: string;
let topic: string;
let writer: KeyedWriter;
let config: DaemonConfig;

beforeEach(async () => {
  home = await place('resume');
  database = await freshDatabase(mysql, 'resume');
  topic = unique('resume');
  writer = new KeyedWriter(mysql, database);
  config = home.config(mysql, {
    sink: { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`], topics: { partitions: 3 } },
    format: 'plain',
    routes: [{ tables: [`${database}.t`], topic }],
  });
});

afterEach(async () => {
  await writer.stop();
  await home.remove();
});

/** Every row told, per key in order and without a gap; the answer is how often any key's messages went back. */
async function repeatsPerKey(): Promise<number[]> {
  const told = toldByKey(await readTopic(kafka, topic));
  expect(folded(told)).toEqual(await writer.rows());
  expect(new Set(told.keys())).toEqual(new Set(writer.expected.keys()));
  return [...writer.expected].map(([key, events]) => repeats(events, told.get(key) ?? []));
}

describe('a daemon that is stopped in the middle of a transaction', () => {
  const ROWS = 5_000;
  let line: TcpProxy;
  beforeEach(async () => {
    line = await startTcpProxy(mysql);
    await query(mysql, `create table ${database}.t (id int primary key, note varchar(2000))`);
  });
  afterEach(() => line.close());

  /** A daemon that has told a part of a transaction, of which nothing more comes for now. */
  async function halfway(deadline: string): Promise<Daemon> {
    const daemon = await readyDaemon(home, { ...config, shutdown: { deadline }, source: { host: line.host, port: line.port, user: READER, heartbeat: '20s' } });
    line.stall(1_000_000);
    await query(mysql, `use ${database}; set cte_max_recursion_depth = ${String(ROWS)}; insert into t with recursive n (i) as (select 1 union all select i + 1 from n where i < ${String(ROWS)}) select i, repeat('x', 1000) from n`);
    await daemon.while(until('a part of it is told', async () => (await ids()).length > 0));
    expect((await ids()).length).toBeLessThan(ROWS);
    return daemon;
  }

  /** Keys of the rows in the topic, in order. */
  async function ids(): Promise<number[]> {
    return (await readTopic(kafka, topic)).map((message) => (jsonOf(message) as { after: { id: number } }).after.id).sort((a, b) => a - b);
  }

  const all = Array.from({ length: ROWS + 1 }, (_, index) => index + 1);

  /** Starts again and tells one row more. */
  async function goOn(): Promise<void> {
    await query(mysql, `insert into ${database}.t values (${String(ROWS + 1)}, 'after')`);
    const daemon = await readyDaemon(home, config);
    await daemon.while(until('the row after it is told', async () => (await ids()).at(-1) === ROWS + 1));
    expect(await daemon.stop()).toBe(0);
  }

  it('reads it to its end, so that nothing of it is told twice (Invariant 9)', async () => {
    const daemon = await halfway('60s');
    const exit = daemon.stop();
    await daemon.while(until('it drains', () => Promise.resolve(daemon.lines().some(({ state }) => state === 'draining'))));
    line.resume();
    expect(await exit).toBe(0);
    expect(await ids()).toHaveLength(ROWS);
    await goOn();
    expect(await ids()).toEqual(all);
  });

  it('ends without it where it takes half of shutdown.deadline, and tells it again from its beginning', async () => {
    const daemon = await halfway('2s');
    expect(await daemon.stop()).toBe(0);
    const told = (await ids()).length;
    expect(daemon.said('reading ends inside a transaction; what was told of it is told again at the next start')).toHaveLength(1);
    line.resume();
    await goOn();
    const again = await ids();
    expect([...new Set(again)]).toEqual(all);
    expect(again).toHaveLength(all.length + told);
  });
});

describe('a daemon that is started again', () => {
  it('goes on after SIGTERM where it was: nothing lost and nothing twice (Invariant 9)', async () => {
    const exits: number[] = [];
    let daemon = await readyDaemon(home, config);
    await writer.start();
    for (let stops = 0; stops < 3; stops++) {
      await daemon.while(writer.more(400));
      exits.push(await daemon.stop());
      expect(daemon.lines().at(-1)).toMatchObject({ level: 'info', msg: 'rowcast has stopped', saved: home.saved() });
      await writer.more(100);
      daemon = await readyDaemon(home, config);
    }
    await writer.stop();
    await daemon.while(delivered());
    exits.push(await daemon.stop());
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(await repeatsPerKey()).toEqual([...writer.expected].map(() => 0));
  });

  it('loses nothing under kill -9 at any instant, and keeps the order of each key (Invariants 3 and 9)', async () => {
    const kills = 8;
    await (await readyDaemon(home, config)).kill();
    await writer.start();
    for (let kill = 1; kill < kills; kill++) {
      const daemon = await startDaemon(home, config);
      // Now right after it began, now in the middle of its work.
      await daemon.while(until('it streams', () => daemon.said('streaming').length > 0));
      await daemon.while(writer.more((kill % 4) * 150));
      await daemon.kill();
    }
    const last = await readyDaemon(home, config);
    await last.while(writer.more(300));
    await writer.stop();
    await last.while(delivered());
    expect(await last.stop()).toBe(0);
    const back = await repeatsPerKey();
    expect(Math.max(...back)).toBeLessThanOrEqual(kills);
  });
});

/** Waits until the last change of every key is in the topic. */
async function delivered(): Promise<void> {
  await until('everything is in the topic', async () => {
    const told = toldByKey(await readTopic(kafka, topic));
    return [...writer.expected].every(([key, events]) => told.get(key)?.at(-1) === events.at(-1));
  });
}
