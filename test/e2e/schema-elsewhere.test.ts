import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { READER, startMysql } from '../../scripts/servers/index.ts';
import { builtProgram } from '../support/built.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { place, readyDaemon, runToEnd, startDaemon } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { expectRefusal } from './refusal.ts';
import { schemaCommand } from './schema-command.ts';

const kafka = inject('kafka');
const mysql = inject('mysql');
let server: Server;
let positions = '';
const homes: Place[] = [];

beforeAll(async () => {
  await builtProgram();
  server = await startMysql({ flags: ['--binlog-row-metadata=MINIMAL'] });
  positions = await freshDatabase(mysql, 'positions');
});
afterAll(async () => {
  await server.stop();
  for (const home of homes) await home.remove();
});

const KINDS: readonly (readonly [string, string, () => DaemonConfig])[] = [
  ['a topic', 'at-least-once', () => ({ type: 'kafka' })],
  ['a topic, exactly once', 'exactly-once', () => ({ type: 'kafka' })],
  ['a table', 'at-least-once', () => ({ type: 'mysql', server: { host: mysql.host, port: mysql.port, user: 'root' }, table: `${positions}.kept` })],
];

describe.each(KINDS)('a daemon without column names in the binlog, with its position in %s', (_, delivery, checkpoint) => {
  it('goes on with empty folders, across changes of tables before and after the position', async () => {
    const name = unique('moved').replaceAll('_', '-');
    const database = unique('moved');
    const sql = (text: string): Promise<unknown> => query(server, text, text.startsWith('create database') ? undefined : database);
    const told = async (): Promise<string[]> => [...new Set((await readTopic(kafka, name)).map((message) => JSON.stringify((jsonOf(message) as { after: unknown }).after)))];
    /** A daemon on a host that has never seen it. */
    const onNewHost = async (): Promise<Daemon> => {
      const home = await place(name);
      homes.push(home);
      return readyDaemon(home, home.config(server, {
        format: 'plain', routes: [{ tables: [`${database}.*`], topic: name }],
        sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery }, checkpoint: { path: home.checkpoint, ...checkpoint() },
      }));
    };
    const rows = (daemon: Daemon, count: number): Promise<unknown> => daemon.while(until(`${String(count)} rows`, async () => (await told()).length >= count));
    const quarantined = async (daemon: Daemon): Promise<unknown> => (JSON.parse(await daemon.text('/status')) as { quarantine: unknown }).quarantine;

    await sql(`create database ${database}; use ${database}; create table t (id int primary key, a int, b int)`);
    const first = await onNewHost();
    // Names of one type that are swapped: nothing in the binlog shows the change but its statement.
    await sql('insert into t values (1, 10, 100); alter table t rename column a to b, rename column b to a; insert into t values (2, 20, 200)');
    await rows(first, 2);
    expect(await first.stop()).toBe(0);
    await sql('insert into t values (3, 30, 300); alter table t rename column a to c, rename column b to a; insert into t values (4, 40, 400)');
    const second = await onNewHost();
    await rows(second, 4);
    await sql('alter table t rename column a to d, rename column c to a; insert into t values (5, 50, 500)');
    await rows(second, 5);
    expect(await quarantined(second)).toEqual({ tables: [], rows: {} });
    await second.kill();
    await sql('insert into t values (6, 60, 600); alter table t add column first int first; insert into t values (7, 7, 70, 700)');
    const third = await onNewHost();
    await rows(third, 7);
    expect(await quarantined(third)).toEqual({ tables: [], rows: {} });
    expect(third.said('tables captured for the schema history')).toEqual([]);
    expect(await third.stop()).toBe(0);
    expect(await told()).toEqual([
      '{"id":1,"a":10,"b":100}', '{"id":2,"b":20,"a":200}', '{"id":3,"b":30,"a":300}', '{"id":4,"a":40,"c":400}', '{"id":5,"d":50,"a":500}', '{"id":6,"d":60,"a":600}', '{"first":7,"id":7,"d":70,"a":700}',
    ]);
  }, 120_000);
});

