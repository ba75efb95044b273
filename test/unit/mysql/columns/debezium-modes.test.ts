import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, hex, shown, withLength } from './support.ts';

/** What Debezium 3.6 shows of the same values in its modes, where the test of the type itself does not say it. */
describe('DATE as an ISO date', () => {
  const { codec } = column(TYPE.DATE);

  it.each([
    ['77 d5 0f', '"2026-11-23Z"'],
    ['21 d0 07', '"1000-01-01Z"'],
    ['9f 1f 4e', '"9999-12-31Z"'],
  ])('%s is %s', (bytes, text) => {
    expect(shown(codec, hex(bytes), 'iso-short')).toBe(text);
  });

  it('leaves what is no day to the policy', () => {
    expect([shown(codec, hex('00 d0 0f'), 'iso-short', 'null'), shown(codec, hex('00 d0 0f'), 'iso-short', 'epoch'), shown(codec, hex('00 d0 0f'), 'iso-short', 'string')]).toEqual(['null', '"1970-01-01Z"', '"2024-00-00"']);
  });
});

describe('TIME', () => {
  it.each([
    [0, '80 c8 b8', '"12:34:56Z"', '45296000', '45296000000000'],
    [0, '80 00 00', '"00:00:00Z"', '0', '0'],
    [0, '4b 91 05', '"-838:59:59Z"', '-3020399000', '-3020399000000000'],
    [1, '7f ff ff f6', '"-00:00:00.1Z"', '-100', '-100000000'],
    [3, '80 c8 b8 1e d2', '"12:34:56.789Z"', '45296789', '45296789000000'],
    [6, '80 c8 b8 0c 0a 14', '"12:34:56.789012Z"', '45296789', '45296789012000'],
    [6, '7f ff ff ff ff ff', '"-00:00:00.000001Z"', '0', '-1000'],
    [6, '7f ff fe 00 00 00', '"-00:00:02Z"', '-2000', '-2000000000'],
    [6, '80 00 00 00 00 00', '"00:00:00Z"', '0', '0'],
  ])('(%i) %s is %s, %s ms, %s ns', (fraction, bytes, iso, millis, nanos) => {
    const { codec } = column(TYPE.TIME2, [fraction]);
    expect([shown(codec, hex(bytes), 'iso-short'), shown(codec, hex(bytes), 'time-millis'), shown(codec, hex(bytes), 'time-nanos')]).toEqual([iso, millis, nanos]);
  });
});

describe('TIME of a day', () => {
  const { codec } = column(TYPE.TIME2, [3]);

  it('is told in milliseconds', () => {
    expect([shown(codec, hex('80 c8 b8 1e d2'), 'day-millis'), shown(codec, hex('81 7e fb 27 06'), 'day-millis')]).toEqual(['45296789', '86399999']);
  });

  it.each([['81 80 00 00 00'], ['7f ff ff ff f6'], ['b4 6e fa 27 06'], ['81 7f 00 00 00'], ['81 7e fb ff ff']])('%s stops the daemon, as no reader of Kafka Connect takes it', (bytes) => {
    expect(() => shown(codec, hex(bytes), 'day-millis')).toThrow('no time of day');
  });
});

/** DATETIME(6) of year, month, day, hour, minute, second, microseconds. */
function datetime(...[year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0]: number[]): Buffer {
  const packed = (1n << 39n) | (BigInt(year * 13 + month) << 22n) | BigInt((day << 17) | (hour << 12) | (minute << 6) | second);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(packed << 24n | BigInt(micros));
  return bytes;
}

