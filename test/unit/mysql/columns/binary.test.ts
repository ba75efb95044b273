import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, hex, shown, shownBytes, withLength } from './support.ts';

const binary = { charset: 'binary' };

describe('VARBINARY and BLOB', () => {
  it.each([
    [TYPE.VARCHAR, [20, 0], 1, 'varbinary(20)'],
    [TYPE.VARCHAR, [0x2c, 1], 2, 'varbinary(300)'],
    [TYPE.BLOB, [1], 1, 'tinyblob'],
    [TYPE.BLOB, [2], 2, 'blob'],
    [TYPE.BLOB, [3], 3, 'mediumblob'],
    [TYPE.BLOB, [4], 4, 'longblob'],
  ])('type %i with metadata %o has a length of %i bytes: %s', (code, meta, prefix, sqlType) => {
    const described = column(code, meta, binary);
    const bytes = withLength(prefix, hex('00 ff 10'));
    expect(described.sqlType).toBe(sqlType);
    expect(shown(described.codec, bytes, 'base64')).toBe('"AP8Q"');
    expect(shown(described.codec, bytes, 'hex')).toBe('"00ff10"');
    expect(shownBytes(described.codec, bytes, 'text')).toEqual(hex('00 ff 10'));
    expect(described.codec.read(bytes, 0)).toEqual(Uint8Array.of(0, 255, 16));
    expect(described.codec.writer('string', 'null')).toBeUndefined();
  });

  it.each([0, 1, 2, 3, 4, 5, 1023, 1024, 1025, 5000])('base64 of %i bytes', (size) => {
    const value = randomBytes(size);
    expect(shown(column(TYPE.BLOB, [2], binary).codec, withLength(2, value), 'base64')).toBe(`"${value.toString('base64')}"`);
  });

  it('hands out a copy that the next event does not change', () => {
    const bytes = withLength(1, hex('01 02'));
    const value = column(TYPE.BLOB, [1], binary).codec.read(bytes, 0);
    bytes.fill(9);
    expect(value).toEqual(Uint8Array.of(1, 2));
  });
});

describe('BINARY', () => {
  const { codec, sqlType, type } = column(TYPE.STRING, [0xfe, 6], binary);

  it.each([
    ['02 01 02', '010200000000', 'AQIAAAAA'],
    ['01 20', '200000000000', 'IAAAAAAA'],
    ['00', '000000000000', 'AAAAAAAA'],
    ['06 01 02 03 04 05 06', '010203040506', 'AQIDBAUG'],
  ])('%s is padded: %s', (bytes, whole, base64) => {
    expect(shown(codec, hex(bytes), 'hex')).toBe(`"${whole}"`);
    expect(shown(codec, hex(bytes), 'base64')).toBe(`"${base64}"`);
    expect(shownBytes(codec, hex(bytes), 'text')).toEqual(hex(whole));
    expect(codec.read(hex(bytes), 0)).toEqual(new Uint8Array(hex(whole)));
  });

  it('is of fixed length', () => {
    expect(sqlType).toBe('binary(6)');
    expect(type).toEqual({ family: 'binary', fixed: true, maxBytes: 6 });
  });
});

describe('geometry', () => {
  const point = '19 00 00 00 e6 10 00 00 01 01 00 00 00 00 00 00 00 00 00 34 40 00 00 00 00 00 00 24 40';
  const plane = '19 00 00 00 00 00 00 00 01 01 00 00 00 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 04 40';
  const line = '2d 00 00 00 00 00 00 00 01 02 00 00 00 02 00 00 00' + '00'.repeat(16) + '00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 f0 3f';

  it('a point shows its coordinates', () => {
    const { codec, sqlType } = column(TYPE.GEOMETRY, [4], { geometry: 1 });
    expect(sqlType).toBe('point');
    expect(shown(codec, hex(plane), 'geometry-struct')).toBe('{"x":1.0,"y":2.5,"wkb":"AQEAAAAAAAAAAADwPwAAAAAAAARA","srid":null}');
    expect(shown(codec, hex(point), 'geometry-struct')).toBe('{"x":20.0,"y":10.0,"wkb":"AQEAAAAAAAAAAAA0QAAAAAAAACRA","srid":4326}');
  });

  it('others do not', () => {
    const { codec, sqlType } = column(TYPE.GEOMETRY, [4], { geometry: 2 });
    expect(sqlType).toBe('linestring');
    expect(shown(codec, hex(line), 'geometry-struct')).toBe('{"wkb":"AQIAAAACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPA/AAAAAAAA8D8=","srid":null}');
    expect(shown(column(TYPE.GEOMETRY, [4]).codec, hex(plane), 'geometry-struct')).toBe('{"wkb":"AQEAAAAAAAAAAADwPwAAAAAAAARA","srid":null}');
  });

  it('keeps its SRID in the bytes', () => {
    const { codec } = column(TYPE.GEOMETRY, [4], { declared: 'point' });
    expect(shown(codec, hex(point), 'hex')).toBe('"e6100000010100000000000000000034400000000000002440"');
    expect(shownBytes(codec, hex(point), 'text')).toEqual(hex(point).subarray(4));
    expect(codec.read(hex(point), 0)).toEqual(new Uint8Array(hex(point).subarray(4)));
  });

  it('what is none is refused, and nothing is null', () => {
    const { codec } = column(TYPE.GEOMETRY, [4], { geometry: 1 });
    expect(shown(codec, hex('00 00 00 00'), 'geometry-struct')).toBe('null');
    expect(() => shown(codec, hex('02 00 00 00 01 02'), 'geometry-struct')).toThrow('no room for its SRID');
    expect(() => shown(codec, hex(line), 'geometry-struct')).toThrow('no point');
  });
});

