import { describe, expect, it } from 'vitest';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading } from './source-support.ts';

/** One list of files for all base names. */
const INDEX = '--log-bin-index=files';

const KINDS: [name: string, start: () => Promise<Server>][] = [
  ['MySQL', () => startMysql({ flags: [INDEX] })],
  ['MariaDB', () => startMariadb({ flags: [INDEX] })],
  ['MySQL 5.6, without GTIDs', () => startMysql56({ flags: [INDEX] })],
];

interface Read {
  readonly ids: number[];
  readonly position: Position;
}

function read(server: Server, from: Position | StartAt, rows: number, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<Read> {
  return reading({ options: optionsFor(server), from }, async (stream, recorder) => {
    await meanwhile();
    await recorder.rowsUntil(rows);
    return { ids: recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1])), position: stream.position() };
  });
}

const insert = (server: Server, id: number): Promise<unknown> => query(server, `insert into src.t values (${id})`);
const rotate = (server: Server): Promise<unknown> => query(server, 'flush logs');

describe.each(KINDS)('binlog files of %s', (_, start) => {
  it('are read one after another while they are rotated, and under a new base name', async () => {
    const server = await start();
    try {
      await query(server, 'create database src; create table src.t (id int primary key)');
      const first = await read(server, 'latest', 2, async () => {
        await insert(server, 1);
        await rotate(server);
        await insert(server, 2);
      });
      expect(first.ids).toEqual([1, 2]);
      await insert(server, 3);
      await rotate(server);
      await insert(server, 4);
      await server.restart(['--log-bin=other']);
      await insert(server, 5);
      await rotate(server);
      const files = (await query(server, 'show binary logs')).map((file) => String(file['Log_name']));
      expect(files.filter((name) => name.startsWith('binlog.')).length).toBeGreaterThan(1);
      expect(files.filter((name) => name.startsWith('other.')).length).toBeGreaterThan(1);
      const second = await read(server, first.position, 4, () => insert(server, 6));
      expect(second.ids).toEqual([3, 4, 5, 6]);
      await insert(server, 7);
      expect((await read(server, second.position, 1)).ids).toEqual([7]);
      expect((await read(server, 'earliest', 7)).ids).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect((await read(server, { file: files.find((name) => name.startsWith('other.')) ?? '', position: 4 }, 3)).ids).toEqual([5, 6, 7]);
    } finally {
      await server.stop();
    }
  });
});
