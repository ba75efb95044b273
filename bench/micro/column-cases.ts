import type { Representation } from '../../src/core/table.ts';
import type { ColumnDescription } from '../../src/mysql/columns/description.ts';
import { TYPE } from '../../src/mysql/columns/description.ts';
import { seeded } from '../profiles/profile.ts';
import { jsonDocument } from './json-values.ts';

/** One column type in one representation, and values in the binlog's form, each of them a whole column value. */
export interface ColumnCase {
  readonly name: string;
  readonly column: ColumnDescription;
  readonly as: Representation;
  readonly values: readonly Buffer[];
}

const VALUES = 64;
const pick = seeded(7);

/** Values one after another, and where each starts. */
export function joined(values: readonly Buffer[]): { readonly bytes: Buffer; readonly starts: Int32Array } {
  const starts = new Int32Array(values.length);
  let at = 0;
  values.forEach((value, i) => {
    starts[i] = at;
    at += value.length;
  });
  return { bytes: Buffer.concat(values), starts };
}

function described(typeCode: number, meta: readonly [number?, number?] = [], more: Partial<ColumnDescription> = {}): ColumnDescription {
  const unknown = { unsigned: false, charset: null, labels: null, geometry: null, dimensions: null, declared: null };
  return { name: 'c', typeCode, meta: (meta[0] ?? 0) | ((meta[1] ?? 0) << 8), ...unknown, ...more };
}

function many(make: (index: number) => Buffer): readonly Buffer[] {
  return Array.from({ length: VALUES }, (_, index) => make(index));
}

function each(name: string, column: ColumnDescription, values: readonly Buffer[], ...as: readonly Representation[]): ColumnCase[] {
  return as.map((representation) => ({ name, column, as: representation, values }));
}

function little(value: bigint, width: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes.subarray(0, width);
}

function big(value: bigint, width: number): Buffer {
  return Buffer.from(BigInt.asUintN(width * 8, value).toString(16).padStart(width * 2, '0'), 'hex');
}

/** `value` in the stored form, for layouts given as bytes and digits of each group. */
function decimal(digits: string, groups: readonly (readonly [bytes: number, digits: number])[]): Buffer {
  let at = 0;
  const bytes = Buffer.concat(groups.map(([width, count]) => {
    const group = digits.slice(at, at + count);
    at += count;
    return big(BigInt(group), width);
  }));
  bytes[0] = (bytes[0] ?? 0) ^ 0x80;
  return pick(8) === 0 ? Buffer.from(bytes.map((byte) => ~byte)) : bytes;
}

function digitsOf(count: number, zeros: number): string {
  return '0'.repeat(zeros) + Array.from({ length: count - zeros }, () => pick(10)).join('');
}

function text(prefix: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([little(BigInt(bytes.length), prefix), bytes]);
}

function date(): bigint {
  return BigInt((2026 << 9) | ((1 + pick(12)) << 5) | (1 + pick(28)));
}

function clock(): bigint {
  return BigInt((pick(24) << 12) | (pick(60) << 6) | pick(60));
}

function datetime(fraction: bigint, bytes: number): Buffer {
  const day = BigInt(((2026 * 13 + 1 + pick(12)) << 5) | (1 + pick(28)));
  return big((((1n << 39n) | (day << 17n) | clock()) << BigInt(8 * bytes)) | fraction, 5 + bytes);
}

/** Rows of one table are near to each other in time: so are these. */
function timestamp(fraction: bigint, bytes: number): Buffer {
  return big((BigInt(1_790_000_000 + pick(20_000)) << BigInt(8 * bytes)) | fraction, 4 + bytes);
}

const UTF8 = { charset: 'utf8mb4' };
const WORDS = 'leave at the back door and ring twice before you go away, please. '.repeat(160);
const STREETS = ['Rue de l’Église 12', 'Grüße aus Köln', '急ぎでお願いします', 'Hauptstraße 77'];
const LABELS = { labels: ['new', 'paid', 'shipped', 'done'] };
const NUMBERS: readonly Representation[] = ['number', 'string', 'safe-number'];

const integers: readonly ColumnCase[] = [
  ...each('tinyint', described(TYPE.TINY), many(() => little(BigInt(pick(2)), 1)), 'number', 'boolean'),
  ...each('smallint', described(TYPE.SHORT), many(() => little(BigInt(pick(60_000) - 30_000), 2)), 'number'),
  ...each('int', described(TYPE.LONG), many(() => little(BigInt(pick(1_000_000)), 4)), 'number', 'string'),
  ...each('bigint below 2^32', described(TYPE.LONGLONG), many(() => little(BigInt(pick(1_000_000)), 8)), ...NUMBERS),
  ...each('bigint of 19 digits', described(TYPE.LONGLONG), many(() => little((BigInt(pick(2 ** 31)) << 32n) | BigInt(pick(2 ** 31)), 8)), ...NUMBERS),
  ...each('year', described(TYPE.YEAR), many(() => little(BigInt(pick(150)), 1)), 'number'),
  ...each('bit(10)', described(TYPE.BIT, [2, 1]), many(() => big(BigInt(pick(1024)), 2)), 'number', 'base64-bits'),
];

