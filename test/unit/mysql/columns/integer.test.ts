import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, hex, shown } from './support.ts';

const signed = { unsigned: false };
const unsigned = { unsigned: true };

describe('integers', () => {
  it.each([
    [TYPE.TINY, signed, '80', '-128'],
    [TYPE.TINY, signed, '7f', '127'],
    [TYPE.TINY, unsigned, 'ff', '255'],
    [TYPE.SHORT, signed, '00 80', '-32768'],
    [TYPE.SHORT, unsigned, 'ff ff', '65535'],
    [TYPE.INT24, signed, '00 00 80', '-8388608'],
    [TYPE.INT24, signed, 'ff ff ff', '-1'],
    [TYPE.INT24, signed, 'ff ff 7f', '8388607'],
    [TYPE.INT24, unsigned, 'ff ff ff', '16777215'],
    [TYPE.LONG, signed, '00 00 00 80', '-2147483648'],
    [TYPE.LONG, signed, 'ff ff ff 7f', '2147483647'],
    [TYPE.LONG, unsigned, 'ff ff ff ff', '4294967295'],
    [TYPE.LONGLONG, signed, '00 00 00 00 00 00 00 80', '-9223372036854775808'],
    [TYPE.LONGLONG, signed, 'ff ff ff ff ff ff ff 7f', '9223372036854775807'],
    [TYPE.LONGLONG, signed, 'ff ff ff ff ff ff ff ff', '-1'],
    [TYPE.LONGLONG, signed, '00 00 00 00 ff ff ff ff', '-4294967296'],
    [TYPE.LONGLONG, signed, '01 00 00 00 00 00 e0 ff', '-9007199254740991'],
    [TYPE.LONGLONG, unsigned, '00 00 00 00 00 00 00 00', '0'],
    [TYPE.LONGLONG, unsigned, '00 00 00 00 01 00 00 00', '4294967296'],
    [TYPE.LONGLONG, unsigned, '00 ca 9a 3b 00 00 00 00', '1000000000'],
    [TYPE.LONGLONG, unsigned, '00 00 64 a7 b3 b6 e0 0d', '1000000000000000000'],
    [TYPE.LONGLONG, unsigned, 'ff ff ff ff ff ff ff ff', '18446744073709551615'],
  ])('type %i %o %s is %s', (code, sign, bytes, text) => {
    const { codec } = column(code, [], sign);
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'number')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(codec.read(hex(bytes), 0)).toBe(BigInt(text));
  });

  it.each([
    ['ff ff ff ff ff ff 1f 00', '9007199254740991', '"9007199254740992"', '00 00 00 00 00 00 20 00'],
    ['01 00 00 00 00 00 e0 ff', '-9007199254740991', '"-9007199254740992"', '00 00 00 00 00 00 e0 ff'],
  ])('a safe number ends at 2^53 - 1: %s', (last, number, string, next) => {
    const { codec } = column(TYPE.LONGLONG, [], signed);
    expect(shown(codec, hex(last), 'safe-number')).toBe(number);
    expect(shown(codec, hex(next), 'safe-number')).toBe(string);
  });

  it('a safe number of an unsigned one', () => {
    const { codec } = column(TYPE.LONGLONG, [], unsigned);
    expect(shown(codec, hex('ff ff ff ff ff ff 1f 00'), 'safe-number')).toBe('9007199254740991');
    expect(shown(codec, hex('00 00 00 00 00 00 20 00'), 'safe-number')).toBe('"9007199254740992"');
    expect(shown(codec, hex('ff ff ff ff ff ff ff ff'), 'safe-number')).toBe('"18446744073709551615"');
  });

  it('a signed number turns negative above 2^63 - 1', () => {
    const { codec } = column(TYPE.LONGLONG, [], unsigned);
    expect(shown(codec, hex('ff ff ff ff ff ff ff ff'), 'signed-number')).toBe('-1');
    expect(shown(codec, hex('ff ff ff ff ff ff ff 7f'), 'signed-number')).toBe('9223372036854775807');
    expect(shown(column(TYPE.LONG, [], unsigned).codec, hex('ff ff ff ff'), 'signed-number')).toBe('4294967295');
  });

  it.each([
    [TYPE.TINY, '00', 'false'],
    [TYPE.TINY, 'ff', 'true'],
    [TYPE.LONGLONG, '00 00 00 00 00 00 00 01', 'true'],
    [TYPE.LONGLONG, '00 00 00 00 00 00 00 00', 'false'],
  ])('as a boolean: %i %s is %s', (code, bytes, text) => {
    expect(shown(column(code, [], signed).codec, hex(bytes), 'boolean')).toBe(text);
  });

  it('are no dates', () => {
    expect(column(TYPE.LONG, [], signed).codec.writer('epoch-days', 'null')).toBeUndefined();
    expect(column(TYPE.LONGLONG, [], signed).codec.writer('base64', 'null')).toBeUndefined();
  });
});

describe('YEAR', () => {
  const { codec, sqlType } = column(TYPE.YEAR);

  it.each([
    ['00', '0000', '0'],
    ['01', '1901', '1901'],
    ['7e', '2026', '2026'],
    ['ff', '2155', '2155'],
  ])('%s is %s', (bytes, text, number) => {
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(shown(codec, hex(bytes), 'number')).toBe(number);
    expect(codec.read(hex(bytes), 0)).toBe(BigInt(number));
    expect(sqlType).toBe('year');
  });
});

describe('BIT', () => {
  it.each([
    [[1, 0], '01', '1', 'AQ==', 'true'],
    [[1, 0], '00', '0', 'AA==', 'false'],
    [[1, 1], '01 01', '257', 'AQE=', 'true'],
    [[1, 1], '00 03', '3', 'AwA=', 'true'],
    [[0, 5], '01 00 00 00 00', '4294967296', 'AAAAAAE=', 'true'],
    [[0, 8], '00 00 00 00 00 00 00 01', '1', 'AQAAAAAAAAA=', 'true'],
    [[0, 8], 'ff ff ff ff ff ff ff ff', '18446744073709551615', '//////////8=', 'true'],
    [[0, 8], '80 00 00 00 00 00 00 00', '9223372036854775808', 'AAAAAAAAAIA=', 'true'],
    [[0, 8], '00 00 00 00 00 00 00 00', '0', 'AAAAAAAAAAA=', 'false'],
  ])('metadata %o, %s is %s', (meta, bytes, number, bits, boolean) => {
    const { codec } = column(TYPE.BIT, meta);
    expect(shown(codec, hex(bytes), 'number')).toBe(number);
    expect(shown(codec, hex(bytes), 'text')).toBe(number);
    expect(shown(codec, hex(bytes), 'base64-bits')).toBe(`"${bits}"`);
    expect(shown(codec, hex(bytes), 'boolean')).toBe(boolean);
    expect(codec.read(hex(bytes), 0)).toBe(BigInt(number));
  });

  it('is a string beyond 2^53 - 1 where numbers must be safe', () => {
    const { codec } = column(TYPE.BIT, [0, 8]);
    expect(shown(codec, hex('00 1f ff ff ff ff ff ff'), 'safe-number')).toBe('9007199254740991');
    expect(shown(codec, hex('00 20 00 00 00 00 00 00'), 'safe-number')).toBe('"9007199254740992"');
  });
});
