import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { shortestFloat } from '../../../../src/mysql/columns/number-text.ts';
import { column, hex, shown } from './support.ts';

function floatBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

describe('FLOAT', () => {
  const { codec, sqlType } = column(TYPE.FLOAT, [4]);

  it.each([
    ['cd cc cc 3d', '0.1', '0.1'],
    ['00 00 c0 3f', '1.5', '1.5'],
    ['ff ff 7f ff', '-3.4028235e38', '-3.4028235e38'],
    ['00 00 80 4b', '16777216', '16777216.0'],
    ['00 00 00 00', '0', '0.0'],
    ['00 00 00 80', '-0', '-0.0'],
    ['01 00 00 00', '1e-45', '1e-45'],
    ['00 00 80 00', '1.1754944e-38', '1.1754944e-38'],
    ['db 0f 49 40', '3.1415927', '3.1415927'],
    ['00 24 74 49', '1000000', '1000000.0'],
    ['17 b7 d1 38', '0.0001', '0.0001'],
    ['bd 37 86 35', '0.000001', '0.000001'],
    ['95 bf d6 33', '0.0000001', '1e-7'],
    ['a9 5f 63 58', '1e15', '1000000000000000.0'],
    ['08 e5 3c 1e', '1e-20', '1e-20'],
    ['79 e9 f6 c2', '-123.456', '-123.456'],
  ])('%s is %s', (bytes, text, pointed) => {
    expect(shown(codec, hex(bytes), 'text')).toBe(text);
    expect(shown(codec, hex(bytes), 'number')).toBe(text);
    expect(shown(codec, hex(bytes), 'string')).toBe(`"${text}"`);
    expect(shown(codec, hex(bytes), 'float-number')).toBe(pointed);
    expect(sqlType).toBe('float');
  });

  it('is a number', () => {
    expect(codec.read(floatBytes(0.5), 0)).toBe(0.5);
  });

  it('refuses what the server never stores', () => {
    expect(() => shown(codec, hex('00 00 80 7f'), 'number')).toThrow('an infinity or a NaN');
    expect(() => shown(codec, hex('00 00 c0 7f'), 'float-number')).toThrow('an infinity or a NaN');
  });

  it('needs nine digits where eight name a neighbour', () => {
    const value = Math.fround(8.589973e9);
    expect(Math.fround(shortestFloat(value))).toBe(value);
    expect(shortestFloat(Math.fround(1.00000012))).toBe(1.0000001);
  });
});

describe('DOUBLE', () => {
  const { codec } = column(TYPE.DOUBLE, [8]);

  it.each([
    [3.141592653589793, '3.141592653589793', '3.141592653589793'],
    [1.7976931348623157e308, '1.7976931348623157e308', '1.7976931348623157e308'],
    [5e-324, '5e-324', '5e-324'],
    [1e21, '1e21', '1e21'],
    [1e20, '1e20', '100000000000000000000.0'],
    [-123456789012345680000, '-1.2345678901234568e20', '-123456789012345680000.0'],
    [999999999999999, '999999999999999', '999999999999999.0'],
    [1e15, '1e15', '1000000000000000.0'],
    [3098595963677577.5, '3098595963677577.5', '3098595963677577.5'],
    [901688281524.4403, '901688281524.4403', '901688281524.4403'],
    [1e-7, '0.0000001', '1e-7'],
    [-1.25e-9, '-0.00000000125', '-1.25e-9'],
    [1e-15, '0.000000000000001', '1e-15'],
    [9.999999999999999e-16, '9.999999999999999e-16', '9.999999999999999e-16'],
    [0, '0', '0.0'],
    [-0, '-0', '-0.0'],
    [-1, '-1', '-1.0'],
    [2147483648, '2147483648', '2147483648.0'],
    [9007199254740993, '9.007199254740992e15', '9007199254740992.0'],
    [0.1, '0.1', '0.1'],
    [19.99, '19.99', '19.99'],
    [-99999.9999, '-99999.9999', '-99999.9999'],
    [0.30000000000000004, '0.30000000000000004', '0.30000000000000004'],
  ])('%d is %s', (value, text, pointed) => {
    expect(shown(codec, doubleBytes(value), 'text')).toBe(text);
    expect(shown(codec, doubleBytes(value), 'float-number')).toBe(pointed);
    expect(codec.read(doubleBytes(value), 0)).toBe(value);
  });
});

describe('VECTOR', () => {
  const { codec, sqlType, type } = column(TYPE.VECTOR, [4], { dimensions: 3 });
  const bytes = Buffer.concat([hex('0c 00 00 00'), floatBytes(0.1), floatBytes(-2), floatBytes(1.5)]);

  it('is the list of its floats', () => {
    expect(shown(codec, bytes, 'list')).toBe('[0.1,-2,1.5]');
    expect(shown(codec, bytes, 'text')).toBe('[0.1,-2,1.5]');
    expect(shown(codec, bytes, 'string')).toBe('"[0.1,-2,1.5]"');
    expect(codec.read(bytes, 0)).toEqual(Float32Array.of(0.1, -2, 1.5));
    expect(sqlType).toBe('vector(3)');
    expect(type).toEqual({ family: 'vector', dimensions: 3 });
  });

  it('of MariaDB is told by its declaration only', () => {
    const maria = column(TYPE.VARCHAR, [8, 0], { charset: 'binary', declared: 'vector(2)' });
    expect(maria.type).toEqual({ family: 'vector', dimensions: 2 });
    expect(shown(maria.codec, Buffer.concat([hex('08'), floatBytes(1), floatBytes(2)]), 'list')).toBe('[1,2]');
  });

  it('must be whole', () => {
    expect(() => shown(codec, hex('03 00 00 00 01 02 03'), 'list')).toThrow('no list of floats');
  });
});
