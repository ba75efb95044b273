import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMysql } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading, refusal } from './source-support.ts';
import { caughtUp, replicate } from './support/replicas.ts';

const MODES = ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'] as const;
type Mode = (typeof MODES)[number];

let server: Server;
let id = 0;

beforeAll(async () => {
  server = await startMysql({ flags: ['--gtid-mode=OFF', '--enforce-gtid-consistency=ON'] });
  await query(server, 'create database src; create table src.t (id int primary key, mode varchar(20))');
});
afterAll(() => server.stop());
afterEach(() => setMode(server, 'OFF'));

/** The server takes one step at a time. */
async function setMode(on: Server, mode: Mode): Promise<void> {
  for (;;) {
    const [row] = await query(on, 'select @@global.gtid_mode as mode');
    const at = MODES.indexOf(String(row?.['mode']) as Mode);
    const to = MODES.indexOf(mode);
    if (at === to) return;
    await query(on, `set global gtid_mode = ${MODES[at + Math.sign(to - at)] ?? ''}`);
  }
}

/** Writes a row, with a GTID of its own where the mode lets a session choose. */
async function write(on: Server = server, next: 'AUTOMATIC' | 'ANONYMOUS' = 'AUTOMATIC'): Promise<number> {
  id++;
  await query(on, `set session gtid_next = '${next}'; insert into src.t values (${id}, @@global.gtid_mode); set session gtid_next = 'AUTOMATIC'`);
  return id;
}

/** The ids of the rows after a place, and the position behind them. */
function idsAfter(from: Position | StartAt, rows: number, on: Server = server): Promise<{ ids: number[]; position: Position }> {
  return reading({ options: optionsFor(on), from }, async (stream, recorder) => {
    await recorder.rowsUntil(rows);
    return { ids: recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1])), position: stream.position() };
  });
}

function latest(): Promise<Position> {
  return reading({ options: optionsFor(server), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
}

describe('gtid_mode', () => {
  it.each<[string, readonly Mode[]]>([['on', MODES], ['off', [...MODES].reverse()]])('switched %s while a stream runs: every row once', async (_, modes) => {
    await setMode(server, modes[0] ?? 'OFF');
    const written: number[] = [];
    await reading({ options: optionsFor(server), from: 'latest' }, async (_stream, recorder) => {
      for (const mode of modes) {
        await setMode(server, mode);
        written.push(await write());
        if (mode.endsWith('PERMISSIVE')) written.push(await write(server, 'ANONYMOUS'), await write());
        // What was written under OFF or ON must be read before the mode is its opposite.
        await recorder.rowsUntil(written.length);
      }
      expect(recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1]))).toEqual(written);
    });
  });

  it.each<[string, readonly Mode[]]>([['on', MODES], ['off', [...MODES].reverse()]])('switched %s between two streams, at every step: every row once', async (_, modes) => {
    await setMode(server, modes[0] ?? 'OFF');
    let position = await latest();
    for (const mode of modes) {
      const written = [await write()];
      await setMode(server, mode);
      written.push(await write());
      if (mode.endsWith('PERMISSIVE')) written.push(await write(server, 'ANONYMOUS'), await write());
      const found = await idsAfter(position, written.length);
      expect([mode, found.ids]).toEqual([mode, written]);
      position = found.position;
    }
  });

  it('all the way to ON with transactions without GTIDs unread: they are refused, not skipped, and are read after a step back', async () => {
    const begin = await latest();
    const written = [await write()];
    await setMode(server, 'ON');
    written.push(await write());
    await expect(idsAfter(begin, 2)).rejects.toMatchObject({ code: 'SOURCE_REFUSED', hint: expect.stringContaining('ON_PERMISSIVE') as string });
    await setMode(server, 'ON_PERMISSIVE');
    expect((await idsAfter(begin, 2)).ids).toEqual(written);
  });

  it('on a replica: a position behind a transaction without a GTID has no place there, one behind a GTID has', async () => {
    const replica = await startMysql({ flags: ['--server-id=2', '--gtid-mode=ON'] });
    try {
      await setMode(server, 'ON_PERMISSIVE');
      const begin = await latest();
      await write(server, 'ANONYMOUS');
      const anonymous = await idsAfter(begin, 1);
      expect(await refusal(optionsFor(replica), anonymous.position)).toMatch(/SOURCE_POSITION_FOREIGN .* had no GTID, so only the server it came from knows the place/);
      await setMode(server, 'ON');
      await query(server, 'drop database src; reset binary logs and gtids; create database src; create table src.t (id int primary key, mode varchar(20))');
      await replicate(server, replica, { mariadb: false });
      const start = await latest();
      await write();
      const { position } = await idsAfter(start, 1);
      const rest = [await write(), await write()];
      await caughtUp(server, replica, false);
      expect((await idsAfter(position, 2, replica)).ids).toEqual(rest);
      await setMode(replica, 'ON_PERMISSIVE');
      expect(await refusal(optionsFor(replica), position)).toMatch(/SOURCE_POSITION_FOREIGN .* its gtid_mode is ON_PERMISSIVE/);
    } finally {
      await replica.stop();
    }
  });

  it('tags of GTIDs come with the position', async () => {
    await setMode(server, 'ON');
    const begin = await latest();
    await query(server, `set session gtid_next = 'AUTOMATIC:blue'; insert into src.t values (${++id}, 'tag'); set session gtid_next = 'AUTOMATIC:green'; insert into src.t values (${++id}, 'tag'); set session gtid_next = 'AUTOMATIC'; insert into src.t values (${++id}, 'none')`);
    const { position, ids } = await idsAfter(begin, 3);
    expect(ids).toEqual([id - 2, id - 1, id]);
    expect((position.state as { gtid: string }).gtid).toMatch(/:blue:1,.*:green:1$/);
    await query(server, `set session gtid_next = 'AUTOMATIC:blue'; insert into src.t values (${++id}, 'tag')`);
    expect((await idsAfter({ gtid: (position.state as { gtid: string }).gtid }, 1)).ids).toEqual([id]);
    expect((await idsAfter(position, 1)).ids).toEqual([id]);
  });
});
