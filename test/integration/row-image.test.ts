import { describe, expect, inject, it } from 'vitest';
import { freshDatabase, query } from '../support/mysql.ts';
import { capture } from './types-support.ts';
import type { Wanted } from './types-support.ts';

type Kind = 'mysql' | 'mariadb' | 'mysql56';

const COLUMNS = 'a int, t text, s varchar(10) default \'d\', n decimal(5,2)';

/** What a message says besides its source: key and value, and its headers where it has some. */
function short(line: string): string {
  return line
    .replace(/^\{"topic":"[^"]*",/, '')
    .replace(/,"source":\{.*?\},"transaction":(null|\{.*?\})/, '')
    .replace(/,"ts_ms":.*?\}/, '}')
    .replace(',"headers":{}}', '')
    .replace(/^"key":/, '');
}

/** The messages of each table, short. */
function byTable(lines: readonly string[]): Record<string, string[]> {
  const tables: Record<string, string[]> = {};
  for (const line of lines) (tables[/^\{"topic":"[^"]*\.(\w+)"/.exec(line)?.[1] ?? ''] ??= []).push(short(line));
  return tables;
}

/** Every operation on a table that has no rows. */
function operations(table: string): string {
  return [`insert into ${table} (id, a) values (1, 1)`, `update ${table} set a = 2`, `update ${table} set t = 'y'`, `update ${table} set id = 9`, `delete from ${table}`].join('; ');
}

const KEYED = `id int primary key, ${COLUMNS}`;
const UNIQUE = `id int not null, ${COLUMNS}, unique (id)`;
const KEYLESS = `id int not null, ${COLUMNS}`;

const MINIMAL = [
  '{"id":1},"value":{"op":"insert","after":{"id":1,"a":1},"absent":{"after":["t","s","n"]}}',
  '{"id":1},"value":{"op":"update","before":{"id":1},"after":{"id":1,"a":2},"absent":{"before":["a","t","s","n"],"after":["t","s","n"]}}',
  '{"id":1},"value":{"op":"update","before":{"id":1},"after":{"id":1,"t":"y"},"absent":{"before":["a","t","s","n"],"after":["a","s","n"]}}',
  '{"id":1},"value":{"op":"delete","keyChange":"old","otherKey":{"id":9},"before":{"id":1},"absent":{"before":["a","t","s","n"]}}',
  '{"id":1},"value":null',
  '{"id":9},"value":{"op":"insert","keyChange":"new","otherKey":{"id":1},"after":{"id":9},"absent":{"after":["a","t","s","n"]}}',
  '{"id":9},"value":{"op":"delete","before":{"id":9},"absent":{"before":["a","t","s","n"]}}',
  '{"id":9},"value":null',
];

/** Without a key the before image is whole, and the after image has from it what was not changed. */
const MINIMAL_KEYLESS = [
  'null,"value":{"op":"update","before":{"id":1,"a":1,"t":null,"s":"d","n":null},"after":{"id":1,"a":2,"t":null,"s":"d","n":null}}',
  'null,"value":{"op":"update","before":{"id":1,"a":2,"t":null,"s":"d","n":null},"after":{"id":1,"a":2,"t":"y","s":"d","n":null}}',
  'null,"value":{"op":"update","before":{"id":1,"a":2,"t":"y","s":"d","n":null},"after":{"id":9,"a":2,"t":"y","s":"d","n":null}}',
  'null,"value":{"op":"delete","before":{"id":9,"a":2,"t":"y","s":"d","n":null}}',
];

const NOBLOB = [
  '{"id":1},"value":{"op":"insert","after":{"id":1,"a":1,"s":"d","n":null},"absent":{"after":["t"]}}',
  '{"id":1},"value":{"op":"update","before":{"id":1,"a":1,"s":"d","n":null},"after":{"id":1,"a":2,"s":"d","n":null},"absent":{"before":["t"],"after":["t"]}}',
  '{"id":1},"value":{"op":"update","before":{"id":1,"a":2,"s":"d","n":null},"after":{"id":1,"a":2,"t":"y","s":"d","n":null},"absent":{"before":["t"]}}',
  '{"id":1},"value":{"op":"delete","keyChange":"old","otherKey":{"id":9},"before":{"id":1,"a":2,"s":"d","n":null},"absent":{"before":["t"]}}',
  '{"id":1},"value":null',
  '{"id":9},"value":{"op":"insert","keyChange":"new","otherKey":{"id":1},"after":{"id":9,"a":2,"s":"d","n":null},"absent":{"after":["t"]}}',
  '{"id":9},"value":{"op":"delete","before":{"id":9,"a":2,"s":"d","n":null},"absent":{"before":["t"]}}',
  '{"id":9},"value":null',
];

describe.each<Kind>(['mysql', 'mariadb', 'mysql56'])('binlog_row_image on %s', (kind) => {
  const server = inject(kind);

  it('MINIMAL and NOBLOB, set by sessions, with a primary key, a unique one and none', async () => {
    const database = await freshDatabase(server, 'image');
    const use = `use ${database}; set session binlog_row_image =`;
    const tables = [...['m', 'b'].flatMap((mode) => [`${mode}_pk (${KEYED})`, `${mode}_uk (${UNIQUE})`, `${mode}_no (${KEYLESS})`]), `f_pk (${KEYED})`, 'pair (x int not null default 5, y int not null, z int, primary key (y, x))'];
    const [lines = []] = await capture({
      server,
      prepare: tables.map((table) => `create table ${database}.${table}`).join('; '),
      change: `${use} 'MINIMAL'; ${['m_pk', 'm_uk', 'm_no'].map(operations).join('; ')}; insert into pair values (1, 2, 3); update pair set y = 4; update pair set z = 5;
        ${use} 'NOBLOB'; ${['b_pk', 'b_uk', 'b_no'].map(operations).join('; ')}; ${use} 'FULL'; ${operations('f_pk')}`,
      wanted: [{ format: 'plain', database }],
    });
    const told = byTable(lines);
    expect(told['m_pk']).toEqual(MINIMAL);
    expect(told['b_pk']).toEqual(NOBLOB);
    // The only unique key without NULLs stands for a primary key, whether the binlog tells so or the catalogue.
    expect([told['m_uk'], told['b_uk']]).toEqual([MINIMAL, NOBLOB]);
    const inserted = kind === 'mariadb' ? '"after":{"id":1,"a":1,"t":null,"s":"d","n":null}}' : '"after":{"id":1,"a":1},"absent":{"after":["t","s","n"]}}';
    expect(told['m_no']).toEqual([`null,"value":{"op":"insert",${inserted}`, ...MINIMAL_KEYLESS]);
    expect(told['b_no']?.slice(1)).toEqual(MINIMAL_KEYLESS);
    expect(told['f_pk']?.join()).not.toContain('absent');
    expect(told['pair']).toEqual([
      '{"y":2,"x":1},"value":{"op":"insert","after":{"x":1,"y":2,"z":3}}',
      '{"y":2,"x":1},"value":{"op":"delete","keyChange":"old","otherKey":{"y":4,"x":1},"before":{"x":1,"y":2},"absent":{"before":["z"]}}',
      '{"y":2,"x":1},"value":null',
      '{"y":4,"x":1},"value":{"op":"insert","keyChange":"new","otherKey":{"y":2,"x":1},"after":{"x":1,"y":4},"absent":{"after":["z"]}}',
      '{"y":4,"x":1},"value":{"op":"update","before":{"x":1,"y":4},"after":{"x":1,"y":4,"z":5},"absent":{"before":["z"]}}',
    ]);
  });

  it('in debezium: the placeholder for text and bytes, nothing for numbers, and a header', async () => {
    const database = await freshDatabase(server, 'image');
    const [lines = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key, a int, t text, b blob, e enum('x','y'), d date, ts timestamp null)`,
      change: `use ${database}; set session binlog_row_image = 'MINIMAL'; insert into t (id, a, t) values (1, 1, 'x'); update t set a = 2; update t set id = 3; delete from t`,
      wanted: [{ format: 'debezium', database, name: 'crm' }],
    });
    const gone = '__debezium_unavailable_value';
    const bytes = Buffer.from(gone).toString('base64');
    const lacking = `"b":"${bytes}","e":"${gone}","ts":"${gone}"`;
    const header = (absent: object, more: object = {}): string => `,"headers":${JSON.stringify({ ...more, '__rowcast.absent': JSON.stringify(absent) })}}`;
    const schema = { type: 'struct', fields: [{ type: 'int32', optional: false, field: 'id' }], optional: false, name: `crm.${database}.t.Key` };
    const otherKey = (id: number): string => JSON.stringify({ schema, payload: { id } });
    expect(lines.map(short)).toEqual([
      `{"id":1},"value":{"before":null,"after":{"id":1,"a":1,"t":"x",${lacking}},"op":"c"}${header({ after: ['b', 'e', 'd', 'ts'] })}`,
      `{"id":1},"value":{"before":{"id":1,"t":"${gone}",${lacking}},"after":{"id":1,"a":2,"t":"${gone}",${lacking}},"op":"u"}${header({ before: ['a', 't', 'b', 'e', 'd', 'ts'], after: ['t', 'b', 'e', 'd', 'ts'] })}`,
      `{"id":1},"value":{"before":{"id":1,"t":"${gone}",${lacking}},"after":null,"op":"d"}${header({ before: ['a', 't', 'b', 'e', 'd', 'ts'] }, { '__debezium.newkey': otherKey(3) })}`,
      expect.stringContaining('{"id":1},"value":null'),
      `{"id":3},"value":{"before":null,"after":{"id":3,"t":"${gone}",${lacking}},"op":"c"}${header({ after: ['a', 't', 'b', 'e', 'd', 'ts'] }, { '__debezium.oldkey': otherKey(1) })}`,
      `{"id":3},"value":{"before":{"id":3,"t":"${gone}",${lacking}},"after":null,"op":"d"}${header({ before: ['a', 't', 'b', 'e', 'd', 'ts'] })}`,
      expect.stringContaining('{"id":3},"value":null'),
    ]);
  });

  it('in maxwell and canal: left out, and named in a header', async () => {
    const database = await freshDatabase(server, 'image');
    const [maxwell = [], canal = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key, a int, t text, n int)`,
      change: `use ${database}; set session binlog_row_image = 'MINIMAL'; insert into t (id, a) values (1, 1); update t set a = 2; delete from t`,
      wanted: ['maxwell', 'canal'].map((format) => ({ format, database, name: format })),
    });
    const read = (line: string): unknown => {
      const { value, headers } = JSON.parse(line) as { value: { data: unknown; old?: unknown }; headers: object };
      return [value.data, value.old ?? null, headers];
    };
    const header = (absent: object): object => ({ '__rowcast.absent': JSON.stringify(absent) });
    const [inserted, updated, deleted] = [header({ after: ['t', 'n'] }), header({ before: ['a', 't', 'n'], after: ['t', 'n'] }), header({ before: ['a', 't', 'n'] })];
    expect(maxwell.map(read)).toEqual([[{ id: 1, a: 1 }, null, inserted], [{ id: 1, a: 2 }, null, updated], [{ id: 1 }, null, deleted]]);
    expect(canal.map(read)).toEqual([[[{ id: '1', a: '1' }], null, inserted], [[{ id: '1', a: '2' }], [{}], updated], [[{ id: '1' }], null, deleted]]);
  });

  it('with conditions, masks and new names', async () => {
    const database = await freshDatabase(server, 'image');
    const table = [`${database}.t`];
    const columns = { rename: { a: 'amount' }, mask: { t: 'redact' } };
    const run = (route: object): Wanted => ({ format: 'plain', database, routes: [{ tables: table, ...route }] });
    const [shown = [], skipped = [], passed = [], when = []] = await capture({
      server,
      prepare: `create table ${database}.t (${KEYED})`,
      change: `use ${database}; set session binlog_row_image = 'MINIMAL'; insert into t (id, a, t) values (1, 1, 'secret'); update t set a = 2; update t set t = 'more'; delete from t`,
      wanted: [run({ columns }), run({ where: 'row.a < 9', onError: 'skip' }), run({ where: 'row.a > 9', onError: 'pass' }), run({ when: "op == 'd' || after.a == 2", onError: 'skip' })],
    });
    expect(shown.map(short)).toEqual([
      '{"id":1},"value":{"op":"insert","after":{"id":1,"amount":1,"t":"***"},"absent":{"after":["s","n"]}}',
      '{"id":1},"value":{"op":"update","before":{"id":1},"after":{"id":1,"amount":2},"absent":{"before":["amount","t","s","n"],"after":["t","s","n"]}}',
      '{"id":1},"value":{"op":"update","before":{"id":1},"after":{"id":1,"t":"***"},"absent":{"before":["amount","t","s","n"],"after":["amount","s","n"]}}',
      '{"id":1},"value":{"op":"delete","before":{"id":1},"absent":{"before":["amount","t","s","n"]}}',
      '{"id":1},"value":null',
    ]);
    const operationsOf = (lines: readonly string[]): (string | undefined)[] => lines.map((line) => /"op":"(\w+)"/.exec(line)?.[1]);
    // The insert holds a; no before image does.
    expect(operationsOf(skipped)).toEqual(['insert']);
    expect(operationsOf(passed)).toEqual(['update', 'update', 'delete', undefined]);
    expect(operationsOf(when)).toEqual(['update', 'delete', undefined]);
  });

  it('stops where a condition or a key asks for what is not told', async () => {
    const failure = async (route: object, change: string): Promise<unknown> => {
      const database = await freshDatabase(server, 'image');
      const told = capture({
        server,
        prepare: `create table ${database}.t (id int default 5 primary key, a int, t text)`,
        change: `use ${database}; set session binlog_row_image = 'MINIMAL'; ${change}`,
        wanted: [{ format: 'plain', database, routes: [{ tables: [`${database}.t`], ...route }] }],
      });
      return told.catch((error: unknown) => error);
    };
    const update = "insert into t values (1, 1, 'x'); update t set t = 'y'";
    expect(await failure({ where: 'row.a > 0' }, update)).toMatchObject({ code: 'CONDITION_FAILED', message: expect.stringContaining('the binlog does not tell the column a of this row') as string });
    expect(await failure({ key: ['a'] }, update)).toMatchObject({ code: 'COLUMN_ABSENT', message: expect.stringContaining('the binlog does not tell the column a of this row') as string });
    expect(await failure({}, "insert into t (a) values (1)")).toMatchObject({ code: 'COLUMN_ABSENT', message: expect.stringContaining('the binlog does not tell the column id of this row') as string });
    // A row of which nothing is told has no bytes in the binlog.
    expect(await failure({}, 'insert into t () values ()')).toMatchObject({ code: 'COLUMN_ABSENT', message: expect.stringContaining('the column id') as string });
  });

  it('tells a row of which the binlog tells no column (Invariant 4)', async () => {
    const database = await freshDatabase(server, 'image');
    const [lines = []] = await capture({
      server,
      prepare: `create table ${database}.t (a int default 1, b text)`,
      change: `use ${database}; set session binlog_row_image = 'MINIMAL'; insert into t () values (); insert into t () values ()`,
      wanted: [{ format: 'plain', database }],
    });
    const row = kind === 'mariadb' ? '{"a":1,"b":null}}' : '{},"absent":{"after":["a","b"]}}';
    expect(lines.map(short)).toEqual([1, 2].map(() => `null,"value":{"op":"insert","after":${row}`));
  });
});