describe.each(KINDS)('with its position in %s, the columns of a table from before the binlog', (_, delivery, checkpoint) => {
  it('are taken on the word of whoever knows', async () => {
    const name = unique('known').replaceAll('_', '-');
    const database = unique('known');
    const sql = (text: string): Promise<unknown> => query(server, text, text.startsWith('create database') ? undefined : database);
    const home = await place(name);
    homes.push(home);
    const config = home.config(server, {
      name, format: 'plain', routes: [{ tables: [`${database}.*`], topic: name }], schema: { onUnknown: 'fail' },
      source: { host: server.host, port: server.port, user: READER, heartbeat: '500ms', start: 'earliest' },
      sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery }, checkpoint: { path: home.checkpoint, ...checkpoint() },
    });
    await sql(`create database ${database}; use ${database}; create table t (id int primary key, a int, b int)`);
    await query(server, 'reset binary logs and gtids');
    await sql('insert into t values (1, 10, 100); alter table t rename column a to c, rename column b to a; insert into t values (2, 20, 200)');
    const { daemon, exit } = await runToEnd(home, config);
    expectRefusal(daemon, exit, { code: 'SCHEMA_CHANGED', says: /ALTER at binlog\.000001:\d+ has changed the table/, advises: /rowcast schema recapture/ });
    expect(await schemaCommand(home, 'recapture', `${database}.t`)).toEqual({ exit: 0, text: expect.stringMatching(/rows of \S+\.t are read by these columns[\s\S]*\bc +int/u) as string });
    const after = await readyDaemon(home, config);
    const rows = async (): Promise<unknown[]> => (await readTopic(kafka, name)).map((message) => (jsonOf(message) as { after: unknown }).after);
    await after.while(until('two rows', async () => (await rows()).length >= 2));
    expect(await rows()).toEqual([{ id: 1, c: 10, a: 100 }, { id: 2, c: 20, a: 200 }]);
    expect(JSON.parse((await schemaCommand(home, 'show', `${database}.t`, '--json')).text)).toMatchObject({ running: true, unknown: [], tables: [{ table: `${database}.t`, columns: [{ name: 'id' }, { name: 'c' }, { name: 'a' }] }] });
    expect(await after.stop()).toBe(0);
  }, 120_000);
});

describe('a daemon without column names in the binlog that stood still', () => {
  it('writes nothing into the schema history of the one that took over', async () => {
    const name = unique('stood').replaceAll('_', '-');
    const database = unique('stood');
    const sql = (text: string): Promise<unknown> => query(server, text, text.startsWith('create database') ? undefined : database);
    const told = async (): Promise<string[]> => [...new Set((await readTopic(kafka, name)).map((message) => JSON.stringify((jsonOf(message) as { after: unknown }).after)))];
    const started = async (): Promise<Daemon> => {
      const home = await place(name);
      homes.push(home);
      return startDaemon(home, home.config(server, {
        format: 'plain', routes: [{ tables: [`${database}.*`], topic: name }],
        sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], delivery: 'at-least-once' }, checkpoint: { path: home.checkpoint, type: 'kafka' },
      }));
    };
    const rows = (daemon: Daemon, count: number): Promise<unknown> => daemon.while(until(`${String(count)} rows`, async () => (await told()).length >= count, 60_000));

    await sql(`create database ${database}; use ${database}; create table t (id int primary key, a int, b int)`);
    const first = await started();
    await first.ready();
    await sql('insert into t values (1, 10, 100)');
    await rows(first, 1);
    first.process.kill('SIGSTOP');
    await sql('alter table t rename column a to b, rename column b to a; insert into t values (2, 20, 200)');
    const second = await started();
    await rows(second, 2);
    first.process.kill('SIGCONT');
    // It reads the change, too, and finds that it may not note it.
    expect(await first.end(60)).toBe(8);
    expect(first.failure()).toMatchObject({ code: 'SINK_FENCED' });
    await sql('alter table t rename column a to c; insert into t values (3, 30, 300)');
    await rows(second, 3);
    await second.kill();
    const third = await started();
    await sql('insert into t values (4, 40, 400)');
    await rows(third, 4);
    expect(third.said('tables captured for the schema history')).toEqual([]);
    expect(await third.stop()).toBe(0);
    expect(await told()).toEqual(['{"id":1,"a":10,"b":100}', '{"id":2,"b":20,"a":200}', '{"id":3,"b":30,"c":300}', '{"id":4,"b":40,"c":400}']);
  }, 180_000);
});
