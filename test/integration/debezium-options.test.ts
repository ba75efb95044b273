import { beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase, query } from '../support/mysql.ts';
import { capture } from './types-support.ts';

interface Line {
  readonly topic: string;
  readonly key: Readonly<Record<string, unknown>> | null;
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly headers: Readonly<Record<string, string>>;
}

const CHANGE = `
begin; insert into t values (1, 'a'), (2, 'b'); insert into u values (1); update t set v = 'c' where id = 1; update t set id = 3 where id = 2; delete from u; commit;
begin; insert into t values (9, 'x'); rollback;
insert into other values (1);
truncate table t;
insert into t values (4, 'd')`;

let told: Line[] = [];
let flat: Line[] = [];
let database = '';

beforeAll(async () => {
  const server = inject('mysql');
  database = await freshDatabase(server, 'dbz');
  const routes = [
    { tables: [`${database}.other`], drop: true },
    { tables: [`${database}.*`], operations: ['insert', 'update', 'delete', 'truncate'] },
  ];
  const captured = await capture({
    server,
    prepare: `use ${database}; create table t (id int primary key, v varchar(5)); create table u (a int); create table other (a int primary key)`,
    change: `use ${database}; ${CHANGE}`,
    wanted: [
      { name: 'tx', format: { type: 'debezium', transactions: true, heartbeat: '100ms' }, database, routes, awaits: (line) => line.includes('heartbeat') },
      { name: 'flat', format: { type: 'debezium', schemas: true, transactions: true, transactionTopic: 'ends', flat: { deletes: 'rewrite', addFields: ['op', 'transaction.total_order:n'], addHeaders: ['op'] } }, database },
    ],
  });
  [told = [], flat = []] = captured.map((lines) => lines.map((line) => JSON.parse(line) as Line));
  await query(server, `drop database ${database}`);
});

describe('transactions', () => {
  it('are told from BEGIN to END, in order with their rows, with counts of what was told', () => {
    const lines = told.filter(({ topic, value }) => value !== null && !topic.startsWith('__') && value['op'] !== 't').map(({ topic, value }) => {
      const block = value?.['transaction'] as Readonly<Record<string, unknown>> | null | undefined;
      return topic === 'tx.transaction' ? `${String(value?.['status'])} ${JSON.stringify(value?.['data_collections'])}` : `${topic.slice(topic.lastIndexOf('.') + 1)} ${String(value?.['op'])} ${String(block?.['total_order'])}/${String(block?.['data_collection_order'])}`;
    });
    expect(lines.slice(0, 12)).toEqual([
      'BEGIN null',
      't c 1/1',
      't c 2/2',
      'u c 3/1',
      't u 4/3',
      't d 5/4',
      't c 6/5',
      'u d 7/2',
      `END [{"data_collection":"${database}.t","event_count":5},{"data_collection":"${database}.u","event_count":2}]`,
      'BEGIN null',
      't c 1/1',
      `END [{"data_collection":"${database}.t","event_count":1}]`,
    ]);
  });

  it('have one id in their rows and ends', () => {
    const ends = told.filter(({ topic }) => topic === 'tx.transaction').map(({ key, value }) => [key?.['id'], value?.['id'], value?.['event_count']]);
    const [first] = told.flatMap(({ value }) => (value?.['transaction'] as { readonly id: string } | null | undefined) ?? []);
    expect(ends.slice(0, 2)).toEqual([[first?.id, first?.id, null], [first?.id, first?.id, 7]]);
  });
});

it('TRUNCATE is told in the table\'s own topic, between the rows', () => {
  const place = told.findIndex(({ value }) => value?.['op'] === 't');
  expect(told[place]).toMatchObject({ topic: `tx.${database}.t`, key: null, value: { before: null, after: null, transaction: null, source: { db: database, table: 't', row: 0 } } });
  expect(told.slice(place).filter(({ topic }) => topic === `tx.${database}.t`).map(({ key }) => key)).toEqual([null, { id: 4 }]);
});

it('heartbeats come while changes are read', () => {
  const beats = told.filter(({ topic }) => topic === '__debezium-heartbeat.tx');
  expect(beats.length).toBeGreaterThan(0);
  expect(beats[0]).toMatchObject({ key: { serverName: 'tx' }, value: { ts_ms: expect.any(Number) as number } });
});

it('flat rows have their schema, what was added, and no tombstones', () => {
  const rows = flat.filter(({ topic }) => topic === `flat.${database}.t`);
  expect(rows.map(({ value }) => value?.['payload'])).toEqual([
    { id: 1, v: 'a', __deleted: 'false', __op: 'c', __n: 1 },
    { id: 2, v: 'b', __deleted: 'false', __op: 'c', __n: 2 },
    { id: 1, v: 'c', __deleted: 'false', __op: 'u', __n: 4 },
    { id: 2, v: 'b', __deleted: 'true', __op: 'd', __n: 5 },
    { id: 3, v: 'b', __deleted: 'false', __op: 'c', __n: 6 },
    { id: 4, v: 'd', __deleted: 'false', __op: 'c', __n: 1 },
  ]);
  expect(rows.map(({ headers }) => Object.keys(headers))).toEqual([['__op'], ['__op'], ['__op'], ['__debezium.newkey', '__op'], ['__debezium.oldkey', '__op'], ['__op']]);
  expect(JSON.parse(rows[0]?.headers['__op'] ?? '')).toEqual({ schema: { type: 'string', optional: true }, payload: 'c' });
  expect(flat.filter(({ topic }) => topic === 'ends').length).toBeGreaterThan(5);
});