describe("MariaDB's own types", () => {
  it.each([
    ['10 f4 7a c1 0b 58 cc 43 72 a5 67 0e 02 b2 c3 d4 79', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'],
    ['00', '00000000-0000-0000-0000-000000000000'],
    ['0f 12 3e 45 67 e8 9b 12 d3 a4 56 42 66 14 17 40', '123e4567-e89b-12d3-a456-426614174000'],
  ])('UUID %s is %s', (bytes, text) => {
    const { codec, type, sqlType } = column(TYPE.STRING, [0xfe, 16], { charset: 'binary', declared: 'uuid' });
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(codec.read(hex(bytes), 0)).toBe(text);
    expect([type.family, sqlType]).toEqual(['uuid', 'uuid']);
  });

  it.each([
    ['04 c0 00 02 01', '192.0.2.1'],
    ['03 01 02 03', '1.2.3.0'],
    ['00', '0.0.0.0'],
  ])('INET4 %s is %s', (bytes, text) => {
    expect(shown(column(TYPE.STRING, [0xfe, 4], { charset: 'binary', declared: 'inet4' }).codec, hex(bytes), 'string')).toBe(`"${text}"`);
  });

  it.each([
    ['10 20 01 0d b8 00 00 00 00 00 00 ff 00 00 42 83 29', '2001:db8::ff00:42:8329'],
    ['00', '::'],
    ['10 00 00 00 00 00 00 00 00 00 00 ff ff c0 00 02 01', '::ffff:192.0.2.1'],
    ['0c 00 00 00 00 00 00 00 00 00 00 ff ff', '::ffff:0.0.0.0'],
    ['10 00 00 00 00 00 00 00 00 00 00 00 00 c0 00 02 01', '::192.0.2.1'],
    ['10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01', '::1'],
    ['0e 00 00 00 00 00 00 00 00 00 00 00 00 00 01', '::0.1.0.0'],
    ['10 20 01 0d b8 00 00 00 01 00 01 00 01 00 01 00 01', '2001:db8::1:1:1:1:1'],
    ['10 00 01 00 00 00 00 00 02 00 00 00 00 00 00 00 03', '1:0:0:2::3'],
    ['0e 00 01 00 02 00 03 00 04 00 05 00 06 00 07', '1:2:3:4:5:6:7::'],
    ['02 00 01', '1::'],
    ['10 00 00 00 00 00 00 00 00 00 01 00 02 00 03 00 04', '::1:2:3:4'],
    ['10 00 00 00 01 00 00 00 01 00 00 00 01 00 00 00 01', '::1:0:1:0:1:0:1'],
    ['08 00 01 00 00 00 00 00 01', '1:0:0:1::'],
  ])('INET6 %s is %s', (bytes, text) => {
    expect(shown(column(TYPE.STRING, [0xfe, 16], { charset: 'binary', declared: 'inet6' }).codec, hex(bytes), 'text')).toBe(text);
  });
});

describe('COMPRESSED columns of MariaDB', () => {
  it.each([
    ['00 00', ''],
    ['04 00 00 61 62 63', 'abc'],
    ['0c 00 8a 01 2c 4b 4c 4a 4e 1c 45 c4 21 00', 'abc'.repeat(100)],
    ['12 00 82 01 2c 78 9c 4b 4c 4a 4e 1c 45 c4 21 00 88 4d 72 d9', 'abc'.repeat(100)],
  ])('%s', (bytes, text) => {
    const described = column(TYPE.VARCHAR_COMPRESSED, [0x91, 0x01], { charset: 'utf8mb4' });
    expect(described.sqlType).toBe('varchar(100)');
    expect(shown(described.codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(described.codec.read(hex(bytes), 0)).toBe(text);
    expect(shown(column(TYPE.BLOB_COMPRESSED, [2], binary).codec, hex(bytes), 'base64')).toBe(`"${Buffer.from(text).toString('base64')}"`);
    expect(column(TYPE.BLOB_COMPRESSED, [2], binary).codec.read(hex(bytes), 0)).toEqual(new Uint8Array(Buffer.from(text)));
  });

  it.each([
    ['03 00 91 01 41', 'method 0x91'],
    ['02 00 80 41', 'method 0x80'],
    ['0c 00 8a 01 2d 4b 4c 4a 4e 1c 45 c4 21 00', '300 bytes instead of 301'],
    ['0c 00 8a 01 2b 4b 4c 4a 4e 1c 45 c4 21 00', 'cannot be uncompressed'],
    ['05 00 81 05 ff ff ff', 'cannot be uncompressed'],
  ])('damaged: %s', (bytes, message) => {
    expect(() => shown(column(TYPE.BLOB_COMPRESSED, [2], binary).codec, hex(bytes), 'hex')).toThrow(message);
  });
});
