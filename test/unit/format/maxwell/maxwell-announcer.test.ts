import { describe, expect, it } from 'vitest';
import type { ColumnDeclaration, TableDeclaration } from '../../../../src/core/declaration.ts';
import type { NoticePlace, SchemaNotice, TableChange } from '../../../../src/core/notice.ts';
import type { SideMessage } from '../../../../src/core/ports.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { MAXWELL_DEFAULTS } from '../../../../src/format/maxwell/options.ts';
import type { MaxwellOptions } from '../../../../src/format/maxwell/options.ts';
import { EVENT, OPTIONS } from '../support.ts';

const place: NoticePlace = { transaction: EVENT.transaction, position: 120, timestamp: EVENT.timestamp };

function column(name: string, columnType: string, over: Partial<ColumnDeclaration> = {}): ColumnDeclaration {
  const dataType = /^\w+/.exec(columnType)?.[0] ?? '';
  return { name, columnType, dataType, nullable: true, unsigned: columnType.includes('unsigned'), charset: null, collation: null, labels: null, default: null, comment: '', autoIncrement: false, generated: false, invisible: false, ...over };
}

function table(name: string, columns: readonly ColumnDeclaration[]): TableDeclaration {
  return { database: 'zoo', name, columns, primaryKey: ['id'], uniqueKeys: [], charset: 'utf8mb4', comment: '' };
}

function tell(notice: Partial<SchemaNotice>, options: Partial<MaxwellOptions> = {}): readonly SideMessage[] {
  const format = createFormat({ type: 'maxwell', ...MAXWELL_DEFAULTS, ...options }, OPTIONS);
  return format.announcer?.schemaChange({ kind: 'schema', place, sql: 'x', verb: 'ALTER', database: 'zoo', changes: [], ...notice }) ?? [];
}

const text = ([message]: readonly SideMessage[]): string => String(message?.value);

const COLUMNS = [
  column('id', 'int'),
  column('u', 'bigint unsigned'),
  column('d', 'decimal(10,2)'),
  column('v', 'varchar(50)', { charset: 'latin1' }),
  column('b', 'binary(6)'),
  column('e', "enum('it''s','b')", { labels: ["it's", 'b'], charset: 'utf8mb4' }),
  column('t3', 'time(3)'),
  column('ts', 'timestamp'),
  column('j', 'json'),
];
const DEF =
  '{"database":"zoo","charset":"utf8mb4","table":"t","primary-key":["id"],"columns":[{"type":"int","name":"id","signed":true},{"type":"bigint","name":"u","signed":false},{"type":"decimal","name":"d"},{"type":"varchar","name":"v","charset":"latin1"},{"type":"binary","name":"b","charset":"binary"},{"type":"enum","name":"e","enum-values":["it\'s","b"]},{"type":"time","name":"t3","column-length":3},{"type":"timestamp","name":"ts","column-length":0},{"type":"json","name":"j"}]}';

