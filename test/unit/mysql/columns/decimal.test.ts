import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, hex, shown } from './support.ts';

/** precision, scale, stored bytes, text, base64 of the unscaled value as Debezium shows it. */
const CASES: readonly (readonly [number, number, string, string, string])[] = [
  [1, 0, '85', '5', 'BQ=='],
  [1, 0, '76', '-9', '9w=='],
  [1, 0, '80', '0', 'AA=='],
  [10, 2, '80 00 00 0c 32', '12.50', 'BOI='],
  [10, 2, '80 00 00 0d 32', '13.50', 'BUY='],
  [10, 2, '7a 0a 1f 00 9c', '-99999999.99', '/av0HAE='],
  [10, 2, '80 00 00 00 00', '0.00', 'AA=='],
  [10, 2, '7f ff ff ff fe', '-0.01', '/w=='],
  [18, 9, '87 5b cd 15 3a de 68 b1', '123456789.987654321', 'AbabS+BS+rE='],
  [18, 9, '80 00 00 00 00 00 00 01', '0.000000001', 'AQ=='],
  [18, 9, 'bb 9a c9 ff 3b 9a c9 ff', '999999999.999999999', 'DeC2s6dj//8='],
  [3, 3, '83 e7', '0.999', 'A+c='],
  [4, 0, 'a7 0f', '9999', 'Jw8='],
  [65, 30, '80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 1d cd 65 00 00 00 00 00 00 00 00 00 00 00', '1.500000000000000000000000000000', 'Eu7C6zhpr2TfYAAAAA=='],
  [65, 30, '7f 43 9e b1 ca 48 40 78 ca f1 cb 3f d0 f8 a0 86 f8 a4 32 ea ff 43 9e b1 ca 48 40 78 fc 85', '-12345678901234567890123456789012345.123456789012345678901234567890', '4f1D4Wh6dCOTRq+nDL2ygsWAE4T8HZlxwPUu'],
  [65, 30, '7f ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff fe', '-0.000000000000000000000000000001', '/w=='],
];

describe('DECIMAL', () => {
  it.each(CASES)('(%i,%i) %s is %s', (precision, scale, bytes, text, unscaled) => {
    const { codec, sqlType } = column(TYPE.NEWDECIMAL, [precision, scale]);
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'number')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(shown(codec, hex(bytes), 'base64-unscaled')).toBe(`"${unscaled}"`);
    expect(codec.read(hex(bytes), 0)).toEqual({ unscaled: BigInt(text.replace('.', '')), scale });
    expect(sqlType).toBe(`decimal(${precision},${scale})`);
  });

  it('has a sign only where it is declared', () => {
    expect(column(TYPE.NEWDECIMAL, [18, 9], { unsigned: true }).sqlType).toBe('decimal(18,9) unsigned');
    expect(column(TYPE.NEWDECIMAL, [18, 9], { declared: 'decimal(18,9) unsigned' }).type).toEqual({ family: 'decimal', precision: 18, scale: 9, unsigned: true });
  });
});

describe('the unscaled value as base64', () => {
  const { codec } = column(TYPE.NEWDECIMAL, [9, 0]);

  function stored(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE((Math.abs(value) ^ 0x80000000) >>> 0);
    return value < 0 ? Buffer.from(bytes.map((byte) => ~byte)) : bytes;
  }

  it.each([0, 1, 2 ** 7, 2 ** 8, 2 ** 15, 2 ** 16, 2 ** 23, 2 ** 24, 999_999_998])('has as few bytes as hold it, on both sides of ±%d', (middle) => {
    for (const value of [middle - 1, middle, middle + 1].flatMap((each) => [each, -each]).filter((each) => !Object.is(each, -0))) {
      const bytes = Buffer.from(shown(codec, stored(value), 'base64-unscaled').slice(1, -1), 'base64');
      expect(bytes.readIntBE(0, bytes.length)).toBe(value);
      if (bytes.length > 1) expect(bytes.readIntBE(1, bytes.length - 1)).not.toBe(value);
    }
  });
});
