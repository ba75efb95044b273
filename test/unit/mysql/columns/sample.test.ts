import { describe, expect, it } from 'vitest';
import { describeColumn } from '../../../../src/mysql/columns/describe.ts';
import type { ColumnDescription } from '../../../../src/mysql/columns/description.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { sampleValue } from '../../../../src/mysql/columns/sample.ts';
import { shown } from './support.ts';

function description(typeCode: number, meta: readonly number[] = [], more: Partial<ColumnDescription> = {}): ColumnDescription {
  return { name: 'c', typeCode, meta: (meta[0] ?? 0) | ((meta[1] ?? 0) << 8), unsigned: null, charset: null, labels: null, geometry: null, dimensions: null, declared: null, ...more };
}

/** The sample as text; the codec's `skip` and its writer must both end where the sample ends. */
function text(column: ColumnDescription): string {
  return shown(describeColumn(column).codec, sampleValue(column), 'text');
}

/** What the codec reads of the sample that lies between other bytes. */
function value(column: ColumnDescription): unknown {
  return describeColumn(column).codec.read(Buffer.concat([Buffer.from([9, 9]), sampleValue(column), Buffer.from([7, 7])]), 2);
}

const utf8 = { charset: 'utf8mb4' };
const bytes = { charset: 'binary' };

