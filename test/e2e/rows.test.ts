import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { place, readyDaemon, runToEnd } from '../support/daemon.ts';
import type { Place } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { READER } from '../../scripts/servers/index.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
/** Of readings: 12,000 inserts, 4,000 updates, 1,000 deletes. */
const ROWS = 17_000;
const SECRETS = ['alice@secret.example', 'HIDDEN-NOTE', '4111-1111-1111-1111', 'changed@secret.example'];

let home: Place;
let database: string;
let topic: string;

beforeEach(async () => {
  home = await place('rows');
  database = await freshDatabase(mysql, 'rows');
  topic = unique('rows');
});

afterEach(() => home.remove());

interface Envelope {
  readonly op: string;
  readonly before: object | null;
  readonly after: object | null;
}

describe('rows on their way', () => {
  it('enter and leave a route as `where` and `when` say, as creates, updates, deletes and tombstones', async () => {
    const routes = [{ tables: [`${database}.orders`], topic, where: "row.status != 'draft'", when: "op != 'u' || before.total != after.total" }];
    const daemon = await readyDaemon(home, home.config(mysql, { sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`] }, routes }));
    await query(mysql, `create table orders (id int primary key, status varchar(20), total decimal(10,2));
      insert into orders values (1, 'draft', 1), (2, 'open', 2);
      update orders set status = 'open' where id = 1;
      update orders set total = 9.5 where id = 1;
      update orders set status = 'sent' where id = 1;
      update orders set status = 'draft' where id = 1;
      update orders set total = 3 where id = 1;
      delete from orders where id = 1;
      delete from orders where id = 2`, database);
    const messages = await daemon.while(until('all messages', async () => {
      const found = await readTopic(kafka, topic);
      return found.length >= 7 && found;
    }));
    const told = (id: number): unknown[] => messages.filter(({ key }) => String(key) === `{"id":${String(id)}}`).map((message) => {
      const value = jsonOf(message) as Envelope | null;
      return value === null ? null : [value.op, value.before, value.after];
    });
    const row = (id: number, status: string, total: string): object => ({ id, status, total });
    expect(told(1)).toEqual([
      ['c', null, row(1, 'open', 'ZA==')],
      ['u', row(1, 'open', 'ZA=='), row(1, 'open', 'A7Y=')],
      ['d', row(1, 'sent', 'A7Y='), null],
      null,
    ]);
    expect(told(2)).toEqual([['c', null, row(2, 'open', 'AMg=')], ['d', row(2, 'open', 'AMg='), null], null]);
    const metrics = await daemon.text('/metrics');
    const leftOut = (reason: string): number => Number(new RegExp(`^rowcast_rows_left_out_total\\{reason="${reason}",table="${database}.orders"\\} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
    expect({ where: leftOut('where'), when: leftOut('when') }).toEqual({ where: 3, when: 1 });
    expect(await daemon.stop()).toBe(0);
  });

  it('are the same with code made for their table, and where Node may make none', async () => {
    await query(mysql, `create table readings (id int primary key, \`größe \\" x\` double, note varchar(40), seen datetime(3), flag tinyint, doc json)`, database);
    const [from] = await query(mysql, 'show binary log status') as { File: string; Position: number }[];
    await query(mysql, `set cte_max_recursion_depth = 20000;
      insert into readings with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000)
        select i, i / 8, if(i % 5 = 0, null, concat('ä"', i)), '2026-11-27 12:00:00.125' + interval i second, if(i % 3 = 0, null, i % 100), json_object('n', i) from n;
      update readings set note = 'new', flag = null where id % 3 = 0;
      delete from readings where id > 11000`, database);
    const told = async (env: Record<string, string>): Promise<string[]> => {
      const own = await place('rows');
      try {
        const source = { host: mysql.host, port: mysql.port, user: READER, start: { file: from?.File, position: from?.Position } };
        const daemon = await readyDaemon(own, own.config(mysql, { source, format: 'plain', routes: [{ tables: [`${database}.*`], topic, tombstones: false }] }), { env });
        const lines = await daemon.while(until('all rows', () => {
          const found = readFileSync(own.output, 'utf8').trimEnd().split('\n');
          return found.length >= ROWS && found;
        }));
        expect(await daemon.stop()).toBe(0);
        return lines;
      } finally {
        await own.remove();
      }
    };
    const made = await told({});
    expect(made).toHaveLength(ROWS);
    expect(made.filter((line) => line.includes('größe \\\\\\" x'))).toHaveLength(ROWS);
    expect(await told({ NODE_OPTIONS: '--disallow-code-generation-from-strings' })).toEqual(made);
  });

  it.each(['plain', 'debezium'])('show masked and excluded columns nowhere, in format %s', async (format) => {
    const columns = { exclude: ['note'], mask: { email: 'sha256', card: 'last4' } };
    const routes = [{ tables: [`${database}.people`], topic, key: ['email'], columns }];
    const daemon = await readyDaemon(home, home.config(mysql, {
      source: { host: mysql.host, port: mysql.port, user: READER, heartbeat: '500ms', query: true },
      sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`] },
      masking: { key: 'a key for this test alone' },
      format,
      routes,
    }));
    await query(mysql, `set binlog_rows_query_log_events = 1;
      create table people (id int primary key, email varchar(80), card varchar(20), note varchar(80));
      insert into people values (1, '${String(SECRETS[0])}', '${String(SECRETS[2])}', '${String(SECRETS[1])}');
      update people set email = '${String(SECRETS[3])}' where id = 1;
      delete from people where note = '${String(SECRETS[1])}'`, database);
    const messages = await daemon.while(until('all messages', async () => {
      const found = await readTopic(kafka, topic);
      return found.length >= 6 && found;
    }));
    const all = messages.map(({ key, value, headers }) => `${String(key)} ${String(value)} ${JSON.stringify(headers)}`).join('\n');
    expect(await daemon.stop()).toBe(0);
    const kept = (await Promise.all(['rows.checkpoint', 'rows.checkpoint.schema'].map((name) => readTopic(kafka, name)))).flat().map(({ value }) => String(value)).join('\n');
    expect(kept).toContain('rowcast-checkpoint');
    for (const secret of SECRETS) expect(`${all}${daemon.errors}${kept}`).not.toContain(secret);
    expect(all).toContain('1111');
    expect(messages.map(({ key }) => String(key))).toContainEqual(expect.stringMatching(/^\{"email":"[0-9a-f]{64}"\}$/));
  });

  it('show masked and excluded columns in no error either', async () => {
    const columns = { exclude: ['note'], mask: { email: 'redact', card: 'sha256' } };
    const routes = [{ tables: [`${database}.people`], topic, key: ['card'], columns, when: 'int(after.note) > 0' }];
    await query(mysql, 'create table people (id int primary key, email varchar(80), card varchar(20), note varchar(80))', database);
    const config = home.config(mysql, { masking: { key: 'a key for this test alone' }, routes });
    const first = await readyDaemon(home, config);
    expect(await first.stop()).toBe(0);
    const saved = home.saved();
    await query(mysql, `insert into people values (1, '${String(SECRETS[0])}', '${String(SECRETS[2])}', '${String(SECRETS[1])}')`, database);
    const { daemon, exit } = await runToEnd(home, config);
    expect(exit).toBe(7);
    expect(daemon.failure()).toMatchObject({ code: 'CONDITION_FAILED', msg: expect.stringContaining(`${database}.people`) as string });
    expect(daemon.failure().hint).toContain('onError');
    for (const secret of SECRETS) expect(daemon.errors).not.toContain(secret);
    expect(home.saved()).toBe(saved);
  });
});
