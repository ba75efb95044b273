import { describe, expect, it } from 'vitest';
import { DataReader } from '../../../src/verify/formats/data.ts';
import { EnvelopeReader } from '../../../src/verify/formats/envelope.ts';
import { FlatReader } from '../../../src/verify/formats/flat.ts';
import type { MessageReader } from '../../../src/verify/formats/reader.ts';
import { CUT_DIGEST, markAt } from '../../../src/verify/digest.ts';
import type { LogRecord } from '../../../src/verify/ports.ts';
import { TopicRows } from '../../../src/verify/topic-rows.ts';
import type { Reading } from '../../../src/verify/topic-rows.ts';
import type { VerifiedTable } from '../../../src/verify/verified-table.ts';
import { digestsOf, recordOf, tableNamed } from './support.ts';

const PLAIN = new EnvelopeReader({ inside: null, database: 'database', table: 'table' });
const source = { database: 'shop', table: 't' };

function reading(reader: MessageReader, changes: Partial<Reading> = {}): Reading {
  return { reader, keyInside: null, shared: false, ...changes };
}

/** `set t KEY` or `gone t KEY`, with `!` behind where the row is not `{"id":1,"v":"a"}`. */
function read(how: Reading, tables: readonly VerifiedTable[], ...records: readonly LogRecord[]): { told: string[]; rows: TopicRows } {
  const told: string[] = [];
  const rows = new TopicRows(how, tables, {
    row: ({ table, id, digests }) => told.push(`${digests === null ? 'gone' : 'set'} ${table.label} ${id}${digests !== null && !digests.equals(digestsOf(table.columns, { id: 1, v: 'a' })) ? '!' : ''}`),
    truncated: (table) => told.push(`truncated ${table.label}`),
  });
  for (const record of records) rows.read(record);
  return { told, rows };
}

describe('messages of plain and debezium', () => {
  it('set rows and take them away, by the key of the message', () => {
    const { told } = read(reading(PLAIN), [tableNamed('t')],
      recordOf({ id: 1 }, { op: 'insert', source, after: { id: 1, v: 'a' } }),
      recordOf({ id: 1 }, { op: 'update', source, before: { id: 1, v: 'a' }, after: { id: 1, v: 'b' } }),
      recordOf({ id: 1 }, { op: 'delete', source, before: { id: 1, v: 'b' } }),
      recordOf({ id: 1 }, null));
    expect(told).toEqual(['set shop.t {"id":1}', 'set shop.t {"id":1}!', 'gone shop.t {"id":1}', 'gone shop.t {"id":1}']);
  });

  it('say which table they are about; what is about others or about no row is passed over', () => {
    const { told, rows } = read(reading(PLAIN), [tableNamed('t')],
      recordOf({ id: 1 }, { op: 'insert', source: { database: 'shop', table: 'other' }, after: { id: 1, v: 'a' } }),
      recordOf(null, { op: 'schema', source, sql: 'x' }),
      recordOf(null, { status: 'BEGIN', id: 'x' }),
      recordOf(null, { op: 'truncate', source }));
    expect(told).toEqual(['truncated shop.t']);
    expect(rows.unreadable.count).toBe(0);
  });

  it('in a topic of several tables have tombstones that say nothing', () => {
    const two = [tableNamed('t'), tableNamed('u', { index: 1 })];
    expect(read(reading(PLAIN, { shared: true }), two, recordOf({ id: 1 }, null), recordOf({ id: 1 }, { op: 'delete', source: { database: 'shop', table: 'u' }, before: { id: 1 } })).told).toEqual(['gone shop.u {"id":1}']);
    expect(read(reading(PLAIN, { shared: true }), [tableNamed('t')], recordOf({ id: 1 }, null)).told).toEqual([]);
  });

  it('are found in the payload beside their schema, keys too', () => {
    const debezium = new EnvelopeReader({ inside: 'payload', database: 'db', table: 'table' });
    const wrap = (payload: unknown): object => ({ schema: { fields: [{ op: 'x' }] }, payload });
    const { told } = read(reading(debezium, { keyInside: 'payload' }), [tableNamed('t')],
      recordOf(wrap({ id: 1 }), wrap({ op: 'c', before: null, after: { id: 1, v: 'a' }, source: { db: 'shop', table: 't' } })),
      recordOf(wrap({ id: 1 }), wrap({ op: 'd', before: { id: 1, v: 'a' }, after: null, source: { db: 'shop', table: 't' } })));
    expect(told).toEqual(['set shop.t {"id":1}', 'gone shop.t {"id":1}']);
  });

  it('by columns: an update of the key moves the row', () => {
    const byColumn = tableNamed('t', { identity: [0] });
    const { told } = read(reading(PLAIN), [byColumn],
      recordOf({ customer: 7 }, { op: 'update', source, before: { id: 2, v: 'a' }, after: { id: 1, v: 'a' } }),
      recordOf({ customer: 7 }, { op: 'delete', source, before: { id: 1, v: 'a' } }),
      recordOf({ customer: 7 }, null));
    expect(told).toEqual(['gone shop.t {"id":2}', 'set shop.t {"id":1}', 'gone shop.t {"id":1}']);
  });

  it('that are cut mark the columns which the header names', () => {
    const found: Buffer[] = [];
    const rows = new TopicRows(reading(PLAIN), [tableNamed('t')], { row: ({ digests }) => found.push(digests ?? Buffer.alloc(0)), truncated: () => undefined });
    rows.read(recordOf({ id: 1 }, { op: 'insert', source, after: { id: 1, v: 'cu' } }, { headers: [{ name: '__rowcast.truncated', value: Buffer.from('{"after":{"v":5000}}') }] }));
    expect(found.map((digests) => [markAt(digests, 0), markAt(digests, 1)])).toEqual([[null, CUT_DIGEST]]);
  });

  it.each([
    ['text', 'hello'],
    ['a value that breaks off', '{"op":"insert","source":{"database":"shop","table":"t"},"after":{"id":1'],
    ['an insert without its row', { op: 'insert', source }],
  ])('are counted where they cannot be read, with the first: %s', (_what, value) => {
    const { told, rows } = read(reading(PLAIN), [tableNamed('t')], recordOf({ id: 1 }, value, { partition: 3, offset: 9n }), recordOf({ id: 1 }, value));
    expect(told).toEqual([]);
    expect(rows.unreadable).toEqual({ count: 2, first: expect.stringContaining('partition 3, offset 9') as string });
  });

  it('without a key are counted, where keys tell rows apart', () => {
    expect(read(reading(PLAIN), [tableNamed('t')], recordOf(null, { op: 'insert', source, after: { id: 1, v: 'a' } })).rows.unreadable.count).toBe(1);
  });
});

