import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { place, readyDaemon } from '../support/daemon.ts';
import type { Place } from '../support/daemon.ts';
import type { KafkaReader, TopicMessage } from '../support/kafka.ts';
import { jsonOf, readerOf } from '../support/kafka.ts';
import { freshDatabase, query, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { READER } from '../../scripts/servers/index.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');
const PARTITIONS = 7;
/** `max.message.bytes` of a topic. */
const NARROW = 20_000;

/** Keys and |String.hashCode| mod 7 of each (OpenJDK 17), one of them of a text whose hash is the smallest there is. */
const HASHED: Readonly<Record<string, number>> = { '12': 1, '123': 5, '1234': 4, '12345': 2, héllo: 1, 中文: 0, '😀': 2, 'k\'4"': 0, None: 1, polygenelubricants: 2 };

interface Maxwell {
  readonly table: string;
  readonly type: string;
  readonly xid?: number;
  readonly xoffset?: number;
  readonly commit?: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  readonly old?: object;
}

interface Canal {
  readonly type: string;
  readonly data: readonly Readonly<Record<string, string | null>>[];
  readonly old: readonly object[] | null;
}

let home: Place;
let reader: KafkaReader;
let database: string;
const topics = { maxwell: unique('maxwell'), canal: unique('canal'), events: unique('events'), cloud: unique('cloud'), again: unique('again'), narrow: unique('narrow') };
let start: { file: string; position: number };

function config(routes: readonly object[], name = 'formats'): Readonly<Record<string, unknown>> {
  return home.config(mysql, { name, source: { host: mysql.host, port: mysql.port, user: READER, heartbeat: '500ms', start }, sink: { type: 'kafka', brokers: [`${kafka.host}:${kafka.port}`] }, routes });
}

async function told(topic: string, count: number): Promise<TopicMessage[]> {
  return until(`${count} messages in ${topic}`, async () => {
    const found = await reader.read(topic);
    return found.length >= count && found;
  });
}

beforeAll(async () => {
  home = await place('formats');
  reader = await readerOf(kafka);
  database = await freshDatabase(mysql, 'formats');
  for (const topic of Object.values(topics)) await reader.createTopic(topic, PARTITIONS, topic === topics.narrow ? { 'max.message.bytes': String(NARROW) } : {});
  const [row] = await query(mysql, 'show binary log status');
  start = { file: String(row?.['File']), position: Number(row?.['Position']) };
  const daemon = await readyDaemon(home, config([
    { tables: [`${database}.hidden`], topic: topics.maxwell, where: 'row.v > 0', format: { type: 'maxwell', xoffset: true, partitionBy: 'primary_key' } },
    { tables: [`${database}.mx_*`], topic: topics.maxwell, format: { type: 'maxwell', xoffset: true, partitionBy: 'primary_key' } },
    { tables: [`${database}.can`], topic: topics.canal, format: { type: 'canal', databaseHash: false } },
    { tables: [`${database}.can_event`], topic: topics.events, format: { type: 'canal', rowsPerMessage: 'event', partitionHash: `${database}.can_event` } },
    { tables: [`${database}.can_narrow`], topic: topics.narrow, format: { type: 'canal', rowsPerMessage: 'event', partitionHash: `${database}.can_narrow` } },
    { tables: [`${database}.cloud`], topic: topics.cloud, format: { type: 'cloudevents', mode: 'binary' } },
  ]));
  const ids = Object.keys(HASHED).map((id) => `('${id.replaceAll("'", "''")}', 1)`).join();
  await query(mysql, `
    create table mx_t (id varchar(30) primary key, v int); create table mx_u (id int primary key); create table mx_none (a int); create table hidden (id int primary key, v int);
    create table can (id varchar(30) primary key, v int); create table can_event (id int primary key, v int); create table can_narrow (id int primary key, a_name_that_is_longer_than_its_value tinyint, v text); create table cloud (id int primary key, v int);
    insert into mx_t values ${ids};
    insert into can values ${ids};
    begin; insert into mx_u values (1); update mx_t set v = 2 where id = '12'; insert into hidden values (1, 0), (2, 5); insert into mx_none values (7); insert into hidden values (3, -1); commit;
    update can set id = 'moved', v = null where id = '12';
    delete from can where id = 'None';
    insert into can_event values (1, 1), (2, 2), (3, 3);
    update can_event set v = v + 1 where id < 3;
    insert into can_narrow with recursive n (id) as (select 1 union all select id + 1 from n where id < 900) select id, 1, if(id % 300 = 0, repeat('x', 18000), null) from n;
    update can_narrow set a_name_that_is_longer_than_its_value = 2 where id < 290;
    insert into cloud values (1, 1); update cloud set id = 2 where id = 1; delete from cloud where id = 2`, database);
  await daemon.while(Promise.all([told(topics.maxwell, 14), told(topics.canal, 12), told(topics.events, 2), told(topics.cloud, 6), until('all rows of the narrow topic', async () => (await reader.read(topics.narrow)).flatMap((message) => (jsonOf(message) as Canal).data).length >= 900 + 289)]));
  expect(await daemon.stop()).toBe(0);
}, 120_000);

afterAll(async () => {
  await reader.close();
  await home.remove();
});

