import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { READER, startMysql } from '../../scripts/servers/index.ts';
import { builtProgram } from '../support/built.ts';
import { place, readyDaemon, runToEnd } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, Place } from '../support/daemon.ts';
import { query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { expectRefusal, refused } from './refusal.ts';
import { schemaCommand } from './schema-command.ts';

let server: Server;
let home: Place;
let database: string;

beforeAll(async () => {
  // The program is built here: a build may take as long as a test may.
  await builtProgram();
  server = await startMysql({ flags: ['--binlog-row-metadata=MINIMAL'] });
});
afterAll(() => server.stop());

beforeEach(async () => {
  home = await place('history');
  database = unique('history');
  await sql(`create database ${database}; use ${database}; create table t (id int primary key, a int, b int); create table calm (id int primary key)`);
});
afterEach(() => home.remove());

const sql = (text: string): Promise<unknown> => query(server, text, text.startsWith('create database') ? undefined : database);

function config(changes: DaemonConfig = {}): DaemonConfig {
  return home.config(server, { format: 'plain', routes: [{ tables: [`${database}.*`], topic: '${table}' }], ...changes });
}

/** The after images that were told of a table; null where a row was deleted. */
async function told(table = 't'): Promise<unknown[]> {
  const text = await readFile(home.output, 'utf8').catch(() => '');
  const lines = text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as { topic: string; value: { after: unknown } | null });
  return lines.filter(({ topic, value }) => topic === table && value !== null).map(({ value }) => value?.after);
}

async function setAside(): Promise<Record<string, unknown>[]> {
  const text = await readFile(`${home.checkpoint}.quarantine.jsonl`, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1).map((line) => (JSON.parse(line) as { value: Record<string, unknown> }).value);
}

async function reaches(daemon: Daemon, rows: number, table = 't'): Promise<void> {
  await daemon.while(until(`${String(rows)} rows of ${table}`, async () => (await told(table)).length >= rows));
}

const schema = (...words: string[]): ReturnType<typeof schemaCommand> => schemaCommand(home, ...words);

