import type { ColumnType } from '../../core/table.ts';
import { decimalShape } from './decimal-text.ts';
import { describeColumn } from './describe.ts';
import type { DescribedColumn } from './describe.ts';
import type { ColumnDescription } from './description.ts';
import { sampleGeometry } from './sample-geometry.ts';
import { sampleDatetime, sampleTime, sampleTimestamp } from './sample-times.ts';
import { storageOf } from './storage.ts';
import type { ColumnStorage } from './storage.ts';

/** `{"a": 1}` in MySQL's binary form (`json_binary.h`): small object, count, size, key entry, inlined int16, key. */
const JSON_DOCUMENT = Buffer.from([0x00, 0x01, 0x00, 0x0c, 0x00, 0x0b, 0x00, 0x01, 0x00, 0x05, 0x01, 0x00, 0x61]);
const UUID = Buffer.from('f47ac10b58cc4372a5670e02b2c3d479', 'hex');
const INET4 = Buffer.from([192, 0, 2, 1]);
const INET6 = Buffer.from('20010db8000000000000000000000001', 'hex');
const TEXT = 'abc';
const BYTES = Buffer.from([1, 2, 3]);
const YEAR_2026 = 126;
/** A longer vector would fill the page. */
const VECTOR_NUMBERS = 3;

/** Bytes before each character of ASCII, and after it, where a character set has more than one byte for it. */
const PADDING = new Map<string, readonly [before: number, after: number]>([
  ['ucs2', [1, 0]],
  ['utf16', [1, 0]],
  ['utf16le', [0, 1]],
  ['utf32', [3, 0]],
]);

/**
 * The bytes that a plausible value of a column has in a row image: 1, 12.50, `abc`, 2026-01-02 03:04:05, the first label,
 * `{"a": 1}`, a small geometry. It fits what is declared: an empty text for CHAR(0).
 * @throws RowcastError EVENT_UNSUPPORTED for a type that is not known
 */
export function sampleValue(description: ColumnDescription): Buffer {
  const described = describeColumn(description);
  const storage = storageOf(description.typeCode, description.meta);
  return storage.prefix === 0 ? fixedSample(described, storage) : lengthy(lengthySample(described.type, storage), storage);
}

function fixedSample({ type, codec }: DescribedColumn, storage: ColumnStorage): Buffer {
  switch (type.family) {
    case 'decimal':
      return decimalSample(type.precision, type.scale);
    case 'float':
      return floats([1.5]);
    case 'double':
      return Buffer.from(Float64Array.of(1.5).buffer);
    case 'bit':
      return tail(codec.skip(NOTHING, 0), 1);
    case 'year':
      return Buffer.from([YEAR_2026]);
    case 'date':
      return Buffer.from([0x22, 0xd4, 0x0f]);
    case 'time':
      return sampleTime(type, codec.skip(NOTHING, 0));
    case 'datetime':
      return sampleDatetime(type, codec.skip(NOTHING, 0));
    case 'timestamp':
      return sampleTimestamp(type, codec.skip(NOTHING, 0));
    case 'enum':
    case 'set':
      return head(storage.size, type.labels.length > 0 ? 1 : 0);
    default:
      return head(codec.skip(NOTHING, 0), 1);
  }
}

function lengthySample(type: ColumnType, storage: ColumnStorage): Buffer {
  switch (type.family) {
    case 'text':
      return storage.compressed ? uncompressed(textSample(type.charset, storage.size)) : textSample(type.charset, storage.size);
    case 'json':
      return JSON_DOCUMENT;
    case 'geometry':
      return sampleGeometry(type.shape);
    case 'vector':
      return floats(Array.from({ length: Math.min(type.dimensions, VECTOR_NUMBERS) }, (_, i) => i + 1.5));
    case 'uuid':
      return UUID;
    case 'inet4':
      return INET4;
    case 'inet6':
      return INET6;
    default:
      return storage.compressed ? uncompressed(BYTES) : BYTES.subarray(0, storage.size);
  }
}

/** 12.5, with fewer digits before the point where there is no room for two. */
function decimalSample(precision: number, scale: number): Buffer {
  const before = precision - scale;
  const whole = before === 0 ? '' : (before === 1 ? '1' : '12').padStart(before, '0');
  const digits = whole + (scale === 0 ? '' : '5'.padEnd(scale, '0'));
  const shape = decimalShape(precision, scale);
  const bytes: number[] = [];
  let at = 0;
  shape.digits.forEach((count, group) => {
    bytes.push(...tail(shape.sizes[group] ?? 0, Number(digits.slice(at, at + count))));
    at += count;
  });
  const [first = 0, ...others] = bytes;
  return Buffer.from([first ^ 0x80, ...others]);
}

function textSample(charset: string, size: number): Buffer {
  const [before, after] = PADDING.get(charset) ?? [0, 0];
  const characters = Math.min(TEXT.length, Math.floor(size / (before + 1 + after)));
  return Buffer.concat(Array.from(TEXT.slice(0, characters), (letter) => Buffer.concat([Buffer.alloc(before), Buffer.from(letter), Buffer.alloc(after)])));
}

/** MariaDB's COMPRESSED columns begin with a byte of method; 0 is none. */
function uncompressed(value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0]), value]);
}

function floats(numbers: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(numbers).buffer);
}

function lengthy(value: Buffer, { prefix }: ColumnStorage): Buffer {
  return Buffer.concat([head(prefix, value.length), value]);
}

/** A number in so many bytes, little-endian. */
function head(width: number, value: number): Buffer {
  return tail(width, value).reverse();
}

/** A number in so many bytes, big-endian. */
function tail(width: number, value: number): Buffer {
  const bytes = Buffer.alloc(width);
  for (let at = width - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

const NOTHING = Buffer.alloc(0);
