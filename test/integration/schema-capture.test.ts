import type { Connection } from 'mysql2/promise';
import { describe, expect, inject, it } from 'vitest';
import type { Flavor } from '../../src/mysql/binlog/options.ts';
import { captureSchema, captureTables } from '../../src/mysql/schema/capture.ts';
import { readCharsets, readCollations } from '../../src/mysql/schema/collations.ts';
import type { TrackedTable } from '../../src/mysql/schema/ddl/index.ts';
import type { Ask } from '../../src/mysql/schema/ask.ts';
import type { Address } from '../support/mysql.ts';
import { connectMysql, freshDatabase, queryOn, unique } from '../support/mysql.ts';

const PLAIN = `create table \`od.d\`.T (id int unsigned not null auto_increment, a varchar(10) character set latin1 default 'it''s' comment 'say "é"', b enum('x','it''s','\\\\','é') not null default 'x',
  c decimal(5,2) not null default 1, d datetime(3) default current_timestamp(3), e binary(3) default 'a', f int, g text, h int not null, i bit(3) default b'101',
  primary key (id, h), unique key two (a, f), unique key part (g(3)), key z (c), unique key Alone (b)) comment 'a table' default character set utf8mb4 collate utf8mb4_bin`;

/** Runs SQL in a database with a difficult name, and hands over what asks. */
async function withDatabase(server: Address, sql: readonly string[], look: (ask: Ask, database: string) => Promise<void>): Promise<void> {
  const database = unique("od.d`' ");
  const connection = await connectMysql(server);
  const name = `\`${database.replaceAll('`', '``')}\``;
  try {
    await queryOn(connection, `create database ${name} character set latin1 collate latin1_bin`);
    for (const statement of sql) await queryOn(connection, statement.replaceAll('`od.d`', name));
    await look(asker(connection), database);
  } finally {
    await queryOn(connection, `drop database ${name}`);
    await connection.end();
  }
}

function asker(connection: Connection): Ask {
  return async (sql, values = []) => (await connection.query(sql, [...values]))[0] as Record<string, unknown>[];
}

async function one(ask: Ask, flavor: Flavor, database: string, name: string): Promise<TrackedTable> {
  const [table, ...more] = await captureTables(ask, { flavor, captures: () => true, within: [{ database, name }] });
  if (table === undefined || more.length > 0) throw new Error(`${name} is ${String(more.length + 1)} tables`);
  return table;
}

describe.each([
  ['mysql', 'mysql', 'int unsigned'],
  ['mariadb', 'mariadb', 'int(10) unsigned'],
  ['mysql56', 'mysql', 'int(10) unsigned'],
] as const)('a fresh capture of %s', (server, flavor, intType) => {
  it('has columns, keys and defaults of tables, and the defaults of databases', async () => {
    await withDatabase(inject(server), [PLAIN, 'create view `od.d`.v as select 1 as a', 'create table `od.d`.other (a int)'], async (ask, database) => {
      const snapshot = await captureSchema(ask, { flavor, captures: (db, name) => db === database && name !== 'other' });
      expect(snapshot.databases).toContainEqual({ name: database, charset: 'latin1', collation: 'latin1_bin' });
      expect(snapshot.tables).toHaveLength(1);
      const [table] = snapshot.tables;
      expect(table).toMatchObject({ database, name: 'T', charset: 'utf8mb4', collation: 'utf8mb4_bin', comment: 'a table', versioned: false, primaryKey: ['id', 'h'], uniqueKeys: [['b'], ['a', 'f']] });
      expect(table?.keys.map(({ name, unique: is, parts }) => [name, is, ...parts.map(({ column, prefix }) => `${String(column)}:${String(prefix)}`)])).toEqual([
        ['PRIMARY', true, 'id:null', 'h:null'],
        ['Alone', true, 'b:null'],
        ['part', true, 'g:3'],
        ['two', true, 'a:null', 'f:null'],
        ['z', false, 'c:null'],
      ]);
      const shared = { nullable: true, unsigned: false, charset: null, collation: null, labels: null, comment: '', autoIncrement: false, generated: false, invisible: false, json: false };
      expect(table?.columns[0]).toEqual({ ...shared, name: 'id', columnType: intType, dataType: 'int', nullable: false, unsigned: true, default: null, autoIncrement: true });
      expect(table?.columns[1]).toEqual({ ...shared, name: 'a', columnType: 'varchar(10)', dataType: 'varchar', charset: 'latin1', collation: 'latin1_swedish_ci', default: { kind: 'literal', text: "it's" }, comment: 'say "é"' });
      expect(table?.columns[2]).toMatchObject({ labels: ['x', "it's", '\\', 'é'], nullable: false, charset: 'utf8mb4', collation: 'utf8mb4_bin' });
      expect(table?.columns.slice(3).map((column) => column.default)).toEqual([
        { kind: 'literal', text: '1.00' },
        { kind: 'expression', text: flavor === 'mysql' ? 'CURRENT_TIMESTAMP(3)' : 'current_timestamp(3)' },
        { kind: 'literal', text: '0x610000' },
        { kind: 'null' },
        { kind: 'null' },
        null,
        { kind: 'literal', text: "b'101'" },
      ]);
    });
  });

  it('of one table or one database alone is the same', async () => {
    await withDatabase(inject(server), [PLAIN, 'create table `od.d`.other (a int)'], async (ask, database) => {
      const all = await captureTables(ask, { flavor, captures: (db) => db === database });
      expect(all).toHaveLength(2);
      expect(await captureTables(ask, { flavor, captures: () => true, within: [{ database }] })).toEqual(all);
      expect(all).toContainEqual(await one(ask, flavor, database, 'T'));
      expect(await captureTables(ask, { flavor, captures: () => true, within: [{ database, name: 'gone' }] })).toEqual([]);
    });
  });

  it('is the same a few tables at a time, others in between, whatever their names', async () => {
    const names = ['a', 'A1', 'a_b', 'ä', 'b c', 'B', "it''s", 'other', 'x%', 'z'];
    await withDatabase(inject(server), [...names.map((name, index) => `create table \`od.d\`.\`${name}\` (c${String(index)} int primary key, d int, key (d))`), ...Array.from({ length: 25 }, (_, index) => `create table \`od.d\`.m${String(index)} (id int)`)], async (ask, database) => {
      const asked: string[] = [];
      const counting: Ask = (sql, values) => (asked.push(sql), ask(sql, values));
      const captures = (db: string, name: string): boolean => db === database && name !== 'other' && !name.startsWith('m');
      const found = await captureTables(counting, { flavor, captures, within: [{ database }], atOnce: 3 });
      expect(found.map(({ name }) => name).sort()).toEqual(names.filter((name) => name !== 'other').sort());
      for (const table of found) expect(table).toEqual(await one(ask, flavor, database, table.name));
      // 9 tables, three or fewer at once, and a gap: four or five times two questions or three.
      expect(asked.length).toBeLessThanOrEqual(2 + 5 * 3);
    });
  });

  it('knows the collations of its character sets', async () => {
    const connection = await connectMysql(inject(server));
    const collations = await readCollations(asker(connection), flavor);
    expect(collations.defaultOf('latin1')).toBe('latin1_swedish_ci');
    expect(collations.charsetOf('utf8mb4_bin')).toBe('utf8mb4');
    expect(collations.byId(46)).toBe('utf8mb4_bin');
    await connection.end();
  });
});

