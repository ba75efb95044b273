import { describe, expect, it } from 'vitest';
import { columnsOf, labelOf, MARIADB, MYSQL, runner } from './support.ts';

describe('applying DDL', () => {
  it('tells what a statement did to each table', async () => {
    const { run, schema } = await runner();
    expect(run('create table a (id int primary key)')).toMatchObject({ kind: 'applied', changes: [{ kind: 'create', before: null, after: { name: 'a' }, renamedFrom: null }] });
    expect(run('alter table a add b int')).toMatchObject({ kind: 'applied', changes: [{ kind: 'alter', before: { columns: [{ name: 'id' }] }, after: { columns: [{ name: 'id' }, { name: 'b' }] } }] });
    expect(run('alter table a rename to b, add c int')).toMatchObject({ kind: 'applied', changes: [{ kind: 'alter', table: { name: 'b' }, renamedFrom: { name: 'a' } }] });
    expect(run('alter table b rename to c')).toMatchObject({ kind: 'applied', changes: [{ kind: 'rename', table: { name: 'c' }, renamedFrom: { name: 'b' } }] });
    expect(run('drop table c')).toMatchObject({ kind: 'applied', changes: [{ kind: 'drop', before: { name: 'c' }, after: null }] });
    expect([...schema.tables()]).toEqual([]);
  });

  it('knows a question mark in a label for one where somebody wrote it, and not in what the server prints for CREATE TABLE … SELECT', async () => {
    const { run, schema } = await runner();
    const exact = (table: string): (boolean | undefined)[] => schema.table('shop', table)?.columns.map(({ exactLabels }) => exactLabels) ?? [];
    run("create table a (x enum('?','😀') character set utf8mb4, y set('a') character set utf8mb4, z enum('?') character set latin1)", 'create table b like a');
    expect([exact('a'), exact('b')]).toEqual([[true, undefined, true], [true, undefined, true]]);
    run("CREATE TABLE `c` (\n  `x` enum('?','b') CHARACTER SET utf8mb4 DEFAULT NULL,\n  `z` enum('?') CHARACTER SET latin1 DEFAULT NULL\n) START TRANSACTION");
    expect(exact('c')).toEqual([undefined, undefined]);
    run('alter table c convert to character set utf8mb4');
    expect(exact('c')).toEqual([undefined, true]);
    run("alter table c modify x enum('?','b')", 'alter table c rename column x to y');
    expect(exact('c')).toEqual([true, true]);
  });

  it('follows swaps and renames across databases', async () => {
    const { run, schema } = await runner();
    run('create table a (x int)', 'create table b (y int)');
    const outcome = run('rename table a to t, b to a, t to other.b');
    expect(outcome.kind === 'applied' ? outcome.changes.map(({ renamedFrom, table }) => `${renamedFrom === null ? '' : labelOf(renamedFrom)} ${labelOf(table)}`) : []).toEqual(['shop.a shop.t', 'shop.b shop.a', 'shop.t other.b']);
    expect(columnsOf(schema, 'a')).toEqual(['y int']);
    expect(columnsOf(schema, 'b', 'other')).toEqual(['x int']);
    expect(schema.table('shop', 'b')).toBeUndefined();
  });

  it('holds only captured tables', async () => {
    const { run, schema } = await runner({ captures: (database, name) => database === 'shop' && name !== 'left_out' });
    expect(run('create table other.a (x int)')).toEqual({ kind: 'irrelevant' });
    expect(run('create table left_out (x int)')).toEqual({ kind: 'irrelevant' });
    expect(run('alter table left_out add y int')).toEqual({ kind: 'irrelevant' });
    expect(run('rename table left_out to taken')).toMatchObject({ kind: 'unknown', tables: [{ database: 'shop', name: 'taken' }] });
    expect(run('alter table other.a rename to shop.taken')).toMatchObject({ kind: 'unknown', tables: [{ name: 'taken' }] });
    run('create table mine (x int)');
    expect(run('rename table mine to left_out')).toMatchObject({ kind: 'applied', changes: [{ kind: 'rename', after: { name: 'left_out' } }] });
    expect([...schema.tables()]).toEqual([]);
    expect(run('drop table left_out, other.a')).toEqual({ kind: 'irrelevant' });
  });

  it.each([
    'create procedure p() begin alter table a add x int; end',
    'create definer = `root`@`%` trigger t before insert on a for each row set new.x = 1',
    'create or replace algorithm = merge view v as select 1',
    'create temporary table a (x int)',
    'drop temporary table if exists a',
    'create user u',
    'rename user a to b',
    'drop event a',
    'create tablespace t add datafile \'x\'',
    'alter instance rotate innodb master key',
    'analyze table a',
    'grant all on shop.* to u',
    'insert into a values (1)',
    '',
    '-- only a comment',
  ])('passes over what holds no columns: %s', async (sql) => {
    const { run } = await runner();
    expect(run(sql)).toEqual({ kind: 'irrelevant' });
  });

  it('tells of TRUNCATE', async () => {
    const { run } = await runner({ captures: (database) => database === 'shop' });
    expect(run('truncate a')).toEqual({ kind: 'truncated', table: { database: 'shop', name: 'a' } });
    expect(run('truncate table other.a')).toEqual({ kind: 'irrelevant' });
  });

  it('leaves the schema as it was where it cannot follow, and names the tables after the statement', async () => {
    const { run, schema } = await runner();
    run('create table a (x int, y int)');
    const before = JSON.stringify(schema.snapshot());
    expect(run('alter table a add z int, add w no_such_type')).toMatchObject({ kind: 'unknown', tables: [{ database: 'shop', name: 'a' }], databases: [] });
    expect(run('alter table a drop nope, rename to b')).toMatchObject({ kind: 'unknown', tables: [{ name: 'b' }], why: 'column nope is not known' });
    expect(run('rename table a to b, nope to c')).toMatchObject({ kind: 'unknown', tables: [{ name: 'b' }, { name: 'c' }] });
    expect(run('create table b like nope')).toMatchObject({ kind: 'unknown', tables: [{ name: 'b' }] });
    expect(run('create table elsewhere.t (x varchar(3))')).toMatchObject({ kind: 'unknown', why: 'the defaults of database elsewhere are not known' });
    expect(run('create table q as select 1 as one')).toMatchObject({ kind: 'unknown' });
    expect(run('alter database shop what is this')).toMatchObject({ kind: 'unknown', tables: [], databases: ['shop'] });
    expect(run('alter table')).toMatchObject({ kind: 'unknown', databases: ['shop'] });
    expect(JSON.stringify(schema.snapshot())).toBe(before);
  });

  it('keeps names as the server does', async () => {
    const { run, schema } = await runner({ dialect: { ...MYSQL, lowerCaseTableNames: 1 } });
    run('create table SHOP.`Orders` (Id int, KEY Ka (ID))', 'alter table orders rename to Sales, change ID iD bigint');
    expect(schema.table('shop', 'sales')).toMatchObject({ name: 'sales', columns: [{ name: 'iD' }], keys: [{ name: 'Ka', parts: [{ column: 'iD' }] }] });
    const sensitive = await runner();
    sensitive.run('create table A (x int)', 'create table a (y int)');
    expect(columnsOf(sensitive.schema, 'A')).toEqual(['x int']);
  });

  it('follows databases', async () => {
    const { run, schema } = await runner();
    run('create table other.a (x varchar(3))', 'alter database other character set utf8mb4');
    expect(schema.database('other')).toEqual({ charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' });
    expect(schema.table('other', 'a')).toMatchObject({ collation: 'latin1_bin' });
    expect(run('drop database other')).toMatchObject({ kind: 'applied', changes: [{ kind: 'drop', table: { database: 'other', name: 'a' } }] });
    expect(schema.database('other')).toBeUndefined();
    run('create database other');
    expect(schema.database('other')).toEqual({ charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' });
  });

  it('reads a statement in the character sets of its session', async () => {
    const { run, schema } = await runner({ session: { collationServer: 8, collationUtf8mb4: 45 } });
    run('create database made', 'create table a (x varchar(3) character set utf8mb4)');
    expect(schema.database('made')?.collation).toBe('latin1_swedish_ci');
    expect(schema.table('shop', 'a')?.columns[0]?.collation).toBe('utf8mb4_general_ci');
    const mariadb = await runner({ dialect: MARIADB, session: { characterSetCollations: new Map([[45, 2304]]) } });
    mariadb.run('create table a (x varchar(3) character set utf8mb4)');
    expect(mariadb.schema.table('shop', 'a')?.columns[0]?.collation).toBe('utf8mb4_uca1400_ai_ci');
  });

  it('makes TIMESTAMPs as the session or the server has them', async () => {
    const told = await runner({ session: { explicitDefaultsForTimestamp: false } });
    told.run('create table a (x timestamp, y timestamp)');
    expect(told.schema.table('shop', 'a')?.columns.map((column) => [column.nullable, column.default])).toEqual([[false, { kind: 'expression', text: 'CURRENT_TIMESTAMP' }], [false, { kind: 'literal', text: '0000-00-00 00:00:00' }]]);
    const old = await runner({ dialect: { ...MYSQL, version: [5, 6, 24], explicitDefaultsForTimestamp: false } });
    old.run('create table a (x timestamp)');
    expect(old.schema.table('shop', 'a')?.columns[0]?.nullable).toBe(false);
  });
});
