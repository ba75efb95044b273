import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { startMariadb, startMysql } from '../../scripts/servers/index.ts';
import { preflight } from '../../src/mysql/preflight.ts';
import { query } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { optionsFor, Recorder, sourceOf } from './source-support.ts';

let mysql: Server;
let mariadb: Server;
const lines: string[] = [];
const line = (level: string) => (message: string, fields: object = {}) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
const logger = { debug: () => undefined, info: line('info'), warn: line('warn'), error: line('error') };

beforeAll(async () => {
  [mysql, mariadb] = await Promise.all([startMysql({ flags: ['--performance-schema=ON'] }), startMariadb()]);
});
afterAll(async () => {
  await Promise.all([mysql.stop(), mariadb.stop()]);
});

/** Lines of a level since the last call of this. */
function said(level: string): string[] {
  return lines.splice(0).filter((text) => text.startsWith(`${level} `));
}

describe('a look at a server that is being read', () => {
  it.each([['MySQL', () => mysql], ['MariaDB', () => mariadb]])('tells every change of a setting of %s once, and what makes going on wrong', async (_name, server) => {
    const source = sourceOf(optionsFor(server()), null, logger);
    const stream = await source.open('latest', new Recorder());
    try {
      const first = await source.report(0);
      expect([first.problems, first.changed, first.wrong]).toEqual([[], [], null]);
      expect(first.settings).toMatchObject({ binlog_format: 'ROW', binlog_row_metadata: 'FULL' });
      said('warn');
      await query(server(), "set global binlog_row_metadata = 'MINIMAL'");
      const second = await source.report(0);
      expect(second.changed).toEqual([{ setting: 'binlog_row_metadata', before: 'FULL', now: 'MINIMAL' }]);
      expect(said('warn').map((text) => text.slice(0, 50))).toContainEqual(expect.stringContaining('a setting of the server was changed'));
      const third = await source.report(0);
      expect([third.changed, third.problems, said('warn')]).toEqual([[], second.problems, []]);
      await query(server(), "set global binlog_row_metadata = 'FULL', global binlog_format = 'STATEMENT'");
      const fourth = await source.report(0);
      expect(fourth.wrong).toMatchObject({ code: 'SOURCE_REFUSED', message: expect.stringContaining('binlog_format is STATEMENT') as string });
      expect(said('error')).toEqual([expect.stringContaining('binlog_format is STATEMENT')]);
    } finally {
      await query(server(), "set global binlog_row_metadata = 'FULL', global binlog_format = 'ROW'");
      await stream.close();
    }
  });

  it('names MariaDB\'s way of telling offsets among the settings, and tells when that is changed', async () => {
    const source = sourceOf(optionsFor(mariadb), null, logger);
    const stream = await source.open('latest', new Recorder());
    expect((await source.report(0)).settings).toMatchObject({ binlog_legacy_event_pos: 'OFF' });
    await query(mariadb, 'set global binlog_legacy_event_pos = ON');
    expect((await source.report(0)).changed).toEqual([{ setting: 'binlog_legacy_event_pos', before: 'OFF', now: 'ON' }]);
    await query(mariadb, 'set global binlog_legacy_event_pos = OFF');
    await stream.close();
  });

  it('compares how far it is behind with how long binlogs are kept', async () => {
    await query(mysql, 'set global binlog_expire_logs_seconds = 100000');
    const source = sourceOf(optionsFor(mysql), null, logger);
    const stream = await source.open('latest', new Recorder());
    expect((await source.report(49_000)).problems).toEqual([]);
    expect((await source.report(51_000)).problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('behind by more than half of the 100000 seconds') as string }]);
    await stream.close();
  });

  it('knows when another connection reads under its server id, and keeps the id it drew over reconnects', async () => {
    const source = sourceOf(optionsFor(mysql), null, logger);
    const idNow = async (): Promise<unknown> => (await query(mysql, "select v.variable_value as id from performance_schema.threads t join performance_schema.user_variables_by_thread v using (thread_id) where t.processlist_command like 'Binlog Dump%' and v.variable_name = 'replica_uuid' order by t.processlist_id desc limit 1"))[0]?.['id'];
    const first = await source.open('latest', new Recorder());
    expect((await source.report(0)).problems).toEqual([]);
    const drawn = await until('the dump is listed', idNow);
    await first.close();
    const second = await source.open('latest', new Recorder());
    expect(await idNow()).toEqual(drawn);
    await second.close();
    const id = 3_333_333_333;
    const one = sourceOf(optionsFor(mysql, { serverId: id }), null, logger);
    const stream = await one.open('latest', new Recorder());
    const problems = await preflight(optionsFor(mysql, { serverId: id }), 'latest');
    expect(problems.filter(({ code }) => code === 'SERVER_ID_TAKEN')).toMatchObject([{ severity: 'warning', message: `another connection reads the binlog under server id ${id}` }]);
    expect((await one.report(0)).problems).toEqual([]);
    await stream.close();
  });
});
