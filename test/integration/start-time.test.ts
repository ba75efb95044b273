import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { connectMysql, query, queryOn } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { optionsFor, reading, refusal } from './source-support.ts';

/** The ids told from a time on, up to the last one. */
function idsFrom(server: Server, timestamp: number, last: number): Promise<number[]> {
  return reading({ options: optionsFor(server), from: { timestamp } }, async (_stream, recorder) => {
    const ids = (): number[] => recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1]));
    await until('the last row is told', () => ids().includes(last));
    return ids();
  });
}

async function clock(server: Server): Promise<number> {
  const [row] = await query(server, 'select cast(unix_timestamp(now(6)) * 1000000 as unsigned) as micros');
  return Number(row?.['micros']);
}

async function purgeBefore(server: Server, file: string): Promise<void> {
  await until('the older files are purged', async () => {
    await query(server, `purge binary logs to '${file}'`);
    return (await query(server, 'show binary logs'))[0]?.['Log_name'] === file;
  });
}

async function currentFile(server: Server): Promise<string> {
  const rows = await query(server, 'show master status').catch(() => query(server, 'show binary log status'));
  return String(rows[0]?.['File']);
}

describe('a start by time on MySQL 9, which logs when transactions were committed', () => {
  let server: Server;
  const times: number[] = [];

  beforeAll(async () => {
    server = await startMysql();
    await query(server, 'create database src; create table src.t (id int primary key)');
    for (let id = 1; id <= 6; id++) {
      times.push(await clock(server));
      // Its statements' times say nothing: a session may set them.
      await query(server, `set timestamp = ${id % 2 === 0 ? 1_000_000_000 : 2_000_000_000}; insert into src.t values (${id})${id % 2 === 0 ? '; flush binary logs' : ''}`);
    }
  });
  afterAll(() => server.stop());

  it('tells every transaction from then on and none before, in whichever file', async () => {
    for (const [index, time] of times.entries()) expect(await idsFrom(server, time, 6)).toEqual([1, 2, 3, 4, 5, 6].slice(index));
  });

  it('begins at the end when nothing is so new, and with all there ever was when everything is newer', async () => {
    const later = (await clock(server)) + 3_600_000_000;
    await reading({ options: optionsFor(server), from: { timestamp: later } }, async (_stream, recorder) => {
      await query(server, 'insert into src.t values (7)');
      await recorder.until(1);
      expect(recorder.rowTexts).toEqual(['t id=7']);
    });
    expect(await idsFrom(server, 0, 7)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('tells a transaction that was begun before and committed after', async () => {
    const session = await connectMysql(server);
    await queryOn(session, 'begin; insert into src.t values (8)');
    await query(server, 'insert into src.t values (9)');
    const time = await clock(server);
    await queryOn(session, 'commit');
    await session.end();
    expect(await idsFrom(server, time, 8)).toEqual([8]);
  });

  it('has a position from which reading goes on', async () => {
    const { position, rows } = await reading({ options: optionsFor(server), from: { timestamp: times[4] ?? 0 } }, async (stream, recorder) => {
      const begin = stream.position();
      await recorder.until(2);
      return { position: begin, rows: recorder.rowTexts.slice(0, 2) };
    });
    await reading({ options: optionsFor(server), from: position }, async (_stream, recorder) => {
      await recorder.until(2);
      expect(recorder.rowTexts.slice(0, 2)).toEqual(rows);
    });
  });

  it('is refused when what was written then may be purged, unless onPurged goes on', async () => {
    await query(server, 'flush binary logs');
    await purgeBefore(server, await currentFile(server));
    expect(await refusal(optionsFor(server), { timestamp: times[3] ?? 0 })).toContain('SOURCE_POSITION_PURGED');
    await query(server, 'insert into src.t values (10)');
    expect(await refusal(optionsFor(server), { timestamp: await clock(server) })).toBe('opened');
    expect(await refusal(optionsFor(server), { timestamp: times[3] ?? 0 })).toContain('SOURCE_POSITION_PURGED');
  });
});

describe.each<[string, () => Promise<Server>]>([['MySQL 5.6', () => startMysql56()], ['MariaDB', () => startMariadb()]])('a start by time on %s, whose statements have whole seconds', (_, start) => {
  let server: Server;
  const base = 1_700_000_000;
  /** Seconds after the base at which the session of each row says that it is; hours apart from file to file. */
  const seconds = [0, 3, 1, 7200, 7203, 7201, 14_400, 14_402];

  beforeAll(async () => {
    server = await start();
    await query(server, `set timestamp = ${base - 7200}; create database src; create table src.t (id int primary key)`);
    for (const [index, second] of seconds.entries()) {
      if (index > 0 && second - (seconds[index - 1] ?? 0) > 3600) await query(server, `set timestamp = ${base + second}; flush binary logs`);
      await query(server, `set timestamp = ${base + second}; insert into src.t values (${index + 1})`);
    }
  });
  afterAll(() => server.stop());

  it.each([
    ['a whole second', 0, 1],
    ['within a second, which counts as a whole', 0.999999, 1],
    ['the first in the order of the binlog that is so new', 2, 2],
    ['whatever comes after it', 3, 2],
    ['between files', 3600, 4],
    ['in the middle of a file', 7202, 5],
    ['in the last file', 14_401.5, 8],
  ])('%s: %d', async (_what, second, first) => {
    const wanted = seconds.map((_second, index) => index + 1).slice(first - 1);
    expect(await idsFrom(server, (base + second) * 1_000_000, 8)).toEqual(wanted);
  });

  it('is refused when what was written then may be purged', async () => {
    await purgeBefore(server, String((await query(server, 'show binary logs'))[1]?.['Log_name']));
    expect(await refusal(optionsFor(server), { timestamp: (base + 3) * 1_000_000 })).toContain('SOURCE_POSITION_PURGED');
    expect(await idsFrom(server, (base + 7203) * 1_000_000, 8)).toEqual([5, 6, 7, 8]);
  });
});