describe('a daemon without column names in the binlog', () => {
  it('killed between a change of a table and its rows, tells each row by the columns it was written with', async () => {
    const first = await readyDaemon(home, config());
    await sql('insert into t values (1, 10, 100)');
    await reaches(first, 1);
    await sql('insert into t values (2, 20, 200)');
    await reaches(first, 2);
    await first.kill();
    // Swapped names of one type: nothing in the binlog shows the change but its statement.
    await sql('insert into t values (3, 30, 300); alter table t rename column a to c, rename column b to a; insert into t values (4, 40, 400)');
    const second = await readyDaemon(home, config());
    await reaches(second, 4);
    await second.kill();
    await sql('rename table calm to quiet; insert into t values (5, 50, 500)');
    const third = await readyDaemon(home, config());
    await third.while(until('the last row', async () => JSON.stringify(await told()).includes('500')));
    expect(await third.stop()).toBe(0);
    expect((await schema('show', `${database}.quiet`)).text).toMatch(new RegExp(`${database}\\.quiet\n  was ${database}\\.calm until binlog\\.\\d+:\\d+\n  id`));
    const rows = new Set((await told()).map((row) => JSON.stringify(row)));
    expect([...rows]).toEqual(['{"id":1,"a":10,"b":100}', '{"id":2,"a":20,"b":200}', '{"id":3,"a":30,"b":300}', '{"id":4,"c":40,"a":400}', '{"id":5,"c":50,"a":500}']);
  });

  it('killed at the cut-over of an online schema change, goes on with the real table under its topic, and tells nothing of the others', async () => {
    const first = await readyDaemon(home, config());
    await sql('insert into t values (1, 10, 100); create table _t_ghc (id int primary key, note text); insert into _t_ghc values (1, "begins"); create table _t_gho like t; alter table _t_gho add column extra int first');
    await sql('insert into _t_gho (id, a, b) select * from t; insert into t values (2, 20, 200); replace into _t_gho (id, a, b) values (2, 20, 200)');
    await reaches(first, 2);
    await first.kill();
    await sql('insert into t values (3, 30, 300); replace into _t_gho (id, a, b) values (3, 30, 300); rename table t to _t_del, _t_gho to t; insert into t values (7, 4, 40, 400); drop table _t_del, _t_ghc');
    const second = await readyDaemon(home, config());
    await second.while(until('the last row', async () => JSON.stringify(await told()).includes('400')));
    const metrics = await second.text('/metrics');
    expect(await second.stop()).toBe(0);
    expect([...new Set((await told()).map((row) => JSON.stringify(row)))]).toEqual(['{"id":1,"a":10,"b":100}', '{"id":2,"a":20,"b":200}', '{"id":3,"a":30,"b":300}', '{"extra":7,"id":4,"a":40,"b":400}']);
    expect(metrics).toMatch(new RegExp(`rowcast_rows_left_out_total\\{reason="shadow",table="${database}\\._t_gho"\\} [1-9]`));
    expect(await Promise.all(['_t_gho', '_t_ghc', '_t_del'].map((table) => told(table)))).toEqual([[], [], []]);
  });

  it('goes on behind a statement that the grammar does not know: by what the server shows, or with rows set aside where that is of a later statement', async () => {
    expect(await (await readyDaemon(home, config())).stop()).toBe(0);
    await sql('alter table t add c int first, union = (); insert into t values (9, 1, 10, 100)');
    await sql('create table u like calm; alter table u add c int first, union = (); insert into u values (9, 1); alter table u drop column c; insert into u values (2); insert into calm values (3)');
    const daemon = await readyDaemon(home, config());
    await reaches(daemon, 1, 'calm');
    expect([await told(), await told('u'), await told('calm')]).toEqual([[{ c: 9, id: 1, a: 10, b: 100 }], [{ id: 2 }], [{ id: 3 }]]);
    expect(await setAside()).toMatchObject([{ table: `${database}.u`, operation: 'insert', code: 'SCHEMA_MISMATCH', file: 'binlog.000001' }]);
    const status = JSON.parse(await daemon.text('/status')) as { quarantine: unknown };
    expect(status.quarantine).toEqual({ tables: [], rows: { [`${database}.u`]: 1 } });
    expect(daemon.lines().filter(({ level, why }) => level === 'warn' && why === 'the grammar does not know this statement')).toHaveLength(2);
    expect(await daemon.stop()).toBe(0);
  });

  describe('before rows whose columns nobody knows', () => {
    /** A table from before the binlog, a row of it, a change, another row: only the second one can be known. */
    beforeEach(async () => {
      await query(server, 'reset binary logs and gtids');
      await sql('insert into t values (1, 10, 100); insert into calm values (1); alter table t rename column a to c, rename column b to a; insert into t values (2, 20, 200); insert into calm values (2)');
    });

    const unknown = (changes: DaemonConfig = {}): DaemonConfig => config({ source: { host: server.host, port: server.port, user: READER, heartbeat: '500ms', start: 'earliest' }, ...changes });

    it('keeps them aside, with their place, says so, and goes on', async () => {
      const daemon = await readyDaemon(home, unknown());
      await reaches(daemon, 1);
      await reaches(daemon, 2, 'calm');
      expect(await told()).toEqual([{ id: 2, c: 20, a: 200 }]);
      const [row, ...more] = await setAside();
      const image = Buffer.from([0, 1, 0, 0, 0, 10, 0, 0, 0, 100, 0, 0, 0]).toString('base64');
      expect([row, more]).toMatchObject([{ table: `${database}.t`, operation: 'insert', code: 'SCHEMA_CHANGED', bytes: 13, after: { image, columns: [{ column: 1, type: 'int' }, {}, {}] } }, []]);
      expect(row?.file).toBe('binlog.000001');
      const status = JSON.parse(await daemon.text('/status')) as { quarantine: unknown };
      expect(status.quarantine).toEqual({ tables: [], rows: { [`${database}.t`]: 1 } });
      expect(await daemon.text('/metrics')).toContain(`rowcast_rows_quarantined_total{table="${database}.t"} 1`);
      expect(daemon.lines().filter(({ level, table }) => level === 'error' && table === `${database}.t`)).toHaveLength(1);
      expect(await daemon.stop()).toBe(0);
    });

    it('keeps only position and size where the route hides columns (Invariant 10)', async () => {
      const daemon = await readyDaemon(home, unknown({ routes: [{ tables: [`${database}.t`], topic: '${table}', columns: { exclude: ['c'] } }], schema: { quarantine: { file: join(home.folder, 'aside.jsonl') } } }));
      await reaches(daemon, 1);
      expect([await told(), await daemon.stop()]).toEqual([[{ id: 2, a: 200 }], 0]);
      const { value } = JSON.parse(await readFile(join(home.folder, 'aside.jsonl'), 'utf8')) as { value: Record<string, unknown> };
      expect(value).toMatchObject({ table: `${database}.t`, bytes: 13, key: null, file: 'binlog.000001' });
      expect(Object.keys(value).filter((name) => name === 'before' || name === 'after')).toEqual([]);
    });

    it('stops where that is asked for, until its columns are taken on the word of whoever knows', async () => {
      const strict = unknown({ schema: { onUnknown: 'fail' } });
      const { daemon, exit } = await runToEnd(home, strict);
      expectRefusal(daemon, exit, { code: 'SCHEMA_CHANGED', says: /ALTER at binlog\.000001:\d+ has changed the table/, advises: /rowcast schema recapture/ });
      expect(await told()).toEqual([]);
      const taken = await schema('recapture', `${database}.t`);
      expect([taken.exit, taken.text]).toEqual([0, expect.stringMatching(/rows of \S+\.t are read by these columns[\s\S]*\bc +int/u)]);
      const after = await readyDaemon(home, strict);
      await reaches(after, 2);
      expect(await told()).toEqual([{ id: 1, c: 10, a: 100 }, { id: 2, c: 20, a: 200 }]);
      expect(await schema('recapture', `${database}.t`)).toMatchObject({ exit: 6, text: expect.stringContaining('nothing was changed') as string });
      const shown = await schema('show', `${database}.t`, '--json');
      expect(JSON.parse(shown.text)).toMatchObject({ running: true, unknown: [], tables: [{ table: `${database}.t`, columns: [{ name: 'id' }, { name: 'c' }, { name: 'a' }], primaryKey: ['id'] }] });
      expect(await after.stop()).toBe(0);
      expect(await schema('recapture', `${database}.gone`)).toMatchObject({ exit: 2 });
    });
  });

  it('refuses a history that is damaged or of another daemon, and does without one that is newer than its position', async () => {
    const history = `${home.checkpoint}.schema`;
    const first = await readyDaemon(home, config());
    await sql('insert into t values (1, 10, 100)');
    await reaches(first, 1);
    expect(await first.stop()).toBe(0);
    const kept = await readFile(history, 'utf8');
    await writeFile(history, kept.replace('"name":"b"', '"name":"x"'));
    await refused(home, config(), { code: 'HISTORY_DAMAGED', says: /line 1 does not match its checksum/, advises: /remove it/ });
    await writeFile(history, kept.replace('"name":"history"', '"name":"other"'));
    await refused(home, config(), { code: 'HISTORY_FOREIGN', says: /belongs to the daemon named "other"/, advises: /checkpoint\.path/ });

    // A checkpoint from a backup: the history was begun after it.
    await copyFile(home.checkpoint, `${home.checkpoint}.backup`);
    await sql('insert into t values (2, 20, 200)');
    await rm(home.checkpoint);
    await rm(history);
    expect(await (await readyDaemon(home, config())).stop()).toBe(0);
    await copyFile(`${home.checkpoint}.backup`, home.checkpoint);
    const again = await readyDaemon(home, config());
    await reaches(again, 2);
    expect(again.lines().some(({ level, msg }) => level === 'warn' && msg.startsWith('the kept schema history is not of the saved position'))).toBe(true);
    expect(await again.stop()).toBe(0);
    expect(await told()).toEqual([{ id: 1, a: 10, b: 100 }, { id: 2, a: 20, b: 200 }]);
  });
});
