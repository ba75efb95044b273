import { describe, expect, it } from 'vitest';
import type { NoticePlace, SchemaNotice, TableChange } from '../../../../src/core/notice.ts';
import type { SideMessage } from '../../../../src/core/ports.ts';
import { createCanalAnnouncer } from '../../../../src/format/canal/canal-announcer.ts';
import { EVENT, OPTIONS } from '../support.ts';

const announcer = createCanalAnnouncer(OPTIONS);
const place: NoticePlace = { transaction: EVENT.transaction, position: 120, timestamp: EVENT.timestamp };
const table = { database: 'shop', name: 't' };

function change(kind: TableChange['kind'], renamedFrom: TableChange['renamedFrom'] = null): TableChange {
  return { kind, before: null, after: null, table, renamedFrom };
}

function schema(verb: string, sql: string, changes: readonly TableChange[]): SchemaNotice {
  return { kind: 'schema', place, sql, verb, database: 'shop', changes };
}

function only(messages: readonly SideMessage[]): { readonly message: SideMessage | undefined; readonly value: unknown } {
  expect(messages).toHaveLength(1);
  return { message: messages[0], value: JSON.parse(String(messages[0]?.value)) as unknown };
}

describe('a statement', () => {
  it('is a flat message with isDdl, without a key, in the first partition', () => {
    const { message, value } = only(announcer.schemaChange(schema('ALTER', 'alter table t add v int', [change('alter')])));
    expect(value).toEqual({
      data: null, database: 'shop', es: 1_795_447_511_000, gtid: 'u:7', id: 1, isDdl: true, mysqlType: null, old: null, pkNames: null,
      sql: 'alter table t add v int', sqlType: null, table: 't', ts: 1_795_447_511_581, type: 'ALTER',
    });
    expect(String(message?.value)).toMatch(/^\{"data":null,"database":"shop","es"/);
    expect(message).toMatchObject({ key: null, partition: 0, headers: [] });
  });

  it.each([
    ['CREATE', 'create table t (id int)', [change('create')], 'CREATE'],
    ['DROP', 'drop table t', [change('drop')], 'ERASE'],
    ['RENAME', 'rename table s to t', [change('rename', { database: 'shop', name: 's' })], 'RENAME'],
    ['CREATE', 'create index i on t (v)', [change('alter')], 'CINDEX'],
    ['DROP', 'drop index i on t', [change('alter')], 'DINDEX'],
    ['CREATE', 'create database shop', [], 'QUERY'],
    ['DROP', '/* x */ DROP /* y */ SCHEMA if exists shop', [change('drop')], 'QUERY'],
    ['DROP', '# x\ndrop index i on t', [change('alter')], 'DINDEX'],
    ['ALTER', 'alter table t add index i (v)', [change('alter')], 'CINDEX'],
    ['ALTER', 'ALTER ONLINE TABLE IF EXISTS `shop`.`t` NOWAIT ADD UNIQUE u (v), drop column w', [change('alter')], 'CINDEX'],
    ['ALTER', 'alter table `a``b c` add constraint `u v` unique (v)', [change('alter')], 'CINDEX'],
    ['ALTER', 'alter table t add primary key (v)', [change('alter')], 'CINDEX'],
    ['ALTER', 'alter table t add constraint primary key (v)', [change('alter')], 'CINDEX'],
    ['ALTER', 'alter table t add fulltext (v)', [change('alter')], 'CINDEX'],
    ['ALTER', '-- x\nalter table shop . t /* y */ drop key i, add w int', [change('alter')], 'DINDEX'],
    ['ALTER', 'alter table t drop constraint u', [change('alter')], 'DINDEX'],
    ['ALTER', 'alter table t drop primary key', [change('alter')], 'ALTER'],
    ['ALTER', 'alter table t add w int, add index i (w)', [change('alter')], 'ALTER'],
    ['ALTER', 'alter table t add `index` int', [change('alter')], 'ALTER'],
    ['ALTER', 'alter table t add uniqueness int, drop keys', [change('alter')], 'ALTER'],
    ['ALTER', 'alter table t add constraint c check (v > 0)', [change('alter')], 'ALTER'],
    ['ALTER', 'alter table t add constraint c foreign key (v) references u (v)', [change('alter')], 'ALTER'],
  ])('%s %s has the type of Canal', (verb, sql, changes, type) => {
    expect(only(announcer.schemaChange(schema(verb, sql, changes))).value).toMatchObject({ type, sql, database: 'shop', table: type === 'QUERY' ? '' : 't' });
  });

  it('that empties a table is told alike in both places', () => {
    const notice = { kind: 'truncate', place, sql: 'truncate t', table } as const;
    expect(only(announcer.truncate(notice)).value).toMatchObject({ type: 'TRUNCATE', isDdl: true, table: 't', sql: 'truncate t' });
    expect(announcer.schemaChange(notice)).toEqual(announcer.truncate(notice));
  });

  it('is no gap, which is told as the plain format does', () => {
    const gap = announcer.gap({ kind: 'gap', resumedAt: 'latest', after: null, before: 'u:1-9', transactions: null, gtids: null, bytes: null, noticedAt: 1 });
    expect(only(gap).value).toMatchObject({ op: 'gap', before: 'u:1-9' });
  });
});
