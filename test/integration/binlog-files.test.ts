import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysqlWithKeyring } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading, refusal, sourceOf, Recorder } from './source-support.ts';

/** The ids of the rows after a place, and the position behind them. */
function idsAfter(server: Server, from: Position | StartAt, rows: number): Promise<{ ids: number[]; position: Position }> {
  return reading({ options: optionsFor(server), from }, async (stream, recorder) => {
    await recorder.rowsUntil(rows);
    return { ids: recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1])), position: stream.position() };
  });
}

async function prepared(server: Server): Promise<Position> {
  await query(server, 'create database src; create table src.t (id int primary key)');
  return reading({ options: optionsFor(server), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
}

const write = (server: Server, ...ids: number[]): Promise<unknown> => query(server, ids.map((id) => `insert into src.t values (${id})`).join('; '));

describe.each<[string, () => Promise<Server>, string[]]>([
  ['MySQL with GTIDs', () => startMysql(), []],
  ['MySQL without GTIDs', () => startMysql({ flags: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] }), []],
  ['MariaDB', () => startMariadb(), []],
])('binlog files of %s under another base name', (name, start) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  it('go on where the list of files was kept, whatever their numbers', async () => {
    const begin = await prepared(server);
    await query(server, 'flush binary logs; flush binary logs; flush binary logs');
    await write(server, 1);
    const first = await idsAfter(server, begin, 1);
    await write(server, 2);
    // The new files have lower numbers than the old ones.
    await server.restart(['--log-bin=renamed', '--log-bin-index=binlog.index']);
    await write(server, 3);
    const second = await idsAfter(server, first.position, 2);
    expect(second.ids).toEqual([2, 3]);
    expect(second.position.label).toMatch(/^renamed\.000001:/);
    await write(server, 4);
    expect((await idsAfter(server, second.position, 1)).ids).toEqual([4]);
  });

  it('go on by GTIDs where they outlive the old ones and all of those was read, and else are purged', async () => {
    await server.restart(['--log-bin=renamed', '--log-bin-index=binlog.index']);
    const { position } = await idsAfter(server, await reading({ options: optionsFor(server), from: 'latest' }, async (stream) => {
      const place = stream.position();
      await write(server, 10);
      return place;
    }), 1);
    await server.restart(['--log-bin=third']);
    // MariaDB keeps the state of its GTIDs with its files: under a new name it knows of none before.
    if (name !== 'MySQL with GTIDs') {
      expect(await refusal(optionsFor(server), position)).toMatch(/SOURCE_POSITION_PURGED .*renamed\.\d+ is not listed any more, since the base name/);
      return;
    }
    await write(server, 11);
    expect((await idsAfter(server, position, 1)).ids).toEqual([11]);
    await server.restart(['--log-bin=fourth']);
    await write(server, 12);
    expect(await refusal(optionsFor(server), position)).toContain('SOURCE_POSITION_PURGED');
  });
});

describe('offsets that MariaDB does not tell', () => {
  it('are counted: every rows event has the one that the server lists', async () => {
    const server = await startMariadb();
    try {
      const begin = await prepared(server);
      const positions: number[] = [];
      class Noting extends Recorder {
        override rows(event: Parameters<Recorder['rows']>[0]): void {
          positions.push(event.position);
          super.rows(event);
        }
      }
      const recorder = new Noting();
      await query(server, 'begin; insert into src.t values (1), (2); insert into src.t values (3); update src.t set id = 9 where id = 3; commit; insert into src.t values (4)');
      const stream = await sourceOf(optionsFor(server)).open(begin, recorder);
      await recorder.until(4);
      await stream.close();
      const listed = (await query(server, "show binlog events in 'binlog.000001'")).filter((row) => /_rows_v1$/i.test(String(row['Event_type'])));
      expect(listed.every((row) => Number(row['End_log_pos']) === 0)).toBe(true);
      expect(positions).toEqual(listed.map((row) => Number(row['Pos'])));
    } finally {
      await server.stop();
    }
  });
});

describe('encrypted binlogs of MySQL', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startMysqlWithKeyring({ flags: ['--binlog-encryption=ON'] });
  });
  afterAll(() => server.stop());

  it('are read like others, from any place of any file, and are not behind when all is read', async () => {
    const begin = await prepared(server);
    const [file] = await query(server, 'show binary logs');
    expect(file).toMatchObject({ Encrypted: 'Yes' });
    await write(server, 1, 2);
    await query(server, 'flush binary logs; alter instance rotate binlog master key');
    await write(server, 3);
    const first = await idsAfter(server, begin, 3);
    expect(first.ids).toEqual([1, 2, 3]);
    await write(server, 4);
    const source = sourceOf(optionsFor(server));
    const recorder = new Recorder();
    const stream = await source.open(first.position, recorder);
    await recorder.rowsUntil(1);
    expect(recorder.rowTexts).toEqual(['t id=4']);
    expect(await source.serverEnd()).toEqual({ bytesBehind: 0 });
    await stream.close();
    expect((await idsAfter(server, 'earliest', 4)).ids).toEqual([1, 2, 3, 4]);
  });
});