describe('DATETIME(6)', () => {
  const { codec } = column(TYPE.DATETIME2, [6]);

  it.each([
    [[2026, 11, 23, 12, 34, 56, 789_012], '"2026-11-23T12:34:56.789012Z"', '1795437296789012000'],
    [[2026, 11, 23, 12, 34, 56, 500_000], '"2026-11-23T12:34:56.5Z"', '1795437296500000000'],
    [[1970, 1, 1, 0, 0, 0, 0], '"1970-01-01T00:00:00Z"', '0'],
    [[1970, 1, 1, 0, 0, 0, 1], '"1970-01-01T00:00:00.000001Z"', '1000'],
    [[1969, 12, 31, 23, 59, 59, 999_999], '"1969-12-31T23:59:59.999999Z"', '-1000'],
    [[2262, 4, 11, 23, 47, 16, 854_775], '"2262-04-11T23:47:16.854775Z"', '9223372036854775000'],
    [[1677, 9, 21, 0, 12, 43, 145_225], '"1677-09-21T00:12:43.145225Z"', '-9223372036854775000'],
  ])('%j is %s, %s ns', (parts, iso, nanos) => {
    expect([shown(codec, datetime(...parts), 'iso-short'), shown(codec, datetime(...parts), 'epoch-nanos')]).toEqual([iso, nanos]);
  });

  it.each([[[2262, 4, 11, 23, 47, 16, 854_776]], [[1677, 9, 21, 0, 12, 43, 145_224]], [[9999, 12, 31, 0, 0, 0, 0]]])('%j has no nanoseconds in 64 bits, which stops the daemon', (parts) => {
    expect(() => shown(codec, datetime(...parts), 'epoch-nanos')).toThrow('no 64-bit number of nanoseconds');
  });

  it('leaves zero dates to the policy', () => {
    const zero = datetime(0);
    expect([shown(codec, zero, 'epoch-nanos', 'null'), shown(codec, zero, 'epoch-nanos', 'epoch'), shown(codec, zero, 'iso-short', 'epoch')]).toEqual(['null', '0', '"1970-01-01T00:00:00Z"']);
  });
});

describe('binary types', () => {
  const { codec } = column(TYPE.BLOB, [2], { charset: 'binary' });

  it.each([
    ['fb ff', '"-_8="'],
    ['ff fe fd', '"__79"'],
    ['01 02 03 04', '"AQIDBA=="'],
    ['', '""'],
  ])('%s for URLs is %s', (bytes, text) => {
    expect(shown(codec, withLength(2, hex(bytes)), 'base64-url')).toBe(text);
  });

  it('writes long values for URLs as Node does, with padding', () => {
    const long = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7 + 251) & 255));
    const wanted = long.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    expect(shown(codec, withLength(2, long), 'base64-url')).toBe(`"${wanted}"`);
  });
});

describe('BIGINT as an unscaled number', () => {
  it.each([
    [true, 0n, 'AA=='],
    [true, 5n, 'BQ=='],
    [true, 128n, 'AIA='],
    [true, 9_223_372_036_854_775_807n, 'f/////////8='],
    [true, 9_223_372_036_854_775_808n, 'AIAAAAAAAAAA'],
    [true, 18_446_744_073_709_551_615n, 'AP//////////'],
    [false, -1n, '/w=='],
    [false, -128n, 'gA=='],
    [false, -129n, '/38='],
    [false, -9_223_372_036_854_775_808n, 'gAAAAAAAAAA='],
    [false, 9_223_372_036_854_775_807n, 'f/////////8='],
  ])('unsigned %s: %s is %s', (unsigned, value, base64) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    expect(shown(column(TYPE.LONGLONG, [], { unsigned }).codec, bytes, 'base64-unscaled')).toBe(`"${base64}"`);
  });
});

describe('DECIMAL as a double', () => {
  it.each([
    [10, 2, '80 00 00 0c 32', '12.5'],
    [10, 2, '7f ff ff f3 cd', '-12.5'],
    [10, 2, '80 00 00 00 00', '0.0'],
    [10, 2, '85 f5 e0 ff 63', '99999999.99'],
    [38, 0, 'e3 3b 9a c9 ff 3b 9a c9 ff 3b 9a c9 ff 3b 9a c9 ff', '1e38'],
  ])('(%i,%i) %s is %s', (precision, scale, bytes, text) => {
    expect(shown(column(TYPE.NEWDECIMAL, [precision, scale]).codec, hex(bytes), 'float-number')).toBe(text);
  });
});
