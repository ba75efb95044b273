import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeHandler, Stream } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';
import { Secret } from '../../src/core/secret.ts';
import type { SourceOptions } from '../../src/mysql/options.ts';
import { createMysqlSource } from '../../src/mysql/source.ts';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql, startMysql56 } from '../../scripts/servers/index.ts';
import { query } from '../support/mysql.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const quiet = (): void => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function optionsFor(server: { host: string; port: number }, given: Partial<SourceOptions> = {}): SourceOptions {
  return {
    host: server.host, port: server.port, user: 'root', password: new Secret(''), tls: { mode: 'preferred', ca: null, cert: null, key: null },
    connectTimeout: 10_000, name: 'test', serverId: 'auto', heartbeat: 300, rowLimit: 64 << 20, includeQuery: false,
    captures: (database) => database === 'src', recaptureSchema: false, ...given,
  };
}

function open(options: SourceOptions) {
  return createMysqlSource(options, { observer: { alive: quiet, event: quiet }, logger, notes: null });
}

/** Counts rows by operation and table, and lets a test wait for a number of them. */
class Counter implements ChangeHandler {
  readonly seen: string[] = [];
  events = 0;
  commits = 0;
  onRows: () => void = quiet;
  #wake: () => void = quiet;

  table(): void {}
  begin(): void {}
  rows(event: Parameters<ChangeHandler['rows']>[0]): void {
    this.events++;
    this.seen.push(`${event.operation} ${event.table.name}`);
    this.onRows();
  }
  commit(): void {
    this.commits++;
    this.#wake();
  }
  async until(events: number): Promise<void> {
    while (this.events < events || this.commits === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function refused(options: SourceOptions, from: Parameters<ReturnType<typeof open>['open']>[0] = 'latest'): Promise<string> {
  try {
    await (await open(options).open(from, new Counter())).close();
    return 'opened';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function reading<T>(options: SourceOptions, from: Position | 'latest' | 'earliest', work: (stream: Stream, counter: Counter) => Promise<T>): Promise<T> {
  const counter = new Counter();
  const stream = await open(options).open(from, counter);
  try {
    return await work(stream, counter);
  } finally {
    await stream.close();
  }
}

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL 9', () => startMysql()],
  ['MariaDB 11.4', () => startMariadb({ flags: ['--binlog-row-metadata=FULL', '--slave-connections-needed-for-purge=0'] })],
  ['MySQL 5.6', () => startMysql56()],
];

describe.each(SERVERS)('source on %s', (name, start) => {
  let server: Server;
  const sql = (text: string) => query(server, text);

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key auto_increment, note varchar(2000)); create table src.big (id int primary key, b longblob)');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('reads changes and goes on from a position', async () => {
    const position = await reading(optionsFor(server), 'latest', async (stream, counter) => {
      await sql("insert into src.t (note) values ('a'), ('b'); update src.t set note = 'c' where id = 1; delete from src.t where id = 2");
      await counter.until(3);
      expect(counter.seen).toEqual(['insert t', 'update t', 'delete t']);
      return stream.position();
    });
    await sql("insert into src.t (note) values ('while away')");
    await reading(optionsFor(server), position, async (_, counter) => {
      await sql('delete from src.t');
      await counter.until(2);
      expect(counter.seen).toEqual(['insert t', 'delete t']);
    });
  });

  it('loses nothing over many pauses', async () => {
    await reading(optionsFor(server), 'latest', async (stream, counter) => {
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
    await reading(optionsFor(server, { rowLimit: 1 << 20 }), 'latest', async (stream) => {
      await sql("insert into src.big values (1, repeat('x', 3000000))");
      const error = await stream.ended;
      expect([error?.code, error?.facts.table]).toEqual(['ROW_TOO_LARGE', 'src.big']);
    });
  });

  it.skipIf(name === 'MySQL 5.6')('reads a row of 20 MB', async () => {
    await sql('set global max_allowed_packet = 1073741824');
    await reading(optionsFor(server), 'latest', async (_, counter) => {
      await sql("insert into src.big values (2, repeat('y', 20000000))");
      await counter.until(1);
      expect(counter.seen).toEqual(['insert big']);
    });
  });

  it('notices a server that falls silent', async () => {
    const proxy = await startTcpProxy(server);
    await reading(optionsFor({ host: proxy.host, port: proxy.port }), 'latest', async (stream) => {
      proxy.stall();
      const error = await stream.ended;
      expect([error?.code, error?.message.includes('not even a heartbeat')]).toEqual(['SOURCE_LOST', true]);
    });
    await proxy.close();
  });

  it('ends when the dump is killed', async () => {
    await reading(optionsFor(server), 'latest', async (stream) => {
      // The youngest: the server may not have noticed yet that those before it are closed.
      const dumps = (await sql('show processlist')).filter((row) => String(row.Command).startsWith('Binlog Dump')).map((row) => Number(row.Id));
      await sql(`kill ${Math.max(...dumps)}`);
      expect((await stream.ended)?.code).toBe('SOURCE_LOST');
    });
  });

  it('refuses positions that the server does not have', async () => {
    expect(await refused(optionsFor(server), { file: 'elsewhere.000099', position: 4 })).toBe('SOURCE_POSITION_FOREIGN');
    const position = await reading(optionsFor(server), 'latest', async (stream, counter) => {
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

  it.skipIf(name === 'MySQL 5.6')('reports a wrong password and every missing privilege', async () => {
    await sql("create user low@'127.0.0.1' identified by 'low'");
    expect(await refused(optionsFor(server, { user: 'low', password: new Secret('no') }))).toBe('SOURCE_AUTH');
    await expect(open(optionsFor(server, { user: 'low', password: new Secret('low') })).open('latest', new Counter())).rejects.toThrow(/2 problems.*(REPLICATION CLIENT|BINLOG MONITOR).*REPLICATION SLAVE/);
  });

  it.runIf(name === 'MySQL 5.6')('does not fall back to plain where TLS is required', async () => {
    expect(await refused(optionsFor(server, { tls: { mode: 'required', ca: null, cert: null, key: null } }))).toBe('SOURCE_TLS');
  });

  it('without metadata stops at a change of a captured table', async () => {
    if (name !== 'MySQL 5.6') await sql("set global binlog_row_metadata = 'MINIMAL'");
    await reading(optionsFor(server), 'latest', async (stream, counter) => {
      await sql("insert into src.t (note) values ('before')");
      await counter.until(1);
      const before = stream.position().label;
      await sql("alter table src.t add extra int; insert into src.t (note) values ('after')");
      expect((await stream.ended)?.code).toBe('SCHEMA_CHANGED');
      expect(counter.events).toBe(1);
      expect(stream.position().label).toBe(before);
    });
  });
});
