import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { READER, startKafka, startMysql } from '../../scripts/servers/index.ts';
import { place, readyDaemon } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place, Readyz } from '../support/daemon.ts';
import { readTopic } from '../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn, unique } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';
import { folded, KeyedWriter, toldByKey } from './keyed-writer.ts';

let mysql: Server;
let kafka: Server;
let home: Place;
let database: string;
let topic: string;

beforeAll(async () => {
  // What a session commits must outlive a kill of the server, or the binlog and the tables differ afterwards.
  mysql = await startMysql({ flags: ['--innodb-flush-log-at-trx-commit=1', '--sync-binlog=1'] });
  kafka = await startKafka();
});

afterAll(async () => {
  await mysql.stop();
  await kafka.stop();
});

beforeEach(async () => {
  home = await place('outage');
  database = await freshDatabase(mysql, 'outage');
  await query(mysql, `create database ${database}_kept`);
  topic = unique('outage');
});

afterEach(() => home.remove());

function config(changes: DaemonConfig = {}): DaemonConfig {
  const sink = { type: 'kafka', delivery: 'at-least-once', brokers: [`${kafka.host}:${String(kafka.port)}`], topics: { partitions: 3 }, connectTimeout: '2s', requestTimeout: '5s' };
  return home.config(mysql, { sink, format: 'plain', routes: [{ tables: [`${database}.*`], topic: `${topic}.\${table}` }], ...changes });
}

function readyzOf(daemon: Daemon, what: string, is: (readyz: Readyz) => boolean): Promise<Readyz> {
  return daemon.while(until(what, async () => {
    const readyz = await daemon.readyz();
    return is(readyz) && readyz;
  }));
}

/** Waits until the last change of every key is told, and gives all that is told. */
async function everythingTold(daemon: Daemon, writer: KeyedWriter): Promise<Map<number, number[]>> {
  return daemon.while(until('everything is in the topic', async () => {
    const told = toldByKey(await readTopic(kafka, `${topic}.t`));
    return [...writer.expected].every(([key, events]) => told.get(key)?.at(-1) === events.at(-1)) && told;
  }));
}

/** Rows 1 to `count` in one statement; the session's cte_max_recursion_depth must allow it. */
function insertMany(table: string, count: number): string {
  return `insert into ${table} with recursive n (i) as (select 1 union all select i + 1 from n where i < ${String(count)}) select i, repeat('x', 800) from n`;
}

