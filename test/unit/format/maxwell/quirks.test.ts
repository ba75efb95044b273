import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import { fill } from '../../../../src/core/projection.ts';
import type { Column, ColumnType } from '../../../../src/core/table.ts';
import { quirkWriter } from '../../../../src/format/maxwell/quirks.ts';
import { representMaxwell } from '../../../../src/format/maxwell/representations.ts';
import { columnCodec } from '../../../../src/mysql/columns/codec.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import type { ColumnStorage } from '../../../../src/mysql/columns/storage.ts';

function show(type: ColumnType, storage: Partial<ColumnStorage>, hex: string, zeroAsNull = false): { readonly honest: string; readonly quirky: string } {
  const codec = columnCodec(type, { code: TYPE.STRING, prefix: 1, size: 1, compressed: false, ...storage });
  const column: Column = { index: 0, name: 'c', type, nullable: true, sqlType: '', codec };
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const { as, zero } = representMaxwell(zeroAsNull)(column);
  const plain = codec.writer(as, zero);
  if (plain === undefined) throw new Error('no representation');
  const written = (write: typeof plain): string => {
    const out = new ByteWriter(1);
    expect(fill(out, (room) => write(bytes, 0, room))).toBe(bytes.length);
    return out.view().toString();
  };
  return { honest: written(plain), quirky: written(quirkWriter(column, plain, zeroAsNull)) };
}

const time = (fraction: number): ColumnType => ({ family: 'time', fraction, legacy: false });

/** What Maxwell 1.45 sent for these stored values. */
describe('TIME', () => {
  it.each([
    [0, '4b9105', '-838:59:59', '17:04:05'],
    [3, '7fffff fff6', '-00:00:00.001', '16:04:09.552'],
    [6, '7fffff ffffff', '-00:00:00.000001', '16:04:19.777215'],
    [0, 'b46efb', '838:59:59', '22:59:59'],
    [3, 'b46efa 2706', '838:59:58.999', '22:59:58.999'],
    [0, '80c8b8', '12:34:56', '12:34:56'],
    [6, '800000 000000', '00:00:00.000000', '00:00:00.000000'],
  ])('(%i) %s', (fraction, hex, text, wrong) => {
    expect(show(time(fraction), {}, hex)).toEqual({ honest: `"${text}"`, quirky: `"${wrong}"` });
  });
});

describe('dates with a zero in them', () => {
  it.each([
    [{ family: 'date' }, '000000', '0000-00-00', '0000-00-00'],
    [{ family: 'date' }, '00d00f', '2024-00-00', '0000-00-00'],
    [{ family: 'date' }, '77d50f', '2026-11-23', '2026-11-23'],
    [{ family: 'datetime', fraction: 3, legacy: false }, '99b2000000 0000', '2024-00-00 00:00:00.000', '0000-00-00 00:00:00.000'],
    [{ family: 'datetime', fraction: 0, legacy: false }, '99bb6ec8b8', '2026-11-23 12:34:56', '2026-11-23 12:34:56'],
  ] as const)('%j %s', (type, hex, text, wrong) => {
    expect(show(type, {}, hex)).toEqual({ honest: `"${text}"`, quirky: `"${wrong}"` });
  });

  it('are null where that is asked for', () => {
    expect(show({ family: 'date' }, {}, '00d00f', true)).toEqual({ honest: 'null', quirky: 'null' });
    expect(show({ family: 'date' }, {}, '77d50f', true)).toEqual({ honest: '"2026-11-23"', quirky: '"2026-11-23"' });
  });
});

describe('numbers', () => {
  it.each([
    ['00', '0', '1900'],
    ['7e', '2026', '2026'],
  ])('YEAR %s', (hex, year, wrong) => {
    expect(show({ family: 'year' }, {}, hex)).toEqual({ honest: year, quirky: wrong });
  });

  it.each([
    [9, '0101', '257', '257'],
    [32, '80000000', '2147483648', '-2147483648'],
    [40, '0100000000', '4294967296', '1'],
    [64, 'ffffffffffffffff', '18446744073709551615', '18446744073709551615'],
    [64, '0000000000000001', '1', '1'],
  ])('BIT(%i) %s', (bits, hex, number, wrong) => {
    expect(show({ family: 'bit', bits }, { size: bits }, hex)).toEqual({ honest: number, quirky: wrong });
  });
});

describe('labels', () => {
  const labels = ["it's", 'b', '😀'];

  it.each([
    ['00', '""', 'null'],
    ['01', '"it\'s"', '"it\'\'s"'],
    ['02', '"b"', '"b"'],
    ['03', '"😀"', '"\\uD83D\\uDE00"'],
  ])('ENUM %s', (hex, label, wrong) => {
    expect(show({ family: 'enum', labels }, {}, hex)).toEqual({ honest: label, quirky: wrong });
  });

  it('SET', () => {
    expect(show({ family: 'set', labels }, {}, '03')).toEqual({ honest: '["it\'s","b"]', quirky: '["it\'\'s","b"]' });
    expect(show({ family: 'set', labels }, {}, '00')).toEqual({ honest: '[]', quirky: '[]' });
  });
});

describe('bytes and text', () => {
  it('BINARY loses its zeros, VARBINARY does not', () => {
    expect(show({ family: 'binary', fixed: true, maxBytes: 6 }, {}, '02 0102')).toEqual({ honest: '"AQIAAAAA"', quirky: '"AQI="' });
    expect(show({ family: 'binary', fixed: false, maxBytes: 6 }, { code: TYPE.VARCHAR }, '03 010000')).toEqual({ honest: '"AQAA"', quirky: '"AQAA"' });
  });

  it('text has its wide characters escaped, and control characters in large letters', () => {
    const text = Buffer.from('a"\\é\u001f😀\n');
    expect(show({ family: 'text', charset: 'utf8mb4', maxBytes: 80 }, { code: TYPE.VARCHAR }, `${text.length.toString(16).padStart(2, '0')}${text.toString('hex')}`)).toEqual({
      honest: '"a\\"\\\\é\\u001f😀\\n"',
      quirky: '"a\\"\\\\é\\u001F\\uD83D\\uDE00\\n"',
    });
  });

  it('a geometry loses its SRID', () => {
    const point = '0101000000000000000000f03f0000000000000440';
    expect(show({ family: 'geometry', shape: 'point' }, {}, `19 e6100000${point}`)).toEqual({ honest: '"SRID=4326;POINT (1 2.5)"', quirky: '"POINT (1 2.5)"' });
    expect(show({ family: 'geometry', shape: 'point' }, {}, `19 00000000${point}`)).toEqual({ honest: '"POINT (1 2.5)"', quirky: '"POINT (1 2.5)"' });
  });

  it('JSON is as it is', () => {
    expect(show({ family: 'json' }, {}, '02 0401')).toEqual({ honest: 'true', quirky: 'true' });
  });
});
