import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { encodeDocument } from './json-encoder.ts';
import type { Node } from './json-encoder.ts';
import { column, hex, shown, withLength } from './support.ts';

const { codec } = column(TYPE.JSON, [4]);

function text(document: Buffer): string {
  return shown(codec, withLength(4, document), 'text');
}

/** MySQL's packed date or time: (whole << 24) + micros, little-endian. */
function packed(whole: bigint, micros: bigint, negative = false): Buffer {
  const bytes = Buffer.alloc(8);
  const value = (whole << 24n) + micros;
  bytes.writeBigInt64LE(negative ? -value : value);
  return bytes;
}

const moment = packed((((2026n * 13n + 1n) << 5n) | 2n) << 17n | (3n << 12n) | (4n << 6n) | 5n, 678901n);
const wholeSecond = packed((((2026n * 13n + 1n) << 5n) | 2n) << 17n | (3n << 12n) | (4n << 6n) | 5n, 0n);
const day = packed((((2026n * 13n + 1n) << 5n) | 2n) << 17n, 0n);
const clock = packed((10n << 12n) | (11n << 6n) | 12n, 500_000n);
const longest = packed((838n << 12n) | (59n << 6n) | 59n, 0n, true);
const decimal = hex('0a 03 80 00 00 0c 01 54');

describe('JSON', () => {
  it('as the server stored it', () => {
    const stored =
      '00 04 00 5b 00 20 00 01 00 21 00 01 00 22 00 03 00 25 00 03 00 00 28 00 02 36 00 0a 53 00 05 ff ff 61 62 62 69 67 6e 65 67 01 00 0e 00 0b 00 01 00 0c 0c 00 6b 01 76 05 00 1d 00 05 01 00 0b 13 00 0c 1b 00 04 00 00 04 01 00 00 00 00 00 00 00 04 40 01 78 ff ff ff ff ff ff ff ff';
    expect(text(hex(stored))).toBe('{"a": {"k": "v"}, "b": [1, 2.5, "x", null, true], "big": 18446744073709551615, "neg": -1}');
    expect(shown(codec, withLength(4, hex(stored)), 'inline')).toBe('{"a":{"k":"v"},"b":[1,2.5,"x",null,true],"big":18446744073709551615,"neg":-1}');
    expect(shown(codec, withLength(4, hex(stored)), 'compact-string')).toBe(
      '"{\\"a\\":{\\"k\\":\\"v\\"},\\"b\\":[1,2.5,\\"x\\",null,true],\\"big\\":18446744073709551615,\\"neg\\":-1}"',
    );
    expect(shown(codec, withLength(4, hex(stored)), 'string')).toBe(
      '"{\\"a\\": {\\"k\\": \\"v\\"}, \\"b\\": [1, 2.5, \\"x\\", null, true], \\"big\\": 18446744073709551615, \\"neg\\": -1}"',
    );
    expect(codec.read(withLength(4, hex(stored)), 0)).toBe('{"a": {"k": "v"}, "b": [1, 2.5, "x", null, true], "big": 18446744073709551615, "neg": -1}');
  });

  it.each<[string, Node]>([
    ['null', null],
    ['true', true],
    ['false', false],
    ['[]', []],
    ['{}', { object: [] }],
    ['"str"', 'str'],
    ['-32768', { int16: -32768 }],
    ['65535', { uint16: 65535 }],
    ['-2147483648', { int32: -2147483648 }],
    ['4294967295', { uint32: 4294967295 }],
    ['-9223372036854775808', { int64: -9223372036854775808n }],
    ['18446744073709551615', { uint64: 18446744073709551615n }],
    ['"a\\"b\\\\c/d\\n\\t\\b\\f\\r\\u0001\\u001f\x7f"', 'a"b\\c/d\n\t\b\f\r\u0001\u001f\x7f'],
    ['{"q\\"uo": "ü€😀"}', { object: [['q"uo', 'ü€😀']] }],
    ['[[[1]], {"a": {"b": []}}]', [[[{ int16: 1 }]], { object: [['a', { object: [['b', []]] }]] }]],
  ])('%s', (expected, node) => {
    expect(text(encodeDocument(node))).toBe(expected);
    expect(text(encodeDocument(node, true))).toBe(expected);
  });

  it.each([
    [1e10, '10000000000.0'], [1e14, '100000000000000.0'], [1e15, '1e15'], [123456789012345, '123456789012345.0'], [1.5e16, '1.5e16'], [1e300, '1e300'],
    [1.7976931348623157e308, '1.7976931348623157e308'], [5e-324, '5e-324'], [0.1, '0.1'], [1e-5, '0.00001'], [0.00001234, '0.00001234'], [-1e-7, '-0.0000001'],
    [1e-15, '0.000000000000001'], [1.5e-15, '0.0000000000000015'], [1e-16, '1e-16'], [1.234e-16, '1.234e-16'], [0, '0.0'], [-0, '-0.0'], [100, '100.0'],
    [12345678901234567890.5, '1.2345678901234567e19'], [123456789.123456789, '123456789.12345679'],
    [3098595963677577.5, '3098595963677577.5'], [-1234567890123456.2, '-1234567890123456.2'], [1e21, '1e21'], [1e20, '1e20'], [9007199254740991, '9.007199254740991e15'], [2147483648, '2147483648.0'],
  ])('the double %d is %s', (value, expected) => {
    expect(text(encodeDocument({ double: value }))).toBe(expected);
  });

  it.each([
    [1e10, '10000000000'], [1e21, '1000000000000000000000'], [2.5, '2.5'], [1, '1.0'], [-0, '-0.0'], [0.1, '0.1'], [9999999, '9999999.0'],
  ])('the double %d is %s as Debezium prints it', (value, expected) => {
    expect(shown(codec, withLength(4, encodeDocument({ double: value })), 'compact-string')).toBe(`"${expected}"`);
  });

  it.each([
    [TYPE.NEWDECIMAL, decimal, '12.340', '12.340'],
    [TYPE.DATE, day, '"2026-01-02"', '"2026-01-02"'],
    [TYPE.TIME, clock, '"10:11:12.500000"', '"10:11:12.5"'],
    [TYPE.TIME, longest, '"-838:59:59.000000"', '"-838:59:59"'],
    [TYPE.DATETIME, moment, '"2026-01-02 03:04:05.678901"', '"2026-01-02 03:04:05.678901"'],
    [TYPE.DATETIME, wholeSecond, '"2026-01-02 03:04:05.000000"', '"2026-01-02 03:04:05"'],
    [TYPE.TIMESTAMP, moment, '"2026-01-02 03:04:05.678901"', '"2026-01-02 03:04:05.678901"'],
    [TYPE.VARCHAR, Buffer.from('abc'), '"base64:type15:YWJj"', '"YWJj"'],
    [TYPE.BIT, hex('05'), '"base64:type16:BQ=="', '"BQ=="'],
    [TYPE.BLOB, Buffer.alloc(58, 'x'), `"base64:type252:${'eHh4'.repeat(19)}\\neA=="`, `"${'eHh4'.repeat(19)}eA=="`],
  ])('a value of type %i is %s', (type, bytes, server, debezium) => {
    const document = encodeDocument({ opaque: type, bytes });
    expect(text(document)).toBe(server);
    expect(shown(codec, withLength(4, document), 'inline')).toBe(server);
    expect(JSON.parse(shown(codec, withLength(4, document), 'compact-string'))).toBe(debezium);
    expect(text(encodeDocument([{ opaque: type, bytes }, { opaque: type, bytes }], true))).toBe(`[${server}, ${server}]`);
  });

  it.each([127, 128, 16_383, 16_384])('a string of %i bytes', (size) => {
    expect(codec.read(withLength(4, encodeDocument('k'.repeat(size))), 0)).toBe(`"${'k'.repeat(size)}"`);
  });

  it('an empty document is null', () => {
    expect(text(Buffer.alloc(0))).toBe('null');
    expect(shown(codec, hex('00 00 00 00'), 'compact-string')).toBe('"null"');
  });

  it('nests a hundred deep and no deeper', () => {
    let node: Node = [];
    for (let i = 1; i < 100; i++) node = [node];
    expect(text(encodeDocument(node))).toBe('['.repeat(100) + ']'.repeat(100));
    expect(() => text(encodeDocument([node]))).toThrow('nested too deep');
  });
});

