import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Position } from '../../src/core/position.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { openSession } from '../../src/mysql/stream/sql-session.ts';
import { query } from '../support/mysql.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';
import { optionsFor, reading, refused } from './source-support.ts';

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql()],
  ['MariaDB', () => startMariadb()],
  ['MySQL 5.6', () => startMysql56()],
];

describe.each(SERVERS)('the stream of %s', (name, start) => {
  let server: Server;
  let proxy: TcpProxy;
  const sql = (text: string) => query(server, text);

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key, note varchar(2000)); create table src.big (id int primary key, b longblob); set global max_allowed_packet = 1073741824');
  });
  afterAll(async () => {
    await server.stop();
  });
  afterEach(async () => {
    await sql('truncate table src.t; truncate table src.big');
  });

  it('reads on while checksums are switched off and on, and reads such files again', async () => {
    const rows = ['t id=1 note=null', 't id=2 note=null', 't id=3 note=null', 't id=4 note=null', 't id=5 note=null'];
    const position = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      const begin: Position = stream.position();
      await sql("insert into src.t values (1, null); set global binlog_checksum = 'NONE'; insert into src.t values (2, null)");
      await recorder.until(2);
      await sql("set global binlog_checksum = 'CRC32'; insert into src.t values (3, null)");
      await recorder.until(3);
      await sql("set global binlog_checksum = 'NONE'; insert into src.t values (4, null); flush binary logs; insert into src.t values (5, null)");
      await recorder.until(5);
      expect(recorder.rowTexts).toEqual(rows);
      return begin;
    });
    for (const checksum of ['NONE', 'CRC32']) {
      await sql(`set global binlog_checksum = '${checksum}'`);
      await reading({ options: optionsFor(server), from: position }, async (_, recorder) => {
        await recorder.until(5);
        expect(recorder.rowTexts).toEqual(rows);
      });
    }
  });

  it('loses nothing in a pause that is longer than the net_write_timeout of the server', async () => {
    await sql('set global net_write_timeout = 1');
    await reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      stream.pause();
      const megabyte = Array.from({ length: 8 }, (_, i) => `insert into src.big values (${i}, repeat('x', 4000000))`).join('; ');
      await sql(`${megabyte}; do sleep(4)`);
      expect(recorder.events).toBe(0);
      stream.resume();
      await recorder.until(8);
      expect(recorder.rowTexts).toEqual(Array.from({ length: 8 }, (_, i) => `big id=${i} b=4000000 bytes`));
    });
    await sql('set global net_write_timeout = 60');
  });

  it('is closed where the transaction under way ends, if that comes in time, and goes on there', async () => {
    const parts = [1, 2, 3].map((id) => `insert into src.t values (${String(id)}, 'one')`).join('; ');
    const first = ['t id=1 note=one', 't id=2 note=one', 't id=3 note=one'];
    /** Closes in the middle of the first transaction. */
    const closed = async (patienceMs: number, held: boolean): Promise<Position> => reading({ options: optionsFor(server), from: 'latest' }, async (stream, recorder) => {
      const closing: Promise<void>[] = [];
      recorder.onRows = () => {
        if (recorder.events !== 1) return;
        // As the gate does, which may let it go on again.
        stream.pause();
        closing.push(stream.close(patienceMs));
        if (!held) stream.resume();
      };
      await sql(`begin; ${parts}; commit; insert into src.t values (4, 'two')`);
      await until('it is closed', () => closing.length > 0);
      await closing[0];
      stream.resume();
      await new Promise((resolve) => setImmediate(resolve));
      expect(recorder.rowTexts).toEqual(held ? first.slice(0, 1) : first);
      return stream.position();
    });
    const rest = async (from: Position, rows: readonly string[]): Promise<void> => reading({ options: optionsFor(server), from }, async (_, recorder) => {
      await recorder.rowsUntil(rows.length);
      expect(recorder.rowTexts).toEqual(rows);
    });
    await rest(await closed(30_000, false), ['t id=4 note=two']);
    await sql('truncate table src.t');
    for (const patience of [0, 50]) {
      await rest(await closed(patience, true), [...first, 't id=4 note=two']);
      await sql('truncate table src.t');
    }
  });

  it('refuses an event above the limit before it has come', async () => {
    proxy = await startTcpProxy(server);
    await reading({ options: optionsFor(proxy, { rowLimit: 100_000 }), from: 'latest' }, async (stream) => {
      const before = proxy.received;
      await sql("insert into src.big values (1, repeat('x', 9000000))");
      const error = await stream.ended;
      expect([error?.code, error?.facts.table, error?.facts.limit]).toEqual(['ROW_TOO_LARGE', 'src.big', 165_536]);
      // What lay in the sockets, at most.
      expect(proxy.received - before).toBeLessThan(7_000_000);
    });
    await proxy.close();
  });

  if (name !== 'MySQL 5.6') it('reads rows of 20 and 40 MB, and updates of them', async () => {
    await reading({ options: optionsFor(server), from: 'latest' }, async (_, recorder) => {
      await sql("insert into src.big values (1, repeat('x', 20000000)), (2, repeat('y', 40000000)); update src.big set b = concat(b, 'z') where id = 2; insert into src.t values (1, 'after')");
      await recorder.until(4);
      expect(recorder.rowTexts).toEqual(['big id=1 b=20000000 bytes', 'big id=2 b=40000000 bytes', 'big id=2 b=40000001 bytes', 't id=1 note=after']);
    });
  });

  it('is not called lost while it is paused and the line is dead, and is when it is wanted again', async () => {
    proxy = await startTcpProxy(server);
    await reading({ options: optionsFor(proxy), from: 'latest' }, async (stream, recorder) => {
      let ended = false;
      void stream.ended.then(() => (ended = true));
      stream.pause();
      proxy.stall();
      await sql("insert into src.t values (1, 'meanwhile'); do sleep(1.5)");
      expect([ended, recorder.events]).toEqual([false, 0]);
      proxy.resume();
      stream.resume();
      await recorder.until(1);
      proxy.stall();
      stream.pause();
      await sql('do sleep(1.5)');
      expect(ended).toBe(false);
      stream.resume();
      const error = await stream.ended;
      expect([error?.code, error?.message]).toEqual(['SOURCE_LOST', expect.stringContaining('not even a heartbeat')]);
    });
    await proxy.close();
  });

  it('ends with SOURCE_LOST when the line is cut in the middle of an event', async () => {
    proxy = await startTcpProxy(server);
    await reading({ options: optionsFor(proxy), from: 'latest' }, async (stream, recorder) => {
      stream.pause();
      await sql("insert into src.big values (1, repeat('x', 9000000)); do sleep(0.2)");
      proxy.cut();
      stream.resume();
      expect([(await stream.ended)?.code, recorder.events]).toEqual(['SOURCE_LOST', 0]);
    });
    await proxy.close();
  });

  // What is tried here is the driver's, so one server will do.
  if (name === 'MariaDB') it('does not wait for ever for a server that accepts and says nothing, or stops to answer', async () => {
    proxy = await startTcpProxy(server);
    const options = optionsFor(proxy, { connectTimeout: 300 });
    const session = await openSession(options);
    expect((await session.query('select 1')).length).toBe(1);
    proxy.stall();
    await expect(session.query('select 2')).rejects.toMatchObject({ code: 'SOURCE_LOST' });
    await session.close();
    expect(await refused(options)).toBe('SOURCE_LOST');
    await proxy.close();
  });

  it('leaves nothing open in the process', async () => {
    const [end] = await sql('show master status').catch(() => sql('show binary log status'));
    await sql("insert into src.t values (1, 'x')");
    const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('source-child.ts', import.meta.url)), String(server.port), String(end?.File), String(end?.Position)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    // MySQL 5.6 has no grant tables and lets everybody in.
    const login = name === 'MySQL 5.6' ? 'opened' : 'SOURCE_AUTH';
    expect([output.split('\n').slice(0, -1), code]).toEqual([['SOURCE_LOST', login, 'SOURCE_POSITION_FOREIGN', 'read insert t', 'closed'], 0]);
  });
});