const decimals: readonly ColumnCase[] = [
  ...each('decimal(12,2)', described(TYPE.NEWDECIMAL, [12, 2]), many(() => decimal(digitsOf(12, 6), [[1, 1], [4, 9], [1, 2]])), 'text', 'string', 'base64-unscaled'),
  ...each('decimal(18,6)', described(TYPE.NEWDECIMAL, [18, 6]), many(() => decimal(digitsOf(18, 3), [[2, 3], [4, 9], [3, 6]])), 'text', 'base64-unscaled'),
  ...each('decimal(38,10)', described(TYPE.NEWDECIMAL, [38, 10]), many(() => decimal(digitsOf(38, 5), [[1, 1], [4, 9], [4, 9], [4, 9], [4, 9], [1, 1]])), 'text', 'base64-unscaled'),
];

const floats: readonly ColumnCase[] = [
  ...each('double 12.345', described(TYPE.DOUBLE, [8]), many(() => double(pick(100_000) / 1000)), 'number', 'float-number'),
  ...each('double, 17 digits', described(TYPE.DOUBLE, [8]), many(() => double(Math.sqrt(pick(100_000)) * 1e-3)), 'number'),
  ...each('float 12.3', described(TYPE.FLOAT, [4]), many(() => float(pick(1000) / 10)), 'number'),
];

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

const times: readonly ColumnCase[] = [
  ...each('date', described(TYPE.DATE), many(() => little(date(), 3)), 'string', 'epoch-days'),
  ...each('time', described(TYPE.TIME2), many(() => big(0x800000n | clock(), 3)), 'string', 'time-micros'),
  ...each('datetime', described(TYPE.DATETIME2, [0]), many(() => datetime(0n, 0)), 'string', 'epoch-millis'),
  ...each('datetime(3)', described(TYPE.DATETIME2, [3]), many(() => datetime(BigInt(pick(1000) * 10), 2)), 'string', 'epoch-millis', 'iso-utc'),
  ...each('datetime(6)', described(TYPE.DATETIME2, [6]), many(() => datetime(BigInt(pick(1_000_000)), 3)), 'string', 'epoch-micros'),
  ...each('timestamp', described(TYPE.TIMESTAMP2, [0]), many(() => timestamp(0n, 0)), 'string', 'zoned-timestamp'),
  ...each('timestamp(6)', described(TYPE.TIMESTAMP2, [6]), many(() => timestamp(BigInt(pick(1_000_000)), 3)), 'string', 'iso-utc', 'zoned-timestamp', 'epoch-micros'),
];

const texts: readonly ColumnCase[] = [
  ...each('char(3)', described(TYPE.STRING, [TYPE.STRING, 12], UTF8), many(() => text(1, 'EUR')), 'string'),
  ...[20, 60, 200, 1000, 10_000].flatMap((length) => each(`text, ${length} bytes of ASCII`, described(TYPE.BLOB, [2], UTF8), many((i) => text(2, WORDS.slice(i, i + length))), 'string')),
  ...each('varchar, 20 bytes', described(TYPE.VARCHAR, [200, 0], UTF8), many((i) => text(1, WORDS.slice(i, i + 20))), 'string', 'text'),
  ...each('varchar, not ASCII', described(TYPE.VARCHAR, [200, 0], UTF8), many((i) => text(1, STREETS[i & 3] ?? '')), 'string', 'text'),
  ...each('varchar, escapes', described(TYPE.VARCHAR, [200, 0], UTF8), many(() => text(1, 'ring twice "please"\n')), 'string'),
  ...each('varchar of latin1', described(TYPE.VARCHAR, [200, 0], { charset: 'latin1' }), many(() => text(1, Buffer.from('Grüße aus Köln', 'latin1'))), 'string'),
  ...each('varchar of gbk', described(TYPE.VARCHAR, [200, 0], { charset: 'gbk' }), many(() => text(1, Buffer.from('c4e3bac3cac0bde7', 'hex'))), 'string'),
  ...each('enum', described(TYPE.STRING, [TYPE.ENUM, 1], LABELS), many(() => Buffer.of(1 + pick(4))), 'string'),
  ...each('set', described(TYPE.STRING, [TYPE.SET, 1], LABELS), many(() => Buffer.of(pick(16))), 'string', 'list'),
];

const others: readonly ColumnCase[] = [
  ...each('varbinary, 20 bytes', described(TYPE.VARCHAR, [200, 0], { charset: 'binary' }), many((i) => text(1, WORDS.slice(i, i + 20))), 'base64', 'hex'),
  ...each('json, 90 bytes', described(TYPE.JSON, [4]), many(() => text(4, jsonDocument(pick))), 'inline', 'string', 'compact-string'),
  ...each('point', described(TYPE.GEOMETRY, [4], { geometry: 1 }), many(() => text(4, Buffer.concat([Buffer.from('000000000101000000', 'hex'), double(pick(100)), double(pick(100))]))), 'geometry-struct'),
  ...each('vector(8)', described(TYPE.VECTOR, [4], { dimensions: 8 }), many(() => text(4, Buffer.concat(Array.from({ length: 8 }, () => float(pick(1000) / 100))))), 'list'),
  ...each('uuid', described(TYPE.STRING, [TYPE.STRING, 16], { charset: 'binary', declared: 'uuid' }), many(() => text(1, big((BigInt(pick(2 ** 31)) << 96n) | BigInt(pick(2 ** 31)), 16))), 'string'),
];

/** Every family, in the representations that the formats use. */
export const COLUMN_CASES: readonly ColumnCase[] = [...integers, ...decimals, ...floats, ...times, ...texts, ...others];
