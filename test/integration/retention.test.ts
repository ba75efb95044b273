import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import type { Position } from '../../src/core/position.ts';
import type { Retention } from '../../src/mysql/retention.ts';
import { readSaved } from '../../src/mysql/saved-position.ts';
import { ServerProbe } from '../../src/mysql/server-probe.ts';
import { query } from '../support/mysql.ts';
import { optionsFor, reading } from './source-support.ts';

const quiet = (): void => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const SERVERS: [string, () => Promise<Server>][] = [
  ['MySQL', () => startMysql()],
  // MariaDB purges nothing by itself while no replica is connected, unless it is told to.
  ['MariaDB', () => startMariadb({ flags: ['--slave-connections-needed-for-purge=0'] })],
];

describe.each(SERVERS)('how long %s keeps a position', (name, start) => {
  let server: Server;
  const sql = (text: string): Promise<unknown> => query(server, text);
  const files = async (): Promise<string[]> => (await query(server, 'show binary logs')).map((row) => String(row['Log_name']));
  /** The end of the binlog, and a look from there whenever it is called. */
  const here = async (): Promise<{ readonly file: string; readonly look: () => Promise<Retention> }> => {
    const position = await reading<Position>({ options: optionsFor(server), from: 'latest' }, (stream) => Promise.resolve(stream.position()));
    const needs = readSaved(position);
    const probe = new ServerProbe(optionsFor(server), logger);
    probes.push(probe);
    return {
      file: needs.file,
      look: async () => {
        const { retention } = await probe.report({ behind: 0, serverId: null, needs });
        if (retention === null) throw new Error('nothing is known');
        return retention;
      },
    };
  };
  const probes: ServerProbe[] = [];

  beforeAll(async () => {
    server = await start();
    await sql('create database src; create table src.t (id int primary key auto_increment, pad longblob)');
  });
  afterAll(async () => {
    for (const probe of probes) probe.close();
    await server.stop();
  });

  it('for ever where nothing expires, and for the whole time while the file is written to', async () => {
    await sql('set global binlog_expire_logs_seconds = 0');
    const { look } = await here();
    expect(await look()).toMatchObject({ expiresAt: null, room: null, kept: null });
    await sql('set global binlog_expire_logs_seconds = 7200');
    const seen = await look();
    expect(seen.kept).toBe(7200);
    expect(Math.abs((seen.expiresAt ?? 0) - Date.now() - 7_200_000)).toBeLessThan(5_000);
  });

  it('and purges it at the moment that was told, not before', async () => {
    const { file, look } = await here();
    await sql('insert into src.t (pad) values (1); flush binary logs; set global binlog_expire_logs_seconds = 4');
    const { expiresAt } = await look();
    // The server purges when it begins a new file. Its times are whole seconds.
    let gone = 0;
    while (gone === 0) {
      await sql('insert into src.t (pad) values (1); flush binary logs');
      if (!(await files()).includes(file)) gone = Date.now();
      await sleep(100);
    }
    expect(gone).toBeGreaterThan((expiresAt ?? Infinity) - 1_500);
    expect(gone).toBeLessThan((expiresAt ?? 0) + 5_000);
    expect((await look()).expiresAt).toBe(0);
    await sql('set global binlog_expire_logs_seconds = 0');
  });

  it.skipIf(name === 'MySQL')('and purges it when there is more binlog than it may keep', async () => {
    await sql('set global max_binlog_total_size = 1000000');
    const { file, look } = await here();
    const before = await look();
    await sql("insert into src.t (pad) values (repeat('x', 300000)); flush binary logs");
    const after = await look();
    const added = after.held - before.held;
    expect(added).toBeGreaterThan(300_000);
    expect(after).toMatchObject({ expiresAt: null, room: (before.room ?? 0) - added, written: added });
    let room = after.room ?? 0;
    for (let there = true; there; there = (await files()).includes(file)) {
      room = (await look()).room ?? 0;
      await sql("insert into src.t (pad) values (repeat('x', 100000)); flush binary logs");
    }
    // It went when more was written than there was room for at the look before.
    expect(room).toBeLessThan(102_000);
    await sql('set global max_binlog_total_size = 0');
  });

  it('is always the whole time while nothing is written but new files are begun: an idle stream moves on', async () => {
    await sql('set global binlog_expire_logs_seconds = 7200');
    await reading({ options: optionsFor(server), from: 'latest' }, async (stream) => {
      const before = readSaved(stream.position()).file;
      await sql('flush binary logs');
      while (readSaved(stream.position()).file === before) await sleep(20);
      expect((await files()).at(-1)).toBe(readSaved(stream.position()).file);
    });
  });
});
