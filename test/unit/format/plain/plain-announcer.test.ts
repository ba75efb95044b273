import { expect, it } from 'vitest';
import type { NoticePlace, TableChange } from '../../../../src/core/notice.ts';
import { createPlainAnnouncer } from '../../../../src/format/plain/plain-announcer.ts';
import { EVENT, OPTIONS } from '../support.ts';

const announcer = createPlainAnnouncer(OPTIONS);
const place: NoticePlace = { transaction: EVENT.transaction, position: 120, timestamp: EVENT.timestamp };
const SOURCE = { time: '2026-11-23T15:25:11.487592Z', serverId: 3, threadId: 115, gtid: 'u:7', file: 'binlog.000007', position: 120 };
const json = ([message]: ReturnType<typeof announcer.gap>): unknown[] => [JSON.parse(String(message?.key)), JSON.parse(String(message?.value))];
const head = { name: OPTIONS.serverName, connector: OPTIONS.connector };

it('tells a schema change with the tables as they were and are', () => {
  const change: TableChange = { kind: 'rename', before: null, after: null, table: { database: 'shop', name: 'b' }, renamedFrom: { database: 'shop', name: 'a' } };
  expect(json(announcer.schemaChange({ kind: 'schema', place, sql: 'rename table a to b', verb: 'RENAME', database: 'shop', changes: [change] }))).toEqual([
    { database: 'shop' },
    { op: 'schema', source: { ...head, database: 'shop', ...SOURCE }, transaction: { id: 'u:7' }, sql: 'rename table a to b', changes: [change] },
  ]);
});

it('tells a truncate alike among schema changes and in the topic of the table', () => {
  const notice = { kind: 'truncate', place, sql: 'truncate t', table: { database: 'shop', name: 't' } } as const;
  expect(json(announcer.truncate(notice))).toEqual([
    { database: 'shop', table: 't' },
    { op: 'truncate', source: { ...head, database: 'shop', table: 't', ...SOURCE }, transaction: { id: 'u:7' }, sql: 'truncate t' },
  ]);
  expect(announcer.schemaChange(notice)).toEqual(announcer.truncate(notice));
});

it('tells a gap with all that is known of it', () => {
  expect(json(announcer.gap({ kind: 'gap', resumedAt: 'earliest', after: 'u:1-7', before: 'u:1-9', transactions: 2, gtids: 'u:8-9', bytes: null, noticedAt: 1_795_447_511_487 }))).toEqual([
    { name: OPTIONS.serverName },
    { op: 'gap', source: { ...head, time: '2026-11-23T15:25:11.487000Z' }, resumedAt: 'earliest', after: 'u:1-7', before: 'u:1-9', transactions: 2, gtids: 'u:8-9', bytes: null },
  ]);
});
