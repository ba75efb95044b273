import { describe, expect, it } from 'vitest';
import type { RowMessage } from '../../../../src/core/change.ts';
import type { RowEncoder } from '../../../../src/core/ports.ts';
import type { Projection } from '../../../../src/core/projection.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { MAXWELL_DEFAULTS } from '../../../../src/format/maxwell/options.ts';
import type { MaxwellOptions } from '../../../../src/format/maxwell/options.ts';
import { EVENT, FULL, image, MASKED, message, OPTIONS, PROJECTION, written } from '../support.ts';

const KEYLESS: Projection = { ...PROJECTION, key: [] };
const COMMIT = { ...EVENT, transaction: { ...EVENT.transaction, xid: 4711n } };

function encoder(options: Partial<MaxwellOptions> = {}, projection = PROJECTION): RowEncoder {
  return createFormat({ type: 'maxwell', ...MAXWELL_DEFAULTS, ...options }, OPTIONS).encoder(projection);
}

function value(options: Partial<MaxwellOptions>, over: Partial<RowMessage> = {}, projection = PROJECTION): string {
  return written((out) => encoder(options, projection).value(message('insert', { after: image(5, 1), event: COMMIT, ...over }), out));
}

describe('a message', () => {
  it('has what Maxwell writes by default', () => {
    expect(value({})).toBe('{"database":"shop","table":"t","type":"insert","ts":1795447511,"xid":4711,"data":{"a\\"":5,"id":1}}');
  });

  it('has every field that is asked for, in the order of Maxwell', () => {
    const all = { binlogPosition: true, gtidPosition: true, xoffset: true, pushTimestamp: true, serverId: true, threadId: true, primaryKeys: true, primaryKeyColumns: true, rowQuery: true };
    const event = { ...COMMIT, query: 'insert into t values (5, 9, 1)' };
    expect(value(all, { event, offset: 3 }, FULL)).toBe(
      '{"database":"shop","table":"t","query":"insert into t values (5, 9, 1)","type":"insert","ts":1795447511,"xid":4711,"xoffset":3,"position":"binlog.000007:120","gtid":"u:7","server_id":3,"thread_id":115,"push_ts":1795447511.581331,"primary_key":[1],"primary_key_columns":["id"],"data":{"a\\"":5,"hidden":9,"id":1}}',
    );
  });

  it('names what changed in old, and nothing else', () => {
    expect(value({}, { operation: 'update', before: image(null, 1), after: image(5, 1) })).toContain('"data":{"a\\"":5,"id":1},"old":{"a\\"":null}}');
    expect(value({}, { operation: 'update', before: image(6, 2), after: image(null, 3) })).toContain('"data":{"a\\"":null,"id":3},"old":{"a\\"":6,"id":2}}');
    expect(value({}, { operation: 'update', before: image(5, 1), after: image(5, 1) })).not.toContain('"old"');
  });

  it('shows the row that was deleted', () => {
    expect(value({}, { operation: 'delete', before: image(5, 1), after: null })).toContain('"type":"delete","ts":1795447511,"xid":4711,"data":{"a\\"":5,"id":1}}');
  });

  it('leaves NULLs out where it is told to, also of old, which stays', () => {
    expect(value({ nulls: false }, { after: image(null, 1) })).toContain('"data":{"id":1}}');
    expect(value({ nulls: false }, { operation: 'update', before: image(null, 1), after: image(5, 1) })).toContain('"data":{"a\\"":5,"id":1},"old":{}}');
  });

  it('has no commit info where it is told not to, and no xid where there is none', () => {
    expect(value({ commitInfo: false, xoffset: true })).not.toMatch(/xid|xoffset/);
    expect(value({}, { event: EVENT })).not.toContain('xid');
    expect(encoder({ commitInfo: false }).lastRow).toBeUndefined();
  });

  it('leaves a thread out that is not known, and says that there is no GTID', () => {
    const event = { ...EVENT, transaction: { ...EVENT.transaction, sequence: 2, gtid: null, threadId: null } };
    expect(value({ threadId: true, gtidPosition: true }, { event })).toContain('"gtid":null,"data"');
  });

  it('tells push times with the digits they have', () => {
    const at = (micros: number): string | undefined => {
      const format = createFormat({ type: 'maxwell', ...MAXWELL_DEFAULTS, pushTimestamp: true }, { ...OPTIONS, clock: { nowMicros: () => micros, monotonicMs: () => 0 } });
      return /"push_ts":([\d.]+)/.exec(written((out) => format.encoder(PROJECTION).value(message('insert', { after: image(5, 1) }), out)))?.[1];
    };
    expect([1_000_000, 1_500_000, 1_000_001, 1_795_447_511_581_000].map(at)).toEqual(['1.0', '1.5', '1.000001', '1795447511.581']);
  });

  it('cuts a query at its bound, and shows none of a table with a hidden or masked column', () => {
    const event = { ...EVENT, query: 'insert into t values (1)' };
    expect(value({ rowQuery: true, rowQueryMaxLength: 10 }, { event }, FULL)).toContain('"query":"insert int"');
    expect(value({ rowQuery: true }, { event })).not.toContain('query');
    expect(value({ rowQuery: true }, { event }, MASKED)).not.toContain('query');
    expect(value({}, { event }, FULL)).not.toContain('query');
  });

  it('shows a mask as a string, and takes values with one mask for the same', () => {
    const text = value({}, { operation: 'update', before: image(4, 1), after: image(5, 1) }, MASKED);
    expect(text).toContain('"data":{"a\\"":5,"hidden":"***","id":1},"old":{"a\\"":4}}');
  });
});

