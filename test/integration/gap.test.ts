import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PositionLedger } from '../../src/checkpoint/ledger.ts';
import type { GapNotice, SourceNotice } from '../../src/core/notice.ts';
import type { Ticket } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import { preflight } from '../../src/mysql/preflight.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { optionsFor, reading, Recorder, refusal, sourceOf } from './source-support.ts';

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql()],
  ['MySQL 5.6 without GTIDs', () => startMysql56()],
  ['MariaDB', () => startMariadb()],
];

describe.each(SERVERS)('binlog of %s that was purged before it was read', (name, start) => {
  let server: Server;
  let id = 0;
  let before: Position;
  const numbered = name !== 'MySQL 5.6 without GTIDs';

  beforeAll(async () => {
    server = await start();
    await query(server, 'create database src; create table src.t (id int primary key)');
    before = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      await write();
      await recorder.until(1);
      return stream.position();
    });
    // Three transactions that nobody will read, and one that is still there.
    for (let i = 0; i < 3; i++) await write();
    await query(server, 'flush binary logs');
    const status = await query(server, 'show master status').catch(() => query(server, 'show binary log status'));
    const file = String(status[0]?.['File']);
    // A server keeps a file as long as a dump of it, which has lost its reader, has not noticed that.
    await until('the older files are purged', async () => {
      await query(server, `purge binary logs to '${file}'`);
      return (await query(server, 'show binary logs'))[0]?.['Log_name'] === file;
    });
    await write();
  });
  afterAll(() => server.stop());

  async function write(): Promise<number> {
    await query(server, `insert into src.t values (${++id})`);
    return id;
  }

  it('ends the stream by default, and check says so', async () => {
    expect(await refusal(optionsFor(server), before)).toContain('SOURCE_POSITION_PURGED');
    expect((await preflight(optionsFor(server), before)).filter(({ code }) => code === 'SOURCE_POSITION_PURGED').map(({ severity }) => severity)).toEqual(['error']);
    expect((await preflight(optionsFor(server, { onPurged: 'latest' }), before)).filter(({ code }) => code === 'SOURCE_POSITION_PURGED').map(({ severity }) => severity)).toEqual(['warning']);
  });

  it.each(['earliest', 'latest'] as const)('is a gap that is told before anything else where onPurged is %s', async (onPurged) => {
    const present = id;
    const logged: string[] = [];
    const quiet = (): void => undefined;
    const logger = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => void logged.push(message) };
    const recorder = new Recorder();
    const stream = await sourceOf(optionsFor(server, { onPurged }), null, logger).open(before, recorder);
    const gap = recorder.notices[0] as GapNotice;
    expect(recorder.notices).toHaveLength(1);
    expect(recorder.events).toBe(0);
    expect(gap).toMatchObject({ kind: 'gap', resumedAt: onPurged, after: before.label, before: stream.position().label, bytes: null });
    expect(gap.transactions).toBe(numbered ? (onPurged === 'earliest' ? 3 : 3 + present - 4) : null);
    expect(gap.gtids === null).toBe(!numbered);
    expect(logged).toEqual([expect.stringMatching(/^rows are missing: the binlog was purged/)]);
    const next = await write();
    const wanted = onPurged === 'earliest' ? Array.from({ length: next - 4 }, (_, i) => i + 5) : [next];
    await recorder.rowsUntil(wanted.length);
    expect(recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1]))).toEqual(wanted);
    const position = stream.position();
    await stream.close();
    // What comes after it is read as ever.
    const last = await write();
    await reading({ options: optionsFor(server), from: position }, async (_stream, again) => {
      await again.until(1);
      expect([again.rowTexts, again.notices]).toEqual([[`t id=${last}`], []]);
    });
  });

  it('holds everything back until the notice of it is taken, and the saved position until that is delivered', async () => {
    const ledger = new PositionLedger(before);
    let ticket: Ticket | null = null;
    let take: () => void = () => undefined;
    let told: (notice: SourceNotice) => void = () => undefined;
    const arrived = new Promise<SourceNotice>((resolve) => (told = resolve));
    class Slow extends Recorder {
      override notice(notice: SourceNotice): Promise<void> {
        ticket = ledger.open();
        told(notice);
        return new Promise((resolve) => (take = resolve));
      }
    }
    const recorder = new Slow();
    const opening = sourceOf(optionsFor(server, { onPurged: 'earliest' })).open(before, recorder);
    await arrived;
    await write();
    expect(recorder.events).toBe(0);
    take();
    const stream = await opening;
    ledger.follow(() => stream.position());
    await recorder.rowsUntil(id - 4);
    expect(ledger.safe()).toBe(before);
    ledger.settle(ticket as unknown as Ticket);
    expect(ledger.safe()).toEqual(stream.position());
    await stream.close();
  });

  it('ends the stream when nobody takes the notice', async () => {
    class Deaf extends Recorder {
      override notice(): Promise<void> {
        return Promise.reject(new Error('the sink is full'));
      }
    }
    await expect(sourceOf(optionsFor(server, { onPurged: 'latest' })).open(before, new Deaf())).rejects.toThrow('the sink is full');
  });

  it('is found for a start that the configuration names, too', async () => {
    const file = /^[^:]+/.exec(before.label)?.[0] ?? '';
    await reading({ options: optionsFor(server, { onPurged: 'earliest' }), from: { file, position: 4 } }, async (_stream, recorder) => {
      expect(recorder.notices).toMatchObject([{ after: `${file}:4`, resumedAt: 'earliest', transactions: null }]);
      await recorder.rowsUntil(1);
      expect(recorder.rowTexts[0]).toBe('t id=5');
    });
  });

  it('has a size in bytes where the source had seen the files before they were purged', async () => {
    const source = sourceOf(optionsFor(server, { onPurged: 'earliest' }));
    const first = await source.open('latest', new Recorder());
    const from = first.position();
    for (let i = 0; i < 2; i++) await write();
    await query(server, 'flush binary logs');
    await write();
    await query(server, 'flush binary logs');
    await source.serverEnd();
    const files = (await query(server, 'show binary logs')).map((row) => ({ name: String(row['Log_name']), size: Number(row['File_size']) }));
    await first.close();
    const last = files.at(-1)?.name ?? '';
    await until('the older files are purged', async () => {
      await query(server, `purge binary logs to '${last}'`);
      return (await query(server, 'show binary logs'))[0]?.['Log_name'] === last;
    });
    const recorder = new Recorder();
    await (await source.open(from, recorder)).close();
    const [file = '', offset = ''] = from.label.split(' ')[0]?.split(':') ?? [];
    const missed = files.filter(({ name: each }) => each >= file && each < last).reduce((sum, { size }) => sum + size, 0) - Number(offset);
    expect(recorder.notices).toMatchObject([{ kind: 'gap', after: from.label, bytes: missed }]);
    expect(missed).toBeGreaterThan(0);
  });
});