describe('a damaged JSON document', () => {
  it.each([
    ['0d', 'unknown type 13'],
    ['04 03', 'unknown literal'],
    ['05 01', 'cut off'],
    ['0b 00 00', 'cut off'],
    ['0c', 'length that is cut off'],
    ['0c 85 80 80 80 80 80', 'length that is cut off'],
    ['0c 05 61', 'string that is cut off'],
    ['0c 01 ff', 'no valid UTF-8'],
    ['0f fc 05 61', 'opaque value that is cut off'],
    ['0f f6 01 0a', 'impossible size'],
    ['0f f6 02 03 05', 'impossible size'],
    ['0f f6 03 0a 02 80', 'decimal that is cut off'],
    ['0f 0a 04 00 00 00 00', 'date or time that is cut off'],
    ['02 01', 'cut off'],
    ['02 01 00 20 00 05 01 00', 'larger than its place'],
    ['02 ff ff 07 00 05 01 00', 'larger than its place'],
    ['02 01 00 07 00 02 00 00', 'outside its container'],
    ['02 01 00 07 00 02 07 00', 'outside its container'],
    ['00 01 00 0b 00 0b 00 02 00 04 00 00', 'a key outside its object'],
  ])('%s is refused: %s', (bytes, message) => {
    expect(() => text(hex(bytes))).toThrow(message);
    expect(() => text(hex(bytes))).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }));
  });

  it('whose entries share one value ends soon', () => {
    const levels = 40;
    const entries = 50;
    const header = 4 + entries * 3;
    const parts = Array.from({ length: levels }, (_, i) => {
      const part = Buffer.alloc(header);
      part.writeUInt16LE(entries, 0);
      part.writeUInt16LE(header * (levels - i), 2);
      for (let j = 0; j < entries; j++) {
        part[4 + j * 3] = i + 1 < levels ? 2 : 4;
        part.writeUInt16LE(i + 1 < levels ? header : 0, 5 + j * 3);
      }
      return part;
    });
    expect(() => text(Buffer.concat([Buffer.of(2), ...parts]))).toThrow('larger than its place');
  });
});
