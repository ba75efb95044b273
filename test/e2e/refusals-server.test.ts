import { afterAll, afterEach, beforeAll, beforeEach, describe, it, expect } from 'vitest';
import type { Server } from '../../scripts/servers/index.ts';
import { READER, startMysql } from '../../scripts/servers/index.ts';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { expectRefusal, refused, savePosition } from './refusal.ts';
import type { Refusal } from './refusal.ts';

let mysql: Server;
let home: Place;
let database: string;
let config: DaemonConfig;

beforeAll(async () => {
  mysql = await startMysql();
});

afterAll(() => mysql.stop());

beforeEach(async () => {
  home = await place('refused');
  database = await freshDatabase(mysql, 'refused');
  config = home.config(mysql, { routes: [{ tables: [`${database}.*`] }] });
});

afterEach(() => home.remove());

/** The configuration with another login or server. */
function source(changes: DaemonConfig): DaemonConfig {
  return { ...config, source: { host: mysql.host, port: mysql.port, user: READER, heartbeat: '500ms', ...changes } };
}

describe('a server that cannot be read', () => {
  it('refuses a wrong password, and the password is not shown', async () => {
    await query(mysql, "create user if not exists 'guest'@'%' identified by 'right'; grant replication slave, replication client, select on *.* to 'guest'@'%'");
    await savePosition(home, source({ user: 'guest', password: 'right' }));
    const failure = await refused(home, source({ user: 'guest', password: 'very-wrong' }), { code: 'SOURCE_AUTH', says: /refuses the account.*guest/, advises: /source\.user.*source\.password/ });
    expect(JSON.stringify(failure)).not.toContain('very-wrong');
  });

  it('has not granted REPLICATION SLAVE', async () => {
    await query(mysql, "create user if not exists 'half'@'%' identified by 'h'; grant replication client, select on *.* to 'half'@'%'");
    await refused(home, source({ user: 'half', password: 'h' }), { code: 'SOURCE_REFUSED', says: /half.* lacks the privilege REPLICATION SLAVE/, advises: /GRANT REPLICATION SLAVE ON \*\.\* TO/ });
  });

  it.each<readonly [setting: string, value: string, before: string, refusal: Refusal]>([
    ['binlog_format', "'STATEMENT'", "'ROW'", { code: 'SOURCE_REFUSED', says: /binlog_format is STATEMENT/, advises: /SET GLOBAL binlog_format = 'ROW'/ }],
  ])('has %s set to %s', async (setting, value, before, refusal) => {
    await savePosition(home, config);
    await query(mysql, `set global ${setting} = ${value}`);
    try {
      await refused(home, config, refusal);
    } finally {
      await query(mysql, `set global ${setting} = ${before}`);
    }
  });

  it('tells several problems at once', async () => {
    await query(mysql, "set global binlog_format = 'MIXED'");
    try {
      await refused(home, source({ serverId: 1 }), { code: 'SOURCE_REFUSED', says: /2 problems: .*MIXED.*server id 1 is that of the server/, advises: /binlog_format = 'ROW'.*source\.serverId/ });
    } finally {
      await query(mysql, "set global binlog_format = 'ROW'");
    }
  });

  it('has another replica under the same server id, before it starts or while it runs', async () => {
    const one = await readyDaemon(home, source({ serverId: 424_242 }));
    const second = await place('second');
    const other = await startDaemon(second, { ...second.config(mysql, { routes: [{ tables: [`${database}.*`] }] }), source: { host: mysql.host, port: mysql.port, user: READER, heartbeat: '500ms', serverId: 424_242 } });
    // The server ends the dump of the older one; the younger goes on.
    expectRefusal(one, await one.end(), { code: 'SERVER_ID_TAKEN', says: /same server id/, advises: /source\.serverId/ });
    await other.ready();
    expect(await other.stop()).toBe(0);
    await second.remove();
    await refused(home, source({ serverId: 1 }), { code: 'SERVER_ID_TAKEN', says: /server id 1 is that of the server/, advises: /source\.serverId/ });
  });

  it('writes no binlog', async () => {
    const silent = await startMysql({ flags: ['--skip-log-bin'] });
    try {
      await refused(home, home.config(silent, { routes: [{ tables: ['*.*'] }] }), { code: 'SOURCE_REFUSED', says: /writes no binlog/, advises: /--log-bin/ });
    } finally {
      await silent.stop();
    }
  });

  it('has purged what was not read yet', async () => {
    await savePosition(home, config);
    await query(mysql, `create table ${database}.t (id int primary key); insert into ${database}.t values (1); flush binary logs`);
    const [last] = await query(mysql, 'show binary log status');
    await query(mysql, `purge binary logs to '${String(last?.['File'])}'`);
    await refused(home, config, { code: 'SOURCE_POSITION_PURGED', says: /purged transactions that were not read yet: .*:\d/, advises: /re-create the downstream data, then remove the checkpoint/ });
  });

  it('was reset: its history is another one, even when it is as long as the old one', async () => {
    await query(mysql, `flush binary logs; create table ${database}.t (id int primary key); insert into ${database}.t values (1)`);
    await savePosition(home, config);
    await query(mysql, 'reset binary logs and gtids');
    const refusal: Refusal = { code: 'SOURCE_RESET', says: /reset/, advises: /remove the checkpoint/ };
    await refused(home, config, refusal);
    const [gtids] = await query(mysql, 'select @@server_uuid as uuid');
    const saved = Number(/:1-(\d+)\)/.exec(home.saved() ?? '')?.[1]);
    await query(mysql, Array.from({ length: saved }, (_, index) => `create table ${database}.again${String(index)} (id int primary key)`).join(';'));
    expect(home.saved()).toContain(String(gtids?.['uuid']));
    await refused(home, config, refusal);
  });
});