describe('the last row of a transaction', () => {
  it.each([
    [{ xoffset: true }, '"xid":4711,"xoffset":2,"data"'],
    [{ xoffset: false }, '"xid":4711,"data"'],
  ])('%o has commit where others have their offset', (options, usual) => {
    const made = encoder(options);
    const text = written((out) => made.value(message('insert', { after: image(5, 1), event: COMMIT, offset: 2 }), out));
    const { from = 0, to = 0, instead } = made.lastRow ?? {};
    expect(text).toContain(usual);
    expect(`${text.slice(0, from)}${String(instead)}${text.slice(to)}`).toBe('{"database":"shop","table":"t","type":"insert","ts":1795447511,"xid":4711,"commit":true,"data":{"a\\"":5,"id":1}}');
  });
});

describe('keys', () => {
  const key = (options: Partial<MaxwellOptions>): string => written((out) => encoder(options).key(image(5, 1), out));

  it('are a hash or an array', () => {
    expect(key({})).toBe('{"database":"shop","table":"t","pk.id":1}');
    expect(key({ keyFormat: 'array' })).toBe('["shop","t",[{"id":1}]]');
  });

  it('of a table without a key are the same for a row that is told again, and no two rows have one', () => {
    const made = encoder({}, KEYLESS);
    const of = (row: number): string => written((out) => made.keyless?.(message('insert', { after: image(5, 1), row }), out));
    expect(of(2)).toMatch(/^\{"database":"shop","table":"t","_uuid":"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}$/);
    expect(of(2)).toBe(of(2));
    expect(of(3)).not.toBe(of(2));
    expect(written((out) => encoder({ keyFormat: 'array' }, KEYLESS).keyless?.(message('insert', { after: image(5, 1) }), out))).toBe('["shop","t",[]]');
  });
});

describe('names', () => {
  it.each([
    ['first_name', 'firstName'],
    ['_age_', 'age'],
    ['_parent_id', 'parentId'],
    ['__grand_parent_id', 'grandParentId'],
    ['_invalid_!chars', 'invalid!chars'],
    ['_____', '_____'],
    ['__123', '123'],
    ['odd_ҫot_lowercase', 'oddҪotLowercase'],
    ['a__b', 'a_b'],
    ['id', 'id'],
    ['stra_ße', 'straße'],
  ])('%s becomes %s', (name, camel) => {
    const columns = PROJECTION.columns.map((column) => ({ ...column, name: column.name === 'id' ? name : column.name }));
    expect(value({ naming: 'underscore_to_camelcase' }, {}, { ...PROJECTION, columns })).toContain(`"data":{"a\\"":5,${JSON.stringify(camel)}:1}}`);
  });

  it('change those of fields too, but not what keys and lists hold', () => {
    const key = PROJECTION.key.map((column) => ({ ...column, name: 'order_id' }));
    const text = value({ naming: 'underscore_to_camelcase', serverId: true, threadId: true, primaryKeys: true, primaryKeyColumns: true }, {}, { ...PROJECTION, key });
    expect(text).toContain('"serverId":3,"threadId":115,"primaryKey":[1],"primaryKeyColumns":["order_id"]');
  });
});
