import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartAt } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { optionsFor, reading, refusal, refused } from './source-support.ts';
import { backUp, caughtUp, promote, replicate } from './support/replicas.ts';

const KINDS: [name: string, mariadb: boolean, start: (flags: string[]) => Promise<Server>][] = [
  ['MySQL', false, (flags) => startMysql({ flags })],
  ['MariaDB', true, (flags) => startMariadb({ flags: [...flags, '--log-slave-updates'] })],
];

/** The ids of the rows after a place, and the position behind them. */
function idsAfter(server: Server, from: Position | StartAt, rows: number): Promise<{ ids: number[]; position: Position }> {
  return reading({ options: optionsFor(server), from }, async (stream, recorder) => {
    await recorder.rowsUntil(rows);
    return { ids: recorder.rowTexts.map((row) => Number(/id=(\d+)/.exec(row)?.[1])), position: stream.position() };
  });
}

function insert(server: Server, ...ids: readonly number[]): Promise<unknown> {
  return query(server, ids.map((id) => `insert into src.t values (${id})`).join('; '));
}

describe.each(KINDS)('another %s server', (_, mariadb, start) => {
  let source: Server;
  let replica: Server;

  beforeAll(async () => {
    [source, replica] = await Promise.all([start(['--server-id=1']), start(['--server-id=2'])]);
    await replicate(source, replica, { mariadb });
    await query(source, 'create database src; create table src.t (id int primary key)');
  });
  afterAll(async () => {
    await Promise.all([source.stop(), replica.stop()]);
  });

  it('which is a replica behind the position is asked again until it has come there', async () => {
    await caughtUp(source, replica, mariadb);
    await query(replica, mariadb ? 'stop slave sql_thread' : 'stop replica sql_thread');
    const begin = await reading({ options: optionsFor(source), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
    await insert(source, 1, 2);
    const { position } = await idsAfter(source, begin, 2);
    expect(await refusal(optionsFor(replica), position)).toMatch(/SOURCE_BEHIND .* is a replica that does not have transactions yet which were read already: /);
    await insert(source, 3);
    await query(replica, mariadb ? 'start slave sql_thread' : 'start replica sql_thread');
    await caughtUp(source, replica, mariadb);
    expect((await idsAfter(replica, position, 1)).ids).toEqual([3]);
  });

  it('goes on where the first one ended, over a failover and back, and keeps its own place until then', async () => {
    await caughtUp(source, replica, mariadb);
    await query(replica, 'flush binary logs');
    const begin = await reading({ options: optionsFor(source), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
    await insert(source, 10, 11);
    const first = await idsAfter(source, begin, 2);
    await insert(source, 12, 13);
    await caughtUp(source, replica, mariadb);
    // Opened on the replica and stopped before anything was read: the position is still the other server's.
    const opened = await reading({ options: optionsFor(replica), from: first.position }, (stream) => Promise.resolve(stream.position()));
    expect(opened.state).toEqual(first.position.state);
    const second = await idsAfter(replica, opened, 2);
    expect(second.ids).toEqual([12, 13]);
    // What comes next is asked for by the replica's own file and offset; and its rows may be written anywhere.
    await insert(source, 14);
    await caughtUp(source, replica, mariadb);
    const third = await idsAfter(replica, second.position, 1);
    expect(third.ids).toEqual([14]);
    expect(third.position.state).not.toMatchObject({ serverUuid: (first.position.state as { serverUuid: string }).serverUuid });
    await insert(source, 15, 16);
    expect((await idsAfter(source, third.position, 2)).ids).toEqual([15, 16]);
  });

  it('goes on after it was made the source', async () => {
    const begin = await reading({ options: optionsFor(source), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
    await insert(source, 20);
    const { position } = await idsAfter(source, begin, 1);
    await insert(source, 21);
    await caughtUp(source, replica, mariadb);
    await promote(replica, mariadb);
    await query(replica, 'insert into src.t values (22); flush binary logs; insert into src.t values (23)');
    const after = await idsAfter(replica, position, 3);
    expect(after.ids).toEqual([21, 22, 23]);
    await insert(replica, 24);
    expect((await idsAfter(replica, after.position, 1)).ids).toEqual([24]);
    // The old source goes its own way: nothing that either has read is in the other.
    await insert(source, 90, 91, 92);
    expect(await refused(optionsFor(source), after.position)).toBe('SOURCE_POSITION_FOREIGN');
  });

  it('was restored from a copy of its data, and has written past the place again', async () => {
    await query(source, 'flush binary logs');
    const putBack = await backUp(source);
    const begin = await reading({ options: optionsFor(source), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
    await insert(source, 30, 31);
    const { position } = await idsAfter(source, begin, 2);
    // A binlog file tells the second in which it was begun, and a server of a test is put back within one.
    const { created } = position.state as { created: number };
    expect(created).toBeTypeOf('number');
    await until('a file that is begun now tells another second', () => Date.now() >= (created + 1) * 1000);
    await putBack();
    expect(await refusal(optionsFor(source), position)).toContain('SOURCE_RESET');
    await insert(source, 40, 41, 42, 43, 44, 45);
    expect(await refusal(optionsFor(source), position)).toContain('SOURCE_RESET');
  });
});