describe('generated columns', () => {
  const GENERATED = 'a int, v int generated always as (a + 1) virtual, s int generated always as (a + 2) stored, w int generated always as (v + 1) virtual, b int';

  it('on MySQL are in after images whenever they changed, by a trigger as well', async () => {
    const server = inject('mysql');
    const database = await freshDatabase(server, 'image');
    const [lines = []] = await capture({
      server,
      prepare: `create table ${database}.t (${GENERATED}); insert into ${database}.t (a, b) values (1, 1); create trigger ${database}.tr before update on ${database}.t for each row set new.a = old.a + 10`,
      change: `use ${database}; set session binlog_row_image = 'MINIMAL'; update t set b = 2; update t set b = 3`,
      wanted: [{ format: 'plain', database }],
    });
    expect(lines.map((line) => /"after":(\{.*?\})/.exec(line)?.[1])).toEqual(['{"a":11,"v":12,"s":13,"w":13,"b":2}', '{"a":21,"v":22,"s":23,"w":23,"b":3}']);
    const [row] = await query(server, `select * from ${database}.t`);
    expect(row).toEqual({ a: 21, v: 22, s: 23, w: 23, b: 3 });
  });

  it('on MariaDB with FULL_NODUP are not told by an old value, and other columns are told whole', async () => {
    const server = inject('mariadb');
    const database = await freshDatabase(server, 'image');
    const [lines = []] = await capture({
      server,
      prepare: `create table ${database}.t (id int primary key, ${GENERATED}); insert into ${database}.t (id, a, b) values (1, 1, 1)`,
      change: `use ${database}; set session binlog_row_image = 'FULL_NODUP'; update t set a = 2; update t set id = 3`,
      wanted: [{ format: 'plain', database }],
    });
    expect(lines.map(short)).toEqual([
      '{"id":1},"value":{"op":"update","before":{"id":1,"a":1,"v":2,"s":3,"w":3,"b":1},"after":{"id":1,"a":2,"s":4,"b":1},"absent":{"after":["v","w"]}}',
      '{"id":1},"value":{"op":"delete","keyChange":"old","otherKey":{"id":3},"before":{"id":1,"a":2,"v":3,"s":4,"w":4,"b":1}}',
      '{"id":1},"value":null',
      '{"id":3},"value":{"op":"insert","keyChange":"new","otherKey":{"id":1},"after":{"id":3,"a":2,"s":4,"b":1},"absent":{"after":["v","w"]}}',
    ]);
  });
});
