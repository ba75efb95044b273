import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { Recorder, optionsFor, reading, refused, sourceOf } from './source-support.ts';

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql()],
  ['MariaDB 11.4', () => startMariadb({ flags: ['--binlog-row-metadata=FULL', '--slave-connections-needed-for-purge=0'] })],
  ['MySQL 5.6', () => startMysql56()],
];

describe.each(SERVERS)('source on %s', (name, start) => {
  let server: Server;
  const sql = (text: string) => query(server, text);

  /** The youngest: the server may not have noticed yet that those before it are closed. */
  const killDump = async (): Promise<void> => {
    const dumps = (await sql('show processlist')).filter((row) => String(row.Command).startsWith('Binlog Dump')).map((row) => Number(row.Id));
    await sql(`kill ${Math.max(...dumps)}`);
  };

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key auto_increment, note varchar(2000)); create table src.big (id int primary key, b longblob)');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('reads changes and goes on from a position', async () => {
    const position = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, counter) => {
      await sql("insert into src.t (note) values ('a'), ('b'); update src.t set note = 'c' where id = 1; delete from src.t where id = 2");
      await counter.until(3);
      expect(counter.seen).toEqual(['insert t', 'update t', 'delete t']);
      return stream.position();
    });
    await sql("insert into src.t (note) values ('while away')");
    await reading({ options: optionsFor(server), from: position }, async (_, counter) => {
      await sql('delete from src.t');
      await counter.until(2);
      expect(counter.seen).toEqual(['insert t', 'delete t']);
    });
  });

  it('tells how many bytes it is behind', async () => {
    const source = sourceOf(optionsFor(server));
    expect(await source.serverEnd()).toEqual({ bytesBehind: null });
    const recorder = new Recorder();
    const stream = await source.open('latest', recorder);
    await sql("insert into src.t (note) values ('behind')");
    await recorder.until(1);
    expect(await Promise.all([source.serverEnd(), source.serverEnd()])).toEqual([{ bytesBehind: 0 }, { bytesBehind: 0 }]);
    stream.pause();
    await sql("insert into src.t (note) values (repeat('x', 1000)); flush binary logs; insert into src.t (note) values (repeat('y', 1000))");
    expect((await source.serverEnd()).bytesBehind).toBeGreaterThan(2000);
    stream.resume();
    await recorder.until(3);
    expect(await source.serverEnd()).toEqual({ bytesBehind: 0 });
    await stream.close();
  });

  it('loses nothing over many pauses', async () => {
    await reading({ options: optionsFor(server), from: 'latest' }, async (stream, counter) => {
      counter.onRows = () => {
        if (counter.events % 53 !== 0) return;
        stream.pause();
        setImmediate(() => stream.resume());
      };
      const inserts = Array.from({ length: 3000 }, (_, i) => `insert into src.t (note) values ('${'x'.repeat(i % 900)}')`);
      for (let at = 0; at < inserts.length; at += 500) await sql(inserts.slice(at, at + 500).join(';'));
      await counter.until(3000);
      expect(counter.events).toBe(3000);
    });
  });

  it('refuses an event above the limit, and names its table', async () => {
    await reading({ options: optionsFor(server, { rowLimit: 1 << 20 }), from: 'latest' }, async (stream) => {
      await sql("insert into src.big values (1, repeat('x', 3000000))");
      const error = await stream.ended;
      expect([error?.code, error?.facts.table]).toEqual(['ROW_TOO_LARGE', 'src.big']);
    });
  });

  if (name !== 'MySQL 5.6') it('reads a row of 20 MB', async () => {
    await sql('set global max_allowed_packet = 1073741824');
    await reading({ options: optionsFor(server), from: 'latest' }, async (_, counter) => {
      await sql("insert into src.big values (2, repeat('y', 20000000))");
      await counter.until(1);
      expect(counter.seen).toEqual(['insert big']);
    });
  });

  it('notices a server that falls silent', async () => {
    const proxy = await startTcpProxy(server);
    await reading({ options: optionsFor({ host: proxy.host, port: proxy.port }), from: 'latest' }, async (stream) => {
      proxy.stall();
      const error = await stream.ended;
      expect([error?.code, error?.message.includes('not even a heartbeat')]).toEqual(['SOURCE_LOST', true]);
    });
    await proxy.close();
  });

  it('ends when the dump is killed', async () => {
    await reading({ options: optionsFor(server), from: 'latest' }, async (stream) => {
      await killDump();
      expect((await stream.ended)?.code).toBe('SOURCE_LOST');
    });
  });

  it('tells two readers under one server id from each other', async () => {
    const pair = [sourceOf(optionsFor(server, { serverId: 77_777 })), sourceOf(optionsFor(server, { serverId: 77_777 }))] as const;
    const endings: (string | undefined)[] = [];
    let before = await pair[0].open('latest', new Recorder());
    for (let turn = 1; turn < 6 && endings.at(-1) !== 'SERVER_ID_TAKEN'; turn++) {
      const next = await (turn % 2 === 0 ? pair[0] : pair[1]).open('latest', new Recorder());
      endings.push((await before.ended)?.code);
      before = next;
    }
    await before.close();
    // MySQL 5.6 does not say why it ends a stream; that it does so again and again is what tells.
    expect(endings).toEqual(name === 'MySQL 5.6' ? ['SOURCE_LOST', 'SOURCE_LOST', 'SOURCE_LOST', 'SOURCE_LOST', 'SERVER_ID_TAKEN'] : ['SERVER_ID_TAKEN']);
  });

  if (name !== 'MySQL 5.6') it('does not take a dump that is killed again and again for that', async () => {
    const source = sourceOf(optionsFor(server));
    for (let turn = 0; turn < 4; turn++) {
      const stream = await source.open('latest', new Recorder());
      await killDump();
      expect((await stream.ended)?.code).toBe('SOURCE_LOST');
      await stream.close();
    }
  });

  it('refuses positions that the server does not have', async () => {
    expect(await refused(optionsFor(server), { file: 'elsewhere.000099', position: 4 })).toBe('SOURCE_POSITION_FOREIGN');
    const position = await reading({ options: optionsFor(server), from: 'latest' }, async (stream, counter) => {
      await sql("insert into src.t (note) values ('p')");
      await counter.until(1);
      return stream.position();
    });
    await sql("flush binary logs; insert into src.t (note) values ('q'); flush binary logs; insert into src.t (note) values ('r')");
    const files = await sql('show binary logs');
    // MariaDB keeps a file until its next checkpoint has been written, and while a dump that is closed still reads it.
    for (let left = files.length; left > 1; left = (await sql('show binary logs')).length) {
      await sql(`purge binary logs to '${String(files.at(-1)?.Log_name)}'; do sleep(0.1)`);
    }
    expect(await refused(optionsFor(server), position)).toBe('SOURCE_POSITION_PURGED');
  });

  if (name !== 'MySQL 5.6') it('reports a wrong password and every missing privilege', async () => {
    await sql("create user low@'127.0.0.1' identified by 'low'");
    expect(await refused(optionsFor(server, { user: 'low', password: new Secret('no') }))).toBe('SOURCE_AUTH');
    await expect(sourceOf(optionsFor(server, { user: 'low', password: new Secret('low') })).open('latest', new Recorder())).rejects.toThrow(/2 problems.*(REPLICATION CLIENT|BINLOG MONITOR).*REPLICATION SLAVE/);
  });

  if (name === 'MySQL 5.6') it('does not fall back to plain where TLS is required', async () => {
    expect(await refused(optionsFor(server, { tls: { mode: 'required', ca: null, cert: null, key: null } }))).toBe('SOURCE_TLS');
  });

  it('without metadata goes on through a change of a captured table', async () => {
    if (name !== 'MySQL 5.6') await sql("set global binlog_row_metadata = 'MINIMAL'");
    await reading({ options: optionsFor(server), from: 'latest' }, async (_, counter) => {
      await sql("insert into src.t (note) values ('before'); alter table src.t add extra int; insert into src.t (note) values ('after')");
      await counter.until(2);
      expect(counter.rowTexts.map((text) => text.replace(/ id=\d+/u, ''))).toEqual([expect.stringMatching(/note=before$/u), expect.stringMatching(/note=after extra=null$/u)]);
    });
  });
});
