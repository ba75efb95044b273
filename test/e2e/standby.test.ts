import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, startDaemon } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { connectMysql, freshDatabase, query, queryOn, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
const brokers = [`${kafka.host}:${String(kafka.port)}`];
const homes: Place[] = [];
afterAll(() => Promise.all(homes.map((home) => home.remove())));

interface Pair {
  /** Starts the one of this number, with whatever differs. */
  start(which: 0 | 1, changes?: PairSettings): Promise<Daemon>;
  /** Writes so many rows, the ids going on from the last. */
  write(count: number): Promise<void>;
  written(): number;
  /** The ids that were told, in any order, once all that were written are among them. */
  all(): Promise<number[]>;
}

interface PairSettings extends DaemonConfig {
  readonly sink?: object;
  readonly checkpoint?: object;
}

/** Two daemons of one name, each with its own folder. */
async function pair(settings: (parts: { name: string; database: string }) => PairSettings): Promise<Pair> {
  const name = unique('pair').replaceAll('_', '-');
  const database = await freshDatabase(mysql, 'pair');
  await query(mysql, `create table ${database}.t (id int primary key) engine=InnoDB`);
  const places = [await place(name), await place(name)] as const;
  homes.push(...places);
  const own = settings({ name, database });
  let last = 0;
  return {
    start: (which, changes = {}) => startDaemon(places[which], {
      ...places[which].config(mysql), name, format: 'plain', routes: [{ tables: [`${database}.t`], topic: `${name}.rows` }], ...own, ...changes,
      checkpoint: { path: places[which].checkpoint, ...(changes.checkpoint ?? own.checkpoint) },
    }),
    write: async (count) => {
      const writer = await connectMysql(mysql);
      for (let left = count; left > 0; left--) await queryOn(writer, `insert into ${database}.t values (${String(++last)})`);
      await writer.end();
    },
    written: () => last,
    all: () => until('all rows are told', async () => {
      const ids = await (own.sink === undefined ? toldToFiles(places) : toldTo(`${name}.rows`));
      return new Set(ids).size >= last && ids;
    }),
  };
}

interface Status {
  readonly state: string;
  readonly ready: boolean;
  readonly leadership: { readonly standby: boolean; readonly leads: boolean; readonly leader: string | null };
}

async function status(daemon: Daemon): Promise<Status> {
  return JSON.parse(await daemon.text('/status')) as Status;
}

function streams(daemon: Daemon): Promise<true> {
  return daemon.while(until('it leads and streams', async () => (await status(daemon)).state === 'streaming' && (await daemon.readyz()).status === 200, 30_000));
}

function standsBy(daemon: Daemon): Promise<true> {
  return daemon.while(until('it stands by', async () => (await daemon.readyz()).reason === 'standby' && (await status(daemon)).leadership.leader !== null, 30_000));
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);

/** The ids that a topic has, in its order. */
async function toldTo(topic: string): Promise<number[]> {
  return (await readTopic(kafka, topic)).map((message) => (jsonOf(message) as { after: { id: number } }).after.id);
}

/** The ids in the files of both daemons. */
function toldToFiles(places: readonly Place[]): Promise<number[]> {
  const lines = places.flatMap(({ output }) => (existsSync(output) ? readFileSync(output, 'utf8').split('\n').slice(0, -1) : []));
  return Promise.resolve(lines.map((line) => (JSON.parse(line) as { value: { after: { id: number } } }).value.after.id));
}

const exactlyOnce = (): PairSettings => ({ standby: true, sink: { type: 'kafka', brokers } });
const atLeastOnce = (): PairSettings => ({ standby: true, sink: { type: 'kafka', brokers, delivery: 'at-least-once' }, checkpoint: { type: 'kafka' } });
const byLock = ({ database }: { readonly database: string }): PairSettings => ({
  standby: { timeout: '3s' },
  checkpoint: { type: 'mysql', server: { host: mysql.host, port: mysql.port, user: 'root' }, table: `${database}.positions` },
});

describe.each([
  ['exactly once, by the group of a Kafka sink', exactlyOnce],
  ['at least once, by a lock of the source', byLock],
])('two daemons of one name, %s', (_, settings) => {
  it('follow each other after SIGKILL, and after SIGTERM without waiting until the leader is missed', async () => {
    const two = await pair(settings);
    const killed = await two.start(0);
    await streams(killed);
    const asked = await two.start(1, { standby: { timeout: '5m' } });
    await standsBy(asked);
    expect(await status(killed)).toMatchObject({ state: 'streaming', leadership: { standby: true, leads: true } });
    expect(await status(asked)).toMatchObject({ state: 'standby', ready: true, leadership: { standby: true, leads: false } });
    expect(await asked.text('/metrics')).toMatch(/^rowcast_leader 0$/m);
    await two.write(20);
    killed.process.kill('SIGKILL');
    await two.write(20);
    await streams(asked);
    expect(await asked.text('/metrics')).toMatch(/^rowcast_leader 1$/m);
    const last = await two.start(0);
    await standsBy(last);
    await two.write(20);
    asked.process.kill('SIGTERM');
    await two.write(20);
    await streams(last);
    expect(await asked.end()).toBe(0);
    const ids = await two.all();
    expect(sorted(settings === exactlyOnce ? ids : [...new Set(ids)])).toEqual(upTo(two.written()));
    expect(await last.stop()).toBe(0);
  }, 90_000);
});

describe.each([
  ['exactly once, by the group of a Kafka sink', exactlyOnce],
  ['at least once, by the group of a Kafka sink', atLeastOnce],
  ['at least once, by a lock of the source', byLock],
])('a leader that stood still for longer than the others wait, %s', (_, settings) => {
  it('is replaced; when it goes on it tells nothing more, and stands by', async () => {
    const two = await pair(settings);
    const halted = await two.start(0);
    await streams(halted);
    const successor = await two.start(1);
    await standsBy(successor);
    await two.write(20);
    halted.process.kill('SIGSTOP');
    const before = two.written();
    await two.write(20);
    await streams(successor);
    await two.write(20);
    halted.process.kill('SIGCONT');
    await halted.while(until('it has lost leadership', () => halted.said('this daemon leads no more, and stands by').length === 1));
    await standsBy(halted);
    await two.write(20);
    const ids = await two.all();
    expect(sorted(settings === exactlyOnce ? ids : [...new Set(ids)])).toEqual(upTo(two.written()));
    // With at-least-once delivery too, no row that was written after it stood still is told by it.
    const later = ids.filter((id) => id > before);
    expect(sorted(later)).toEqual(sorted([...new Set(later)]));
    expect((await status(successor)).leadership.leads).toBe(true);
    expect(await successor.stop()).toBe(0);
    await streams(halted);
    expect(await halted.stop()).toBe(0);
  }, 90_000);
});

describe('daemons of one name that do not fit together', () => {
  it('say so: one that could not take over is not ready', async () => {
    const two = await pair(byLock);
    const leader = await two.start(0);
    await streams(leader);
    const unfit = await two.start(1, { sink: { type: 'file', path: '/dev/null/changes' } });
    const answer = await unfit.while(until('it knows that it is unfit', async () => {
      const now = await unfit.readyz();
      return now.reason === 'standby-unfit' && now.detail.includes('/dev/null') && now;
    }));
    expect(answer).toMatchObject({ status: 503, detail: expect.stringContaining('it could not take over: no changes can be written') as string });
    expect(unfit.lines().filter(({ level, code }) => level === 'error' && code === 'SINK_REFUSED')).toHaveLength(1);
    expect([await unfit.stop(), await leader.stop()]).toEqual([0, 0]);
  }, 60_000);

  it('end with SINK_FENCED where one without standby takes the position from the leader, and does not stand for election', async () => {
    const two = await pair(atLeastOnce);
    const leader = await two.start(0);
    await streams(leader);
    const thief = await two.start(1, { standby: false });
    await streams(thief);
    await two.write(1);
    expect(await leader.end()).toBe(8);
    expect(leader.failure()).toMatchObject({ code: 'SINK_FENCED' });
    expect(await thief.stop()).toBe(0);
  }, 60_000);
});
