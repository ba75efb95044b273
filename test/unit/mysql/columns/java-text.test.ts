import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import { writeLatin1String } from '../../../../src/core/json-text.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { javaDecimalWriter, writeJavaDouble, writeJavaFloat } from '../../../../src/mysql/columns/java-text.ts';
import { column, hex, shown, shownBytes, withLength } from './support.ts';

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(256);
  write(out);
  return out.view().toString();
}

/** What `Double.toString` prints (OpenJDK 17). */
const DOUBLES: readonly (readonly [number, string])[] = [
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [-1, '-1.0'],
  [0.1, '0.1'],
  [9999999, '9999999.0'],
  [1e7, '1.0E7'],
  [1.2345678e7, '1.2345678E7'],
  [0.001, '0.001'],
  [0.00099, '9.9E-4'],
  [0.002, '0.002'],
  [1e-7, '1.0E-7'],
  [1.5e-7, '1.5E-7'],
  [1e20, '1.0E20'],
  [1e21, '1.0E21'],
  [1.7976931348623157e308, '1.7976931348623157E308'],
  [5e-324, '4.9E-324'],
  [2147483648, '2.147483648E9'],
  [-99999.9999, '-99999.9999'],
  [-1.25e-10, '-1.25E-10'],
  [9007199254740993, '9.007199254740992E15'],
];

/** What `Float.toString` prints. */
const FLOATS: readonly (readonly [number, string])[] = [
  [0, '0.0'],
  [-0, '-0.0'],
  [1.5, '1.5'],
  [-3.4028234e38, '-3.4028235E38'],
  [16777216, '1.6777216E7'],
  [1e-45, '1.4E-45'],
  [0.1, '0.1'],
  [0.001, '0.001'],
  [0.0001, '1.0E-4'],
  [9999999, '9999999.0'],
  [-123.456, '-123.456'],
  [1e10, '1.0E10'],
  [2e-5, '2.0E-5'],
];

/** What `BigDecimal.toString` prints. */
const DECIMALS: readonly (readonly [string, string])[] = [
  ['0.000000000', '0E-9'],
  ['0.0000000', '0E-7'],
  ['0.000000', '0.000000'],
  ['0.0000001', '1E-7'],
  ['0.0000015', '0.0000015'],
  ['0.00000015', '1.5E-7'],
  ['-0.00000015', '-1.5E-7'],
  ['1.00000000', '1.00000000'],
  ['0.10000000', '0.10000000'],
  ['12.500000000', '12.500000000'],
  ['-0.000000000000000000000000000001', '-1E-30'],
  ['0.000001234', '0.000001234'],
  ['0.0000123', '0.0000123'],
  ['123456789.987654321', '123456789.987654321'],
  ['0.000000000000000000000000012345', '1.2345E-26'],
];

describe('numbers as Java prints them', () => {
  it.each(DOUBLES)('double %d is %s', (value, text) => {
    expect(written((out) => writeJavaDouble(value, out))).toBe(text);
  });

  it.each(FLOATS)('float %d is %s', (value, text) => {
    expect(written((out) => writeJavaFloat(Math.fround(value), out))).toBe(text);
  });

  it.each(DECIMALS)('decimal %s is %s', (text, java) => {
    const write = javaDecimalWriter(
      (_bytes, at, out) => {
        out.latin1(text);
        return at;
      },
      text.split('.')[1]?.length ?? 0,
    );
    expect(written((out) => write(Buffer.alloc(0), 0, out))).toBe(java);
    expect(Number(java)).toBe(Number(text));
  });

  it('is a representation of FLOAT, DOUBLE and DECIMAL', () => {
    expect(shown(column(TYPE.FLOAT, [4]).codec, hex('00 00 80 4b'), 'java-number')).toBe('1.6777216E7');
    expect(shown(column(TYPE.DOUBLE, [8]).codec, hex('00 00 00 00 00 00 f0 3f'), 'java-number')).toBe('1.0');
    expect(shown(column(TYPE.NEWDECIMAL, [18, 9]).codec, hex('80 00 00 00 00 00 00 01'), 'java-number')).toBe('1E-9');
    expect(shown(column(TYPE.NEWDECIMAL, [10, 2]).codec, hex('80 00 00 0c 32'), 'java-number')).toBe('12.50');
  });

  it('reads back as the same number', () => {
    for (let i = 0, seed = 20_261_126; i < 2_000; i++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      const double = (seed / 2 ** 31 - 1) * 10 ** ((seed % 600) - 300);
      expect(Number(written((out) => writeJavaDouble(double, out)))).toBe(double);
      const float = Math.fround((seed / 2 ** 31 - 1) * 10 ** ((seed % 70) - 35));
      expect(Math.fround(Number(written((out) => writeJavaFloat(float, out))))).toBe(float);
    }
  });

  it('refuses what the server never stores', () => {
    expect(() => written((out) => writeJavaDouble(Infinity, out))).toThrow('an infinity or a NaN');
    expect(() => written((out) => writeJavaFloat(NaN, out))).toThrow('an infinity or a NaN');
  });
});

describe('bytes as characters', () => {
  it('gives each byte the character of its number', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const text = written((out) => {
      out.grow(1024, 0);
      writeLatin1String(all, 0, 256, out);
    });
    expect(JSON.parse(text)).toBe(all.toString('latin1'));
  });

  it('is a representation of VARBINARY and BLOB', () => {
    const { codec } = column(TYPE.BLOB, [2], { charset: 'binary' });
    expect(shownBytes(codec, withLength(2, Buffer.from([0x00, 0x22, 0xff])), 'latin1-string').toString()).toBe('"\\u0000\\"\u00ff"');
  });
});