it('MySQL: generated and invisible columns, expressions as defaults and in keys', async () => {
  await withDatabase(inject('mysql'), ["create table `od.d`.t (a json default (json_array()), b int generated always as (1 + 1) stored, c int invisible default 3, d int as (2) virtual invisible, e varchar(9) default (concat('a', 'b')), f varbinary(3) default x'ff41', unique key k ((c + 1)), unique key m (c, b))"], async (ask, database) => {
    const table = await one(ask, 'mysql', database, 't');
    expect(table.columns.map(({ name, generated, invisible, json }) => [name, generated, invisible, json])).toEqual([
      ['a', false, false, false],
      ['b', true, false, false],
      ['c', false, true, false],
      ['d', true, true, false],
      ['e', false, false, false],
      ['f', false, false, false],
    ]);
    expect(table.columns.map((column) => column.default)).toEqual([{ kind: 'expression', text: 'json_array()' }, null, { kind: 'literal', text: '3' }, null, { kind: 'expression', text: "concat(_utf8mb4'a',_utf8mb4'b')" }, { kind: 'literal', text: '0xFF41' }]);
    expect(table.keys[0]).toEqual({ name: 'k', unique: true, parts: [{ column: null, prefix: null }] });
    expect(table.uniqueKeys).toEqual([['c', 'b']]);
  });
});

it('MariaDB: JSON, system versioning, sequences, defaults that are SQL, collations of several character sets', async () => {
  const create = "create table `od.d`.t (a json default json_array(), b longtext check (json_valid(b)), c longtext, d longtext check (json_valid(c)), e uuid default uuid(), f inet6 default '::1', g int default -5, h varchar(9) default 'NULL', i text default 'a\\\\b''\\n', j varchar(3) collate uca1400_ai_ci, check (json_valid(c))) with system versioning character set utf8mb4 collate utf8mb4_uca1400_as_cs";
  await withDatabase(inject('mariadb'), [create, 'create sequence `od.d`.s'], async (ask, database) => {
    const table = await one(ask, 'mariadb', database, 't');
    expect(table).toMatchObject({ versioned: true, charset: 'utf8mb4', collation: 'utf8mb4_uca1400_as_cs' });
    expect(table.columns.map((column) => column.json)).toEqual([true, true, false, false, false, false, false, false, false, false]);
    expect(table.columns.map((column) => column.default)).toEqual([
      { kind: 'expression', text: 'json_array()' },
      { kind: 'null' },
      { kind: 'null' },
      { kind: 'null' },
      { kind: 'expression', text: 'uuid()' },
      { kind: 'literal', text: '::1' },
      { kind: 'literal', text: '-5' },
      { kind: 'literal', text: 'NULL' },
      { kind: 'literal', text: "a\\b'\n" },
      { kind: 'null' },
    ]);
    expect(table.columns.at(-1)?.collation).toBe('utf8mb4_uca1400_ai_ci');
    expect((await one(ask, 'mariadb', database, 's')).columns[0]?.name).toBe('next_not_cached_value');
    expect((await readCharsets(ask, 'mariadb')).get(2304)).toBe('utf8mb4');
    expect((await readCollations(ask, 'mariadb')).byId(2304)).toBe('utf8mb4_uca1400_ai_ci');
  });
});

it('columns that are equal are one object', async () => {
  const server = inject('mysql');
  const database = await freshDatabase(server);
  const connection = await connectMysql(server, database);
  await queryOn(connection, 'create table a (id int primary key, x varchar(9)); create table b (id int primary key, y int)');
  const tables = await captureTables(asker(connection), { flavor: 'mysql', captures: (db) => db === database });
  expect(tables[0]?.columns[0]).toBe(tables[1]?.columns[0]);
  await queryOn(connection, `drop database ${database}`);
  await connection.end();
});