describe('flat messages', () => {
  it('are rows, tombstones and rewritten deletes', () => {
    const { told } = read(reading(new FlatReader(null)), [tableNamed('t')],
      recordOf({ id: 1 }, { id: 1, v: 'a' }),
      recordOf({ id: 1 }, { id: 1, v: 'a', __deleted: 'true' }),
      recordOf({ id: 1 }, { id: 1, v: 'a', __deleted: 'false' }),
      recordOf({ id: 1 }, null));
    expect(told).toEqual(['set shop.t {"id":1}', 'gone shop.t {"id":1}', 'set shop.t {"id":1}', 'gone shop.t {"id":1}']);
  });
});

describe('messages of maxwell and canal', () => {
  const byColumn = tableNamed('t', { identity: [0] });

  it('have the row in data, and what a changed key was in old', () => {
    const { told } = read(reading(new DataReader()), [byColumn],
      recordOf({ 'pk.id': 2 }, { database: 'shop', table: 't', type: 'insert', data: { id: 2, v: 'x' } }),
      recordOf({ 'pk.id': 1 }, { database: 'shop', table: 't', type: 'update', data: { id: 1, v: 'a' }, old: { id: 2, v: 'x' } }),
      recordOf({ 'pk.id': 1 }, { database: 'shop', table: 't', type: 'delete', data: { id: 1, v: 'a' } }),
      recordOf({ 'pk.id': 1 }, null));
    expect(told).toEqual(['set shop.t {"id":2}!', 'gone shop.t {"id":2}', 'set shop.t {"id":1}', 'gone shop.t {"id":1}']);
  });

  it('have lists of rows, and statements that are none', () => {
    const canal = { database: 'shop', table: 't', isDdl: false, old: null };
    const { told } = read(reading(new DataReader()), [tableNamed('t', { identity: [0] })],
      recordOf(null, { data: [{ id: 1, v: 'a' }, { id: '2', v: null }], ...canal, type: 'INSERT' }),
      recordOf(null, { data: [{ id: 1, v: 'a' }], ...canal, old: [{ v: 'b' }], type: 'UPDATE' }),
      recordOf(null, { data: null, ...canal, isDdl: true, type: 'ALTER' }),
      recordOf(null, { data: [{ id: 1, v: 'a' }], ...canal, type: 'DELETE' }));
    expect(told).toEqual(['set shop.t {"id":1}', 'set shop.t {"id":"2"}!', 'set shop.t {"id":1}', 'gone shop.t {"id":1}']);
  });

  it('without NULLs have NULL for what is left out', () => {
    const found: Buffer[] = [];
    const rows = new TopicRows(reading(new DataReader()), [tableNamed('t', { identity: [0], omitsNulls: true })], { row: ({ digests }) => found.push(digests ?? Buffer.alloc(0)), truncated: () => undefined });
    rows.read(recordOf(null, { database: 'shop', table: 't', type: 'insert', data: { id: 1 } }));
    expect(found[0]?.equals(digestsOf(byColumn.columns, { id: 1, v: null }))).toBe(true);
  });
});
