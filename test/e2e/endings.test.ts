import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../scripts/servers/port.ts';
import { readFile } from 'node:fs/promises';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import type { Address } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
const ROWS = 20_000;

let home: Place;
let database: string;
let config: DaemonConfig;
let daemon: Daemon;

beforeEach(async () => {
  home = await place('ends');
  database = await freshDatabase(mysql, 'ends');
  config = home.config(mysql, { routes: [{ tables: [`${database}.*`] }] });
});

afterEach(async () => {
  await daemon.kill();
  await home.remove();
});

/** A reader of standard output that does not read: the daemon fills up. */
async function stuck(deadline: string): Promise<void> {
  await query(mysql, 'create table wide (id int primary key, pad varchar(500))', database);
  daemon = await readyDaemon(home, { ...config, sink: { type: 'stdout' }, limits: { memory: '1MiB' }, shutdown: { deadline } }, { holdOutput: true });
  await query(mysql, `set cte_max_recursion_depth = ${String(ROWS)};
    insert into wide with recursive n (i) as (select 1 union all select i + 1 from n where i < ${String(ROWS)}) select i, repeat('x', 500) from n`, database);
  await daemon.while(until('the sink is slow', async () => (await daemon.readyz()).reason === 'sink-slow'));
}

async function toldIds(): Promise<number[]> {
  const lines = (await readFile(home.output, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { key: { id: number } }).key.id);
}

describe('the end', () => {
  it('comes after the deadline where the sink takes nothing: exit code 9, the position is kept, the rows come at the next start', async () => {
    await stuck('1s');
    const saved = home.saved();
    expect(await daemon.stop()).toBe(9);
    expect(daemon.failure()).toMatchObject({ code: 'SHUTDOWN_TIMEOUT', msg: expect.stringContaining('within 1 s') as string, hint: expect.stringContaining('sent again at the next start') as string });
    expect(home.saved()).toBe(saved);
    daemon = await readyDaemon(home, config);
    await daemon.while(until('all rows', async () => (await toldIds()).length === ROWS));
    expect(await toldIds()).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
    expect(await daemon.stop()).toBe(0);
  });

  it('comes at once at a second signal', async () => {
    await stuck('10m');
    daemon.process.kill('SIGINT');
    await daemon.while(until('draining', async () => (await daemon.readyz()).reason === 'draining'));
    expect(await daemon.stop()).toBe(130);
  });

  it.each([['exactly-once', 'starting'], ['at-least-once', 'waiting']])('comes cleanly while Kafka was never reached, with delivery %s', async (delivery, reason) => {
    const port = await freePort();
    daemon = await startDaemon(home, { ...config, sink: { type: 'kafka', delivery, brokers: [`127.0.0.1:${String(port)}`] } });
    const readyz = await daemon.while(until('waiting', async () => {
      const now = await daemon.readyz();
      return now.detail.includes(String(port)) && now;
    }));
    expect(readyz).toMatchObject({ status: 503, reason, detail: expect.stringContaining(`127.0.0.1:${String(port)}`) as string });
    expect(await daemon.stop()).toBe(0);
    expect(home.saved()).toBeNull();
  });

  it('comes cleanly while MySQL was never reached', async () => {
    const nobody: Address = { host: '127.0.0.1', port: await freePort() };
    daemon = await startDaemon(home, home.config(nobody, { routes: [{ tables: ['*.*'] }] }));
    const readyz = await daemon.while(until('waiting', async () => {
      const now = await daemon.readyz();
      return now.reason === 'waiting' && now;
    }));
    expect(readyz.detail).toContain(`127.0.0.1:${String(nobody.port)}`);
    expect(await daemon.stop()).toBe(0);
  });
});

describe('a daemon that came up before its servers', () => {
  it('is ready once they are there', async () => {
    const [source, sink] = [await startTcpProxy(mysql), await startTcpProxy(kafka)];
    source.refuse();
    sink.refuse();
    const topic = unique('early');
    daemon = await startDaemon(home, home.config(source, { sink: { type: 'kafka', brokers: [`127.0.0.1:${String(sink.port)}`] }, routes: [{ tables: [`${database}.*`], topic }] }));
    await daemon.while(until('waiting', async () => (await daemon.readyz()).detail.includes(String(sink.port))));
    sink.accept();
    await daemon.while(until('Kafka is reached, MySQL is not', async () => (await daemon.readyz()).detail.includes(String(source.port))));
    source.accept();
    await daemon.ready();
    await query(mysql, 'create table t (id int primary key); insert into t values (1)', database);
    await daemon.while(until('the row', async () => (await readTopic(kafka, topic)).length === 1));
    source.cut();
    await daemon.while(until('a reconnect', async () => /^rowcast_reconnects_total 1$/m.test(await daemon.text('/metrics'))));
    await daemon.ready();
    await query(mysql, 'insert into t values (2)', database);
    await daemon.while(until('the other row', async () => (await readTopic(kafka, topic)).length === 2));
    // A server that falls silent without a word: three heartbeats, and it is looked for again.
    source.stall();
    await daemon.while(until('not ready', async () => (await daemon.readyz()).status === 503));
    await daemon.while(until('the silence is named', () => daemon.said('stream lost, reading again from the last saved transaction').some(({ error }) => String(error).includes('not even a heartbeat'))));
    source.resume();
    await daemon.ready();
    expect(await daemon.stop()).toBe(0);
    await source.close();
    await sink.close();
  });
});
