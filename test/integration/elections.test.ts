import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startKafka, type Server } from '../../scripts/servers/index.ts';
import { freePort } from '../../scripts/servers/port.ts';
import type { Candidate, Election, ElectionTimes, Leadership } from '../../src/core/election.ts';
import { timesOf } from '../../src/core/election.ts';
import type { RowcastError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import { LockElection } from '../../src/mysql/lock-election.ts';
import { GroupElection } from '../../src/sink/kafka/group-election.ts';
import { unique } from '../support/mysql.ts';
import { listensBehind } from '../support/proxied-kafka.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';

const TIMES = timesOf(2_000);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let kafka: Server;
const lines = new Map<Kind, TcpProxy>();

/** MySQL 9.7 elects in the tests of whole daemons. */
type Kind = 'kafka' | 'mariadb' | 'mysql56';

beforeAll(async () => {
  const behind = await freePort();
  const line = await startTcpProxy({ host: '127.0.0.1', port: behind });
  lines.set('kafka', line);
  kafka = await startKafka({ config: (ports) => ({ ...listensBehind(behind, line)(ports), 'group.min.session.timeout.ms': '1000', 'group.initial.rebalance.delay.ms': '0' }) });
  for (const kind of ['mariadb', 'mysql56'] as const) lines.set(kind, await startTcpProxy(inject(kind)));
}, 180_000);

afterAll(async () => {
  for (const line of lines.values()) await line.close();
  await kafka.stop();
});

/** One who stands, and what it was told. */
class Standing implements Candidate {
  readonly label: string;
  readonly troubles: string[] = [];
  readonly election: Election;
  readonly stop = new AbortController();
  known: string | null = null;
  heard = false;
  isFit = true;

  /** `straight`: not by the line that the test breaks. */
  constructor(kind: Kind, place: string, { label, straight = true, times = TIMES }: { label: string; straight?: boolean; times?: ElectionTimes }) {
    this.label = label;
    const line = lines.get(kind);
    const port = straight || line === undefined ? (kind === 'kafka' ? kafka.port : inject(kind).port) : line.port;
    this.election = kind === 'kafka'
      ? new GroupElection({ brokers: [`127.0.0.1:${String(port)}`], clientId: label, compression: 'none', topics: { create: false }, batchBytes: 1, requestTimeoutMs: 5_000, connectTimeoutMs: 1_000, memory: 1, group: place, times }, this, quiet)
      : new LockElection({ host: '127.0.0.1', port, user: 'root', password: new Secret(''), connectTimeout: 1_000, tls: { mode: 'disabled', ca: null, cert: null, key: null }, name: place, times }, this);
    all.push(this);
  }

  fit(): boolean {
    return this.isFit;
  }

  leader(label: string | null): void {
    this.known = label;
  }

  trouble(error: RowcastError | null): void {
    this.heard = error === null;
    if (error !== null) this.troubles.push(error.code);
  }

  async win(): Promise<Leadership> {
    const leadership = await this.election.win(this.stop.signal);
    if (leadership === null) throw new Error(`${this.label} was stopped`);
    return leadership;
  }
}

let all: Standing[] = [];
afterEach(async () => {
  for (const line of lines.values()) {
    line.accept();
    line.resume();
  }
  for (const one of all) one.stop.abort();
  await Promise.all(all.map(({ election }) => election.close()));
  all = [];
});

describe.each<Kind>(['kafka', 'mariadb', 'mysql56'])('an election by %s', (kind) => {
  it('has one leader; who waits knows that, leads when the leader ends, and gives up when it is told to', async () => {
    const place = unique('seat');
    const [first, second, third] = ['a', 'b', 'c'].map((label) => new Standing(kind, place, { label })) as [Standing, Standing, Standing];
    const leads = await first.win();
    expect([leads.holds(), await leads.confirm(), first.known]).toEqual([true, true, 'a']);
    const next = second.win();
    await until('the second knows who leads', () => second.known !== null);
    const stopped = third.election.win(third.stop.signal);
    await until('the third knows, too', () => third.known !== null);
    third.stop.abort();
    expect(await stopped).toBeNull();
    expect([leads.holds(), await leads.confirm()]).toEqual([true, true]);
    await first.election.close();
    const followed = await next;
    expect([leads.holds(), await leads.confirm(), followed.holds(), await followed.confirm()]).toEqual([false, false, true, true]);
    expect((await leads.lost).code).toBe('LEADERSHIP_LOST');
    await followed.resign();
    expect([followed.holds(), (await followed.lost).code]).toEqual([false, 'LEADERSHIP_LOST']);
    expect((await second.win()).holds()).toBe(true);
  }, 30_000);

  it('prefers one that could take over to one that could not, who has waited longer', async () => {
    const place = unique('seat');
    const [first, unfit, fit] = ['a', 'b', 'c'].map((label) => new Standing(kind, place, { label })) as [Standing, Standing, Standing];
    unfit.isFit = false;
    await first.win();
    const last = unfit.win();
    await until('the unfit one waits', () => unfit.known !== null);
    const next = fit.win();
    await until('the fit one waits', () => fit.known !== null);
    await first.election.close();
    expect((await next).holds()).toBe(true);
    await fit.election.close();
    // Better than nobody.
    expect((await last).holds()).toBe(true);
  }, 30_000);

  it('knows of a leader that cannot be heard by itself that it leads no more, before another one leads', async () => {
    const place = unique('seat');
    const [cut, other] = [new Standing(kind, place, { label: 'a', straight: false }), new Standing(kind, place, { label: 'b' })];
    const before = await cut.win();
    const next = other.win();
    await until('the other one waits', () => other.known !== null);
    lines.get(kind)?.stall();
    const after = await next;
    expect([before.holds(), after.holds()]).toEqual([false, true]);
    lines.get(kind)?.resume();
    expect((await before.lost).code).toBe('LEADERSHIP_LOST');
    expect(await before.confirm()).toBe(false);
    // It stands again, and is told who leads.
    const again = cut.win();
    again.catch(() => undefined);
    await until('it knows', () => cut.known !== 'a' && cut.known !== null);
    expect(after.holds()).toBe(true);
  }, 30_000);

  it('waits for an engine that is away', async () => {
    const line = lines.get(kind);
    line?.refuse();
    const standing = new Standing(kind, unique('seat'), { label: 'a', straight: false });
    const won = standing.win();
    await until('it tells', () => standing.troubles.length > 0);
    line?.accept();
    expect((await won).holds()).toBe(true);
    expect(new Set(standing.troubles)).toEqual(new Set([kind === 'kafka' ? 'SINK_LOST' : 'SOURCE_LOST']));
  }, 30_000);
});

describe('an election by kafka', () => {
  it('goes on with the same leader where all brokers were away, and nobody took over', async () => {
    const standing = new Standing('kafka', unique('seat'), { label: 'a', times: timesOf(60_000) });
    const leads = await standing.win();
    await kafka.kill();
    await until('it tells', () => standing.troubles.length > 0);
    await kafka.restart();
    await until('it is heard again', () => standing.heard);
    expect([leads.holds(), await leads.confirm(), (await standing.win()) === leads]).toEqual([true, true, true]);
  }, 90_000);

  it('goes on with the same leader where its connections die without a word, and new ones work', async () => {
    const standing = new Standing('kafka', unique('seat'), { label: 'a', straight: false, times: timesOf(8_000) });
    const leads = await standing.win();
    let lost = false;
    void leads.lost.then(() => { lost = true; });
    lines.get('kafka')?.strand();
    await until('it tells', () => standing.troubles.length > 0);
    await until('it is heard again', () => standing.heard);
    expect([lost, leads.holds(), await leads.confirm()]).toEqual([false, true, true]);
  }, 90_000);

  it('ends where the group may not have such a timeout, and names the setting', async () => {
    const place = unique('seat');
    const short = new GroupElection({ brokers: [`127.0.0.1:${String(kafka.port)}`], clientId: 'x', compression: 'none', topics: { create: false }, batchBytes: 1, requestTimeoutMs: 5_000, connectTimeoutMs: 1_000, memory: 1, group: place, times: timesOf(500) }, new Standing('kafka', place, { label: 'x' }), quiet);
    await expect(short.win(new AbortController().signal)).rejects.toMatchObject({ code: 'SINK_REFUSED', hint: expect.stringContaining('standby.timeout') as string });
    await short.close();
  }, 30_000);
});