describe('sample values', () => {
  it.each([
    ['tinyint', TYPE.TINY, { unsigned: false }],
    ['smallint', TYPE.SHORT, { unsigned: false }],
    ['mediumint unsigned', TYPE.INT24, { unsigned: true }],
    ['int', TYPE.LONG, { unsigned: false }],
    ['bigint unsigned', TYPE.LONGLONG, { unsigned: true }],
  ])('%s is 1', (_name, code, more) => {
    expect(text(description(code, [], more))).toBe('1');
    expect(value(description(code, [], more))).toBe(1n);
  });

  it.each([
    [[12, 2], '12.50'],
    [[3, 2], '1.50'],
    [[2, 2], '0.50'],
    [[1, 0], '1'],
    [[5, 0], '12'],
    [[65, 30], '12.500000000000000000000000000000'],
    [[20, 10], '12.5000000000'],
    [[19, 9], '12.500000000'],
  ])('decimal(%j) is %s', (meta, literal) => {
    expect(text(description(TYPE.NEWDECIMAL, meta))).toBe(literal);
  });

  it('decimals read back exactly', () => {
    expect(value(description(TYPE.NEWDECIMAL, [12, 2]))).toEqual({ unscaled: 1250n, scale: 2 });
  });

  it('floating point numbers are 1.5', () => {
    expect(value(description(TYPE.FLOAT, [4]))).toBe(1.5);
    expect(value(description(TYPE.DOUBLE, [8]))).toBe(1.5);
  });

  it.each([[[1, 0]], [[1, 1]], [[0, 8]]])('bits %j are 1', (meta) => {
    expect(value(description(TYPE.BIT, meta))).toBe(1n);
    expect(text(description(TYPE.BIT, meta))).toBe('1');
  });

  it.each([
    ['year', TYPE.YEAR, 0, null, '2026'],
    ['date', TYPE.DATE, 0, null, '2026-01-02'],
    ['time', TYPE.TIME2, 0, null, '12:34:56'],
    ['time(1)', TYPE.TIME2, 1, null, '12:34:56.0'],
    ['time(6)', TYPE.TIME2, 6, null, '12:34:56.000000'],
    ['datetime', TYPE.DATETIME2, 0, null, '2026-01-02 03:04:05'],
    ['datetime(3)', TYPE.DATETIME2, 3, null, '2026-01-02 03:04:05.000'],
    ['datetime(6)', TYPE.DATETIME2, 6, null, '2026-01-02 03:04:05.000000'],
    ['timestamp', TYPE.TIMESTAMP2, 0, null, '2026-01-02 03:04:05'],
    ['timestamp(5)', TYPE.TIMESTAMP2, 5, null, '2026-01-02 03:04:05.00000'],
    ['an old time', TYPE.TIME, 0, null, '12:34:56'],
    ['an old datetime', TYPE.DATETIME, 0, null, '2026-01-02 03:04:05'],
    ['an old timestamp', TYPE.TIMESTAMP, 0, null, '2026-01-02 03:04:05'],
    ['MariaDB’s old time(2)', TYPE.TIME, 0, 'time(2)', '12:34:56.00'],
    ['MariaDB’s old datetime(6)', TYPE.DATETIME, 0, 'datetime(6)', '2026-01-02 03:04:05.000000'],
    ['MariaDB’s old timestamp(3)', TYPE.TIMESTAMP, 0, 'timestamp(3)', '2026-01-02 03:04:05.000'],
  ])('%s', (_name, code, meta, declared, literal) => {
    expect(text(description(code, [meta], { declared }))).toBe(literal);
  });

  it('dates and times are the instant they show', () => {
    expect(value(description(TYPE.TIMESTAMP2, [3]))).toEqual({ text: '2026-01-02 03:04:05.000', micros: 1_767_323_045_000_000n });
    expect(value(description(TYPE.DATE))).toEqual({ text: '2026-01-02', micros: 1_767_312_000_000_000n });
  });

  it.each([
    ['varchar(50)', TYPE.VARCHAR, [200, 0], 'utf8mb4', 'abc'],
    ['varchar(255)', TYPE.VARCHAR, [0xfc, 3], 'utf8mb4', 'abc'],
    ['char(2)', TYPE.STRING, [TYPE.STRING, 2], 'latin1', 'ab'],
    ['char(0)', TYPE.STRING, [TYPE.STRING, 0], 'latin1', ''],
    ['char(255)', TYPE.STRING, [TYPE.STRING ^ 0x30, 0xfc], 'utf8mb4', 'abc'],
    ['tinytext', TYPE.BLOB, [1], 'latin1', 'abc'],
    ['longtext', TYPE.BLOB, [4], 'utf8mb4', 'abc'],
    ['utf16', TYPE.VARCHAR, [40, 0], 'utf16', 'abc'],
    ['utf16, one character', TYPE.VARCHAR, [2, 0], 'utf16', 'a'],
    ['utf16le', TYPE.VARCHAR, [40, 0], 'utf16le', 'abc'],
    ['utf32', TYPE.VARCHAR, [40, 0], 'utf32', 'abc'],
    ['ucs2', TYPE.VARCHAR, [40, 0], 'ucs2', 'abc'],
    ['gbk', TYPE.VARCHAR, [40, 0], 'gbk', 'abc'],
    ['compressed varchar', TYPE.VARCHAR_COMPRESSED, [41, 0], 'utf8mb4', 'abc'],
    ['compressed text', TYPE.BLOB_COMPRESSED, [2], 'utf8mb4', 'abc'],
  ])('text: %s', (_name, code, meta, charset, literal) => {
    expect(value(description(code, meta, { charset }))).toBe(literal);
    expect(text(description(code, meta, { charset }))).toBe(literal);
  });

  it.each([
    ['varbinary(20)', TYPE.VARCHAR, [20, 0], [1, 2, 3]],
    ['binary(6)', TYPE.STRING, [TYPE.STRING, 6], [1, 2, 3, 0, 0, 0]],
    ['binary(2)', TYPE.STRING, [TYPE.STRING, 2], [1, 2]],
    ['blob', TYPE.BLOB, [2], [1, 2, 3]],
    ['compressed blob', TYPE.BLOB_COMPRESSED, [2], [1, 2, 3]],
  ])('bytes: %s', (_name, code, meta, literal) => {
    expect(value(description(code, meta, bytes))).toEqual(Uint8Array.from(literal));
    expect(shown(describeColumn(description(code, meta, bytes)).codec, sampleValue(description(code, meta, bytes)), 'hex')).toBe(`"${Buffer.from(literal).toString('hex')}"`);
  });

  it('ENUM and SET have their first label', () => {
    const labels = ['small', 'medium'];
    expect(value(description(TYPE.STRING, [TYPE.ENUM, 1], { ...utf8, labels }))).toBe('small');
    expect(value(description(TYPE.STRING, [TYPE.ENUM, 2], { ...utf8, labels }))).toBe('small');
    expect(value(description(TYPE.STRING, [TYPE.SET, 8], { ...utf8, labels }))).toEqual(['small']);
    expect(value(description(TYPE.STRING, [TYPE.SET, 1], { ...utf8, labels: [] }))).toEqual([]);
  });

  it('JSON is a small document', () => {
    expect(text(description(TYPE.JSON, [4]))).toBe('{"a": 1}');
  });

  it.each([
    ['point', 'AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAEQA=='],
    ['geometry', 'AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAEQA=='],
    ['linestring', 'AAAAAAECAAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADwPwAAAAAAAPA/'],
  ])('geometry: %s', (declared, base64) => {
    const column = description(TYPE.GEOMETRY, [4], { declared });
    expect(shown(describeColumn(column).codec, sampleValue(column), 'base64')).toBe(JSON.stringify(base64));
  });

  it('a point is a point to Debezium', () => {
    const column = description(TYPE.GEOMETRY, [4], { declared: 'point' });
    expect(shown(describeColumn(column).codec, sampleValue(column), 'geometry-struct')).toBe('{"x":1.0,"y":2.5,"wkb":"AQEAAAAAAAAAAADwPwAAAAAAAARA","srid":null}');
  });

  it.each([
    ['polygon', 3, 4 + 5 + 4 + 4 + 64],
    ['multipoint', 4, 4 + 5 + 4 + 21],
    ['multilinestring', 5, 4 + 5 + 4 + 41],
    ['multipolygon', 6, 4 + 5 + 4 + 77],
    ['geometrycollection', 7, 4 + 5 + 4 + 21],
  ])('%s has its type and its length', (declared, type, length) => {
    const read = value(description(TYPE.GEOMETRY, [4], { declared }));
    expect(read).toBeInstanceOf(Uint8Array);
    expect(Array.from(read as Uint8Array).slice(0, 9)).toEqual([0, 0, 0, 0, 1, type, 0, 0, 0]);
    expect((read as Uint8Array).length).toBe(length);
  });

  it('vectors show three numbers at most', () => {
    expect(text(description(TYPE.VECTOR, [4], { dimensions: 2 }))).toBe('[1.5,2.5]');
    expect(text(description(TYPE.VECTOR, [4], { dimensions: 2048 }))).toBe('[1.5,2.5,3.5]');
    expect(text(description(TYPE.VARCHAR, [16, 0], { declared: 'vector(4)' }))).toBe('[1.5,2.5,3.5]');
  });

  it.each([
    ['uuid', 16, 'f47ac10b-58cc-4372-a567-0e02b2c3d479'],
    ['inet6', 16, '2001:db8::1'],
    ['inet4', 4, '192.0.2.1'],
  ])('MariaDB’s %s', (declared, size, literal) => {
    expect(text(description(TYPE.STRING, [TYPE.STRING, size], { declared }))).toBe(literal);
  });

  it('a type that is not known is refused', () => {
    expect(() => sampleValue(description(200))).toThrow(expect.objectContaining({ code: 'EVENT_UNSUPPORTED' }));
  });
});
