import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { place, readyDaemon, runToEnd } from '../support/daemon.ts';
import type { Place } from '../support/daemon.ts';
import { jsonOf, readTopic } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { READER } from '../../scripts/servers/index.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
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
