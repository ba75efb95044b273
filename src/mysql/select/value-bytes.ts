import type { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnType } from '../../core/table.ts';
import { decimalShape } from '../columns/decimal-text.ts';
import type { ColumnStorage } from '../columns/storage.ts';
import { datetimeBytes, timeBytes, timestampBytes, dateBytes } from './temporal-bytes.ts';

/** Writes what SELECT shows of a value as a row image has it: the reverse of the column's codec. */
export type ValueWriter = (shown: Buffer, out: ByteWriter) => void;

/**
 * The writer of a type. Values are the server's text or bytes as `selectExpression` asks for them, in the character set of the
 * column; dates and times are written in the form of MySQL 5.6.4 and newer.
 */
export function valueWriter(type: ColumnType, storage: ColumnStorage): ValueWriter {
  switch (type.family) {
    case 'integer':
      return integerWriter(type.bytes);
    case 'enum':
    case 'set':
      return integerWriter(storage.size);
    case 'decimal':
      return decimalWriter(type.precision, type.scale);
    case 'float':
    case 'double':
      return realWriter(type.family);
    case 'year':
      return (shown, out) => { out.byte(yearByte(Number(shown.toString('latin1')), shown.length)); };
    case 'date':
      return (shown, out) => { out.raw(dateBytes(shown.toString('latin1'))); };
    case 'time':
      return (shown, out) => { out.raw(timeBytes(shown.toString('latin1'), type.fraction)); };
    case 'datetime':
      return (shown, out) => { out.raw(datetimeBytes(shown.toString('latin1'), type.fraction)); };
    case 'timestamp':
      return (shown, out) => { out.raw(timestampBytes(shown.toString('latin1'), type.fraction)); };
    case 'bit':
      return (shown, out) => { out.raw(shown); };
    default:
      return lengthyWriter(type, storage);
  }
}

function lengthyWriter({ family }: ColumnType, storage: ColumnStorage): ValueWriter {
  const { prefix } = storage;
  const put = (value: Buffer, out: ByteWriter): void => {
    putUint(out, value.length, prefix);
    out.raw(value);
  };
  if (family === 'uuid') return (shown, out) => { put(Buffer.from(shown.toString('latin1').replaceAll('-', ''), 'hex'), out); };
  if (family === 'inet4') return (shown, out) => { put(inet4Bytes(shown.toString('latin1')), out); };
  if (family === 'inet6') return (shown, out) => { put(inet6Bytes(shown.toString('latin1')), out); };
  // MariaDB's COMPRESSED columns begin with a byte of method; 0 is none. The empty value has none.
  if (storage.compressed) return (shown, out) => { put(shown.length === 0 ? shown : Buffer.concat([NOT_COMPRESSED, shown]), out); };
  return put;
}

const NOT_COMPRESSED = Buffer.from([0]);

/** Little-endian, two's complement. */
function integerWriter(width: number): ValueWriter {
  return (shown, out) => {
    const text = shown.toString('latin1');
    if (text.length <= SAFE_DIGITS) {
      let rest = Number(text);
      for (let i = 0; i < width; i++) {
        out.byte(rest & 0xff);
        rest = Math.floor(rest / 256);
      }
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(text));
    for (let i = 0; i < width; i++) {
      out.byte(Number(rest & 0xffn));
      rest >>= 8n;
    }
  };
}

const SAFE_DIGITS = 9;

/** `decimal2bin`: see `decimalShape`. */
function decimalWriter(precision: number, scale: number): ValueWriter {
  const { sizes, digits } = decimalShape(precision, scale);
  return (shown, out) => {
    const text = shown.toString('latin1');
    const negative = text.startsWith('-');
    const [whole = '', fraction = ''] = text.replace('-', '').split('.');
    const all = whole.padStart(precision - scale, '0').slice(-(precision - scale) || whole.length) + fraction.padEnd(scale, '0');
    const shownDigits = precision === scale ? all.slice(-scale) : all;
    const flip = negative ? 0xff : 0;
    const start = out.at;
    let at = 0;
    sizes.forEach((size, group) => {
      const value = Number(shownDigits.slice(at, at + (digits[group] as number)));
      at += digits[group] as number;
      for (let shift = size - 1; shift >= 0; shift--) out.byte((Math.floor(value / 256 ** shift) & 0xff) ^ flip);
    });
    if (start < out.bytes.length) out.bytes[start] = (out.bytes[start] as number) ^ 0x80;
  };
}

function realWriter(family: 'float' | 'double'): ValueWriter {
  const bytes = Buffer.alloc(family === 'float' ? 4 : 8);
  return (shown, out) => {
    const value = Number(shown.toString('latin1'));
    if (family === 'float') bytes.writeFloatLE(Math.fround(value));
    else bytes.writeDoubleLE(value);
    out.raw(bytes);
  };
}

/** YEAR(2) of MySQL 5.6 has two digits, from 1970 to 2069. */
function yearByte(shown: number, digits: number): number {
  const year = digits > 2 ? shown : shown < 70 ? 2000 + shown : 1900 + shown;
  return year === 0 ? 0 : year - 1900;
}

function inet4Bytes(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}

function inet6Bytes(text: string): Buffer {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const plain = dotted === null ? text : `${dotted[1] ?? ''}${inet4Bytes(dotted[2] ?? '').toString('hex').replace(/^(.{4})/, '$1:')}`;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function putUint(out: ByteWriter, value: number, width: number): void {
  for (let i = 0; i < width; i++) out.byte(Math.floor(value / 256 ** i) & 0xff);
}
