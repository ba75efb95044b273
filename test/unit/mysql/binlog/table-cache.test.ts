import { describe, expect, it } from 'vitest';
import type { TableVersion } from '../../../../src/core/table.ts';
import { TableCache, type MappedTable } from '../../../../src/mysql/binlog/table-cache.ts';
import { readTableMap } from '../../../../src/mysql/binlog/table-map.ts';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { descriptionEvent, record, tableMapEvent, writeRowsEvent } from './support.ts';

function mapped(content: string): MappedTable {
  const version: TableVersion = { database: 'fix', name: 't', columns: [], primaryKey: [], captured: true };
  return { body: Buffer.from(content), version, count: 0 };
}

describe('tables that were mapped', () => {
  it('are found again by content, whatever their id', () => {
    const cache = new TableCache();
    const one = mapped('one');
    cache.keep('fix.t', one);
    cache.assign(1, one);
    const bytes = Buffer.from('..one..');
    expect(cache.same(1, bytes, 2, 5)).toBe(true);
    expect(cache.same(2, bytes, 2, 5)).toBe(false);
    expect(cache.same(1, bytes, 2, 6)).toBe(false);
    expect(cache.find('fix.t', bytes, 2, 5)).toBe(one);
    expect(cache.find('fix.u', bytes, 2, 5)).toBeUndefined();
  });

  it('are kept in four versions each', () => {
    const cache = new TableCache();
    const versions = ['1', '2', '3', '4', '5'].map(mapped);
    for (const one of versions) cache.keep('fix.t', one);
    expect(versions.map((one) => cache.find('fix.t', one.body, 0, 1) === one)).toEqual([false, true, true, true, true]);
  });

  it('are kept for 20000 ids and names, and the oldest go', () => {
    const cache = new TableCache();
    const one = mapped('one');
    for (let id = 0; id < 20_001; id++) {
      cache.assign(id, one);
      cache.keep(`fix.t${id}`, one);
    }
    expect(cache.byId(0)).toBeUndefined();
    expect(cache.byId(1)).toBe(one);
    expect(cache.find('fix.t0', one.body, 0, 3)).toBeUndefined();
    expect(cache.find('fix.t1', one.body, 0, 3)).toBe(one);
  });

  it('are forgotten under every id when the table changes, and all ids with the server', () => {
    const cache = new TableCache();
    const [one, other] = [mapped('one'), mapped('other')];
    cache.keep('fix.t', one);
    cache.keep('fix.u', other);
    [1, 2].forEach((id) => { cache.assign(id, one); });
    cache.assign(3, other);
    cache.forget('fix.t');
    expect([1, 2, 3].map((id) => cache.byId(id))).toEqual([undefined, undefined, other]);
    cache.forgetIds();
    expect(cache.byId(3)).toBeUndefined();
    expect(cache.find('fix.u', other.body, 0, 5)).toBe(other);
  });

  it('are one object for the handler, 10000 ids long', () => {
    const run = record();
    const send = (bytes: Buffer): void => void run.decoder.event(bytes, 0, bytes.length);
    send(descriptionEvent());
    for (let id = 1; id <= 10_000; id++) send(tableMapEvent(id));
    send(writeRowsEvent(1, [7]));
    send(writeRowsEvent(10_000, [8]));
    expect(run.tables).toHaveLength(1);
    expect(run.calls.filter((call) => call.startsWith('insert')).map((call) => call.replace(/ at \d+/u, ''))).toEqual(['insert t: [7]', 'insert t: [8]']);
  });
});

describe('TABLE_MAP events', () => {
  const read = (types: string, metadata: string) => () => {
    const count = types.length / 2;
    const bytes = Buffer.from(`0100 03666978 00 0174 00 ${count.toString(16).padStart(2, '0')} ${types} ${(metadata.length / 2).toString(16).padStart(2, '0')} ${metadata} 00`.replace(/\s/gu, ''), 'hex');
    return readTableMap(new Cursor(bytes, 0, bytes.length)).metas;
  };

  it('tell the metadata of each column', () => {
    expect(read('030f12f6', '5000060a02')()).toEqual([0, 80, 6, 522]);
  });

  it('with a type that is not known tell none', () => {
    expect(read('03f0', '00')()).toBeNull();
  });

  it.each([
    ['0f', '50', 'the column metadata is too short for its types'],
    ['03', '50', 'the column metadata is longer than its types need'],
    ['12', '07', 'a column of type 18 cannot have the metadata 7'],
    ['f6', '0203', 'a column of type 246 cannot have the metadata 770'],
    ['f6', '4200', 'a column of type 246 cannot have the metadata 66'],
  ])('of types %s with metadata %s are refused', (types, metadata, message) => {
    expect(read(types, metadata)).toThrow(message);
  });
});