describe('maxwell', () => {
  it('chooses partitions as Maxwell does', async () => {
    const messages = await reader.read(topics.maxwell);
    const inserts = messages.filter((message) => (jsonOf(message) as Maxwell).table === 'mx_t' && (jsonOf(message) as Maxwell).type === 'insert');
    expect(Object.fromEntries(inserts.map((message) => [(jsonOf(message) as Maxwell).data['id'], message.partition]))).toEqual(HASHED);
  });

  it('marks the last row of a transaction over several tables, and counts those that are told', async () => {
    const values = (await reader.read(topics.maxwell)).map((message) => jsonOf(message) as Maxwell);
    const rows = values.filter(({ table, type }) => table !== 'mx_t' || type === 'update');
    const byTable = new Map(rows.map((row) => [row.table, row]));
    expect(rows).toHaveLength(4);
    expect([byTable.get('mx_u')?.xoffset, byTable.get('mx_t')?.xoffset, byTable.get('hidden')?.xoffset, byTable.get('mx_none')?.xoffset]).toEqual([0, 1, 2, undefined]);
    expect(rows.filter(({ commit }) => commit === true).map(({ table }) => table)).toEqual(['mx_none']);
    expect(byTable.get('mx_t')?.old).toEqual({ v: 1 });
  });

  it('has one XID for all rows of a transaction, and another for the next', async () => {
    const values = (await reader.read(topics.maxwell)).map((message) => jsonOf(message) as Maxwell);
    const xids = new Map<number | undefined, number>();
    for (const { xid } of values) xids.set(xid, (xids.get(xid) ?? 0) + 1);
    expect(xids.has(undefined)).toBe(false);
    expect([...xids.values()].sort((a, b) => a - b)).toEqual([4, 10]);
  });
});

describe('canal', () => {
  it('chooses partitions as Canal does, and sends no key and no tombstone', async () => {
    const messages = await reader.read(topics.canal);
    const inserts = messages.filter((message) => (jsonOf(message) as Canal).type === 'INSERT');
    expect(Object.fromEntries(inserts.map((message) => [(jsonOf(message) as Canal).data[0]?.['id'], message.partition]))).toEqual(HASHED);
    expect(messages).toHaveLength(12);
    expect(messages.every(({ key, value }) => key === null && value !== null)).toBe(true);
  });

  it('tells a changed key as an update, by its new key', async () => {
    const messages = await reader.read(topics.canal);
    const values = messages.map((message) => jsonOf(message) as Canal);
    expect(values.filter(({ type }) => type === 'UPDATE')).toMatchObject([{ data: [{ id: 'moved', v: null }], old: [{ id: '12', v: '1' }] }]);
    expect(values.filter(({ type }) => type === 'DELETE')).toMatchObject([{ data: [{ id: 'None', v: '1' }], old: null }]);
  });

  it('gathers the rows of an event where it is told to', async () => {
    const values = (await reader.read(topics.events)).map((message) => jsonOf(message) as Canal);
    expect(values.map(({ type, data, old }) => ({ type, ids: data.map(({ id }) => id), old }))).toEqual([
      { type: 'INSERT', ids: ['1', '2', '3'], old: null },
      { type: 'UPDATE', ids: ['1', '2'], old: [{ v: '1' }, { v: '2' }] },
    ]);
  });
});

describe('a topic that takes small messages only', () => {
  it('gets each row of an event alone, and none is refused because of another', async () => {
    const messages = (await reader.read(topics.narrow)).map((message) => ({ size: message.value?.length ?? 0, ...(jsonOf(message) as Canal) }));
    expect(messages.filter(({ type }) => type === 'INSERT').flatMap(({ data }) => data.map(({ id }) => Number(id))).sort((a, b) => a - b)).toEqual(Array.from({ length: 900 }, (_, i) => i + 1));
    expect(messages.filter(({ type }) => type === 'UPDATE').flatMap(({ data }) => data)).toHaveLength(289);
    expect(Math.max(...messages.map(({ size }) => size))).toBeLessThan(NARROW);
    expect(messages.every(({ data }) => data.length === 1)).toBe(true);
  });
});

describe('cloudevents', () => {
  const inOrder = (messages: readonly TopicMessage[]): unknown[] => messages.map(({ key, value, headers }) => [String(key), value === null ? null : (JSON.parse(String(value)) as { op: string }).op, headers['ce_type'], headers['ce_id']]);

  it('has a tombstone without attributes, which is no event', async () => {
    const tombstones = (await reader.read(topics.cloud)).filter(({ value }) => value === null);
    expect(tombstones.map(({ headers }) => headers)).toEqual([{}, {}]);
  });

  it('has the same ids when the rows are told again, and each its own', async () => {
    const first = await reader.read(topics.cloud);
    const daemon = await readyDaemon(home, config([{ tables: [`${database}.cloud`], topic: topics.again, format: { type: 'cloudevents', mode: 'binary' } }], 'formats-again'));
    const again = await daemon.while(told(topics.again, first.length));
    expect(await daemon.stop()).toBe(0);
    expect(inOrder(again)).toEqual(inOrder(first));
    const ids = first.flatMap(({ headers }) => (headers['ce_id'] === undefined ? [] : [headers['ce_id']]));
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    expect(first[0]?.headers['ce_subject']).toBe(`${database}.cloud`);
  });
});