describe('an outage', () => {
  it('of Kafka: not ready meanwhile, ready again, and every row exactly once in order', async () => {
    const daemon = await readyDaemon(home, config());
    const writer = new KeyedWriter(mysql, database);
    await writer.start();
    await daemon.while(until('rows flow', async () => (await readTopic(kafka, `${topic}.t`)).length > 300));
    await kafka.halt();
    const down = await readyzOf(daemon, 'sink-down', ({ reason }) => reason === 'sink-down');
    expect(down.status).toBe(503);
    expect(down.detail).toContain(`127.0.0.1:${String(kafka.port)}`);
    // What was confirmed before the outage is saved within a second; from then on nothing can be.
    await query(mysql, 'select sleep(1.5)');
    const before = home.saved();
    await query(mysql, `create table ${database}.late (id int primary key); insert into ${database}.late values (1)`);
    await daemon.while(writer.more(300));
    expect(home.saved()).toBe(before);
    expect((await daemon.readyz()).status).toBe(503);
    expect(await (await fetch(`${daemon.url}/healthz`)).json()).toEqual({ alive: true });
    await kafka.restart();
    await readyzOf(daemon, 'ready again', ({ status }) => status === 200);
    await daemon.while(writer.more(300));
    await writer.stop();
    const told = await everythingTold(daemon, writer);
    expect(told).toEqual(writer.expected);
    expect((await readTopic(kafka, `${topic}.late`)).map(({ key }) => String(key))).toEqual(['{"id":1}']);
    expect(daemon.said('stream lost, reading again from the last saved transaction')).toEqual([]);
    expect(daemon.said('sink is down, trying again').length).toBeGreaterThan(0);
    expect(daemon.said('sink is down, trying again').length).toBe(daemon.said('sink is up').length);
    expect(await daemon.stop()).toBe(0);
  });

  it('of MySQL, killed: not ready meanwhile, ready again, and nothing lost', async () => {
    const daemon = await readyDaemon(home, config());
    const writer = new KeyedWriter(mysql, database);
    await writer.start();
    await daemon.while(writer.more(300));
    await mysql.kill();
    const down = await readyzOf(daemon, 'waiting', ({ reason }) => reason === 'waiting');
    expect(down.status).toBe(503);
    expect(down.detail).toContain(`127.0.0.1:${String(mysql.port)}`);
    await mysql.restart();
    await readyzOf(daemon, 'ready again', ({ status }) => status === 200);
    await daemon.while(writer.more(300));
    await writer.stop();
    const told = await everythingTold(daemon, writer);
    expect(told).toEqual(writer.expected);
    expect(folded(told)).toEqual(await writer.rows());
    expect(await daemon.text('/metrics')).toMatch(/^rowcast_reconnects_total [1-9]/m);
    expect(await daemon.stop()).toBe(0);
  });

  it('of the network before Kafka, longer than net_write_timeout: not ready, then every row once, with no second dump', async () => {
    await query(mysql, 'set global net_write_timeout = 2');
    let far: Server | null = null;
    const proxy = await startTcpProxy({ host: '127.0.0.1', get port() { return far?.port ?? 0; } });
    far = await startKafka({ config: { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${String(proxy.port)}` } });
    const sink = { type: 'kafka', delivery: 'at-least-once', brokers: [`127.0.0.1:${String(proxy.port)}`], topics: { partitions: 3 }, connectTimeout: '2s', requestTimeout: '3s' };
    const daemon = await readyDaemon(home, config({ sink, limits: { memory: '1MiB' } }));
    const rows = 40_000;
    await query(mysql, `create table wide (id int primary key, pad varchar(800)); insert into wide values (0, '')`, database);
    await daemon.while(until('the first row', async () => (await readTopic(proxy, `${topic}.wide`)).length === 1));
    proxy.stall();
    await query(mysql, `set cte_max_recursion_depth = ${String(rows)}; ${insertMany('wide', rows)}`, database);
    await readyzOf(daemon, 'sink-slow', ({ status, reason }) => status === 200 && reason === 'sink-slow');
    await readyzOf(daemon, 'sink-down', ({ status, reason }) => status === 503 && reason === 'sink-down');
    await query(mysql, 'select sleep(3)');
    proxy.resume();
    const told = await daemon.while(until('all rows', async () => {
      const messages = await readTopic(proxy, `${topic}.wide`);
      return messages.length > rows && messages;
    }));
    expect(told.map(({ key }) => Number(/\d+/.exec(String(key))?.[0])).sort((a, b) => a - b)).toEqual(Array.from({ length: rows + 1 }, (_, index) => index));
    expect(daemon.said('stream lost, reading again from the last saved transaction')).toEqual([]);
    await readyzOf(daemon, 'streaming', ({ status, reason }) => status === 200 && reason === 'streaming');
    expect(await daemon.stop()).toBe(0);
    await proxy.close();
    await far.stop();
  });

  it('of lines on which packets vanish without a word, to the source or to the checkpoint: not ready, then both are replaced, and nothing is lost', async () => {
    const [source, positions] = [await startTcpProxy(mysql), await startTcpProxy(mysql)];
    const daemon = await readyDaemon(home, config({
      source: { host: source.host, port: source.port, user: READER, heartbeat: '300ms', connectTimeout: '1s' },
      checkpoint: { type: 'mysql', path: home.checkpoint, server: { host: positions.host, port: positions.port, user: 'root', connectTimeout: '1s' }, table: `${database}_kept.positions` },
      sink: { type: 'file', path: home.output },
    }));
    await query(mysql, 'create table t (id int primary key)', database);
    const told = async (id: number): Promise<void> => {
      await query(mysql, `insert into t values (${String(id)})`, database);
      await daemon.while(until(`row ${String(id)}`, async () => (await readFile(home.output, 'utf8')).includes(`{"id":${String(id)}}`)));
    };
    const ready = (): Promise<Readyz> => readyzOf(daemon, 'ready again', ({ status }) => status === 200);
    await told(1);
    positions.strand();
    positions.stall();
    await told(2);
    expect((await readyzOf(daemon, 'no position is saved', ({ reason }) => reason === 'checkpoint-failing')).status).toBe(503);
    positions.resume();
    await ready();
    // The server still has the lock of the connection that is gone.
    positions.strand();
    await told(3);
    source.strand();
    source.stall();
    expect((await readyzOf(daemon, 'the source is silent', ({ reason }) => reason === 'source-silent' || reason === 'waiting')).status).toBe(503);
    source.resume();
    await ready();
    await told(4);
    expect(await daemon.text('/metrics')).toMatch(/^rowcast_reconnects_total [1-9]/m);
    await daemon.while(until('the end of the binlog is seen again', async () => /^rowcast_lag_bytes 0$/m.test(await daemon.text('/metrics'))));
    await query(mysql, 'insert into t values (5)', database);
    expect(await daemon.stop()).toBe(0);
    const lines = (await readFile(home.output, 'utf8')).trim().split('\n').map((line) => /"id":(\d)/.exec(line)?.[1]);
    expect([...new Set(lines)]).toEqual(expect.arrayContaining(['1', '2', '3', '4']));
    await Promise.all([source.close(), positions.close()]);
  });

  it('of whoever reads standard output, longer than net_write_timeout: sink-slow, no reconnect, nothing lost', async () => {
    await query(mysql, 'set global net_write_timeout = 2');
    const daemon = await readyDaemon(home, config({ sink: { type: 'stdout' }, limits: { memory: '1MiB' } }), { holdOutput: true });
    const rows = 40_000;
    const session = await connectMysql(mysql, database);
    await queryOn(session, `create table wide (id int primary key, pad varchar(800)); set cte_max_recursion_depth = ${String(rows)}`);
    await queryOn(session, insertMany('wide', rows));
    const slow = await readyzOf(daemon, 'sink-slow', ({ reason }) => reason === 'sink-slow');
    expect(slow).toMatchObject({ status: 200, detail: 'reading waits for the sink' });
    // The server is kept waiting for twice its net_write_timeout: three of its heartbeats would not do.
    const [clock] = await queryOn(session, 'select sleep(5) as slept');
    expect(clock).toEqual({ slept: '0' });
    expect(await daemon.readyz()).toMatchObject({ status: 200, reason: 'sink-slow' });
    await queryOn(session, 'delete from wide where id = 1');
    await session.end();
    const ids: number[] = [];
    let rest = '';
    daemon.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) ids.push(Number(/"id":(\d+)/.exec(line)?.[1]));
    });
    await daemon.while(until('all rows', () => ids.length >= rows + 2));
    expect(ids).toEqual([...Array.from({ length: rows }, (_, index) => index + 1), 1, 1]);
    expect(daemon.said('stream lost, reading again from the last saved transaction')).toEqual([]);
    await readyzOf(daemon, 'streaming', ({ reason }) => reason === 'streaming');
    expect(await daemon.stop()).toBe(0);
  });
});