describe('a schema change', () => {
  const create: TableChange = { kind: 'create', before: null, after: table('t', COLUMNS), table: { database: 'zoo', name: 't' }, renamedFrom: null };

  it('of a new table has its definition', () => {
    expect(text(tell({ verb: 'CREATE', sql: 'create table t', changes: [create] }, { binlogPosition: true, gtidPosition: true }))).toBe(
      `{"type":"table-create","database":"zoo","table":"t","def":${DEF},"ts":1795447511000,"sql":"create table t","position":"binlog.000007:120","gtid":"u:7"}`,
    );
    expect(text(tell({ changes: [create] }, { quirks: true }))).toContain(`"enum-values":["it''s","b"]`);
  });

  it('that renames a table is an alter, under the name it had', () => {
    const before = table('t', COLUMNS.slice(0, 1));
    const rename: TableChange = { kind: 'rename', before, after: { ...before, name: 't2' }, table: { database: 'zoo', name: 't2' }, renamedFrom: { database: 'zoo', name: 't' } };
    expect(JSON.parse(text(tell({ changes: [rename] })))).toEqual({
      type: 'table-alter', database: 'zoo', table: 't', ts: 1_795_447_511_000, sql: 'x',
      old: { database: 'zoo', charset: 'utf8mb4', table: 't', 'primary-key': ['id'], columns: [{ type: 'int', name: 'id', signed: true }] },
      def: { database: 'zoo', charset: 'utf8mb4', table: 't2', 'primary-key': ['id'], columns: [{ type: 'int', name: 'id', signed: true }] },
    });
  });

  it('is told where ALTER TABLE changes nothing that is shown, and not for CREATE INDEX and DROP INDEX', () => {
    const alter: TableChange = { ...create, kind: 'alter', before: create.after };
    expect(JSON.parse(text(tell({ verb: 'ALTER', sql: 'alter table t add index i (u)', changes: [alter] })))).toMatchObject({ type: 'table-alter', table: 't' });
    expect(tell({ verb: 'CREATE', sql: 'create index i on t (u)', changes: [alter] })).toEqual([]);
    expect(tell({ verb: 'DROP', sql: 'drop index i on t', changes: [alter] })).toEqual([]);
  });

  it('of several tables is a message each', () => {
    const drop = (name: string): TableChange => ({ kind: 'drop', before: null, after: null, table: { database: 'zoo', name }, renamedFrom: null });
    const messages = tell({ verb: 'DROP', changes: [drop('a'), drop('b')] });
    expect(messages.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual(['a', 'b'].map((name) => ({ type: 'table-drop', database: 'zoo', table: name, ts: 1_795_447_511_000, sql: 'x' })));
    expect(new Set(messages.map(({ key }) => String(key))).size).toBe(2);
  });

  it('that drops a database is told of the database, not of its tables', () => {
    const drop: TableChange = { kind: 'drop', before: table('t', COLUMNS), after: null, table: { database: 'zoo', name: 't' }, renamedFrom: null };
    const messages = tell({ verb: 'DROP', sql: '/* x */ drop database if exists zoo', changes: [drop, { ...drop, table: { database: 'zoo', name: 'u' } }] });
    expect(messages).toHaveLength(1);
    expect(JSON.parse(text(messages))).toMatchObject({ type: 'database-drop', database: 'zoo' });
  });

  it.each([
    ['CREATE', 'create database zoo character set utf8mb4', { type: 'database-create', charset: 'utf8mb4' }],
    ['CREATE', 'create database zoo charset = "Latin1"', { type: 'database-create', charset: 'latin1' }],
    ['ALTER', 'alter database zoo collate utf8mb4_bin', { type: 'database-alter', charset: null }],
    ['DROP', 'drop database zoo', { type: 'database-drop' }],
  ])('%s: %s', (verb, sql, expected) => {
    expect(JSON.parse(text(tell({ verb, sql })))).toEqual({ ...expected, database: 'zoo', ts: 1_795_447_511_000, sql });
  });

  it('has a key that it has again when it is told again, and the partition of its database', () => {
    const [message] = tell({ changes: [create] });
    expect(message).toMatchObject({ partition: 120794, headers: [] });
    expect(JSON.parse(String(message?.key))).toMatch(/^[0-9a-f-]{36}$/);
    expect(tell({ changes: [create] })[0]?.key).toEqual(message?.key);
    expect(String(tell({ changes: [create] }, { quirks: true, partitionHash: 'murmur3' })[0]?.key)).toMatch(/^[0-9a-f-]{36}$/);
    expect(tell({ changes: [create] }, { partitionHash: 'murmur3' })[0]?.partition).toBe(571221615);
  });

  it('is no TRUNCATE, and nothing that has no message', () => {
    const { announcer } = createFormat({ type: 'maxwell', ...MAXWELL_DEFAULTS }, OPTIONS);
    const truncate = { kind: 'truncate', place, sql: 'truncate t', table: { database: 'zoo', name: 't' } } as const;
    expect(announcer?.schemaChange(truncate)).toEqual([]);
    expect(announcer?.truncate(truncate)).toEqual([]);
    expect(tell({ verb: 'GRANT' })).toEqual([]);
  });

  it('has no place for a gap, which is told as the plain format does', () => {
    const { announcer } = createFormat({ type: 'maxwell', ...MAXWELL_DEFAULTS }, OPTIONS);
    expect(text(announcer?.gap({ kind: 'gap', resumedAt: 'latest', after: null, before: 'b', transactions: null, gtids: null, bytes: null, noticedAt: 7 }) ?? [])).toContain('"op":"gap"');
  });
});
