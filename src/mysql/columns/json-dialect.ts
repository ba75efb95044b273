import type { ByteWriter } from '../../core/byte-writer.ts';
import { writeBase64 } from './base64.ts';
import { int32le } from './fixed-width.ts';
import { numberText, writeDocumentDouble } from './number-text.ts';
import { writeClock, writeDate, writeFraction } from './temporal-text.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const SPACE = 0x20;
const TYPE_DATE = 10;
const TYPE_TIME = 11;
const TWO_17 = 0x20000;
/** Bytes in one line of the server's base64, which has 76 characters and ends with an (escaped) line feed. */
const BASE64_LINE = 57;

/** How a JSON document is printed. */
export interface JsonDialect {
  /** A blank after commas and colons. */
  readonly spaced: boolean;
  double(value: number, out: ByteWriter): void;
  /** Eight bytes, little-endian: MySQL's packed date, time or datetime. */
  temporal(type: number, bytes: Buffer, at: number, out: ByteWriter): void;
  /** bytes[from, to) of a type that JSON does not know. `type` is MySQL's type code. */
  opaque(type: number, bytes: Buffer, range: { readonly from: number; readonly to: number }, out: ByteWriter): void;
}

/** As the server prints documents. */
export const SERVER: JsonDialect = {
  spaced: true,
  double: writeDocumentDouble,
  temporal(type, bytes, at, out) {
    writeTemporal(type, bytes, at, { out, digits: () => 6 });
  },
  opaque(type, bytes, range, out) {
    out.byte(QUOTE);
    out.latin1(`base64:type${type}:`);
    for (let at = range.from; at < range.to; at += BASE64_LINE) {
      if (at > range.from) out.latin1('\\n');
      writeBase64(bytes, at, Math.min(at + BASE64_LINE, range.to), out);
    }
    out.byte(QUOTE);
  },
};

/** As the server prints documents, without blanks between tokens. */
export const COMPACT: JsonDialect = { ...SERVER, spaced: false };

/** As Debezium prints documents: fractions of a second without zeros at their end, opaque values without their type. */
export const DEBEZIUM: JsonDialect = {
  ...COMPACT,
  double: writeDebeziumDouble,
  temporal(type, bytes, at, out) {
    writeTemporal(type, bytes, at, { out, digits: digitsOf });
  },
  opaque(_type, bytes, range, out) {
    out.byte(QUOTE);
    writeBase64(bytes, range.from, range.to, out);
    out.byte(QUOTE);
  },
};

/** Digits of microseconds without the zeros at their end. */
function digitsOf(micros: number): number {
  let digits = micros === 0 ? 0 : 6;
  for (let rest = micros; digits > 0 && rest % 10 === 0; rest /= 10) digits--;
  return digits;
}

function writeTemporal(type: number, bytes: Buffer, at: number, to: { out: ByteWriter; digits: (micros: number) => number }): void {
  const { out, digits } = to;
  let low = int32le(bytes, at) >>> 0;
  let high = int32le(bytes, at + 4);
  const negative = high < 0;
  if (negative) {
    low = -low >>> 0;
    high = ~high + (low === 0 ? 1 : 0);
  }
  const whole = high * 256 + (low >>> 24);
  const micros = low & 0xffffff;
  out.byte(QUOTE);
  if (negative) out.byte(MINUS);
  if (type !== TYPE_TIME) writeDate(packedDateOf(Math.floor(whole / TWO_17)), out);
  if (type !== TYPE_TIME && type !== TYPE_DATE) out.byte(SPACE);
  if (type !== TYPE_DATE) {
    writeClock(type === TYPE_TIME ? whole : whole % TWO_17, out);
    writeFraction(micros, digits(micros), out);
  }
  out.byte(QUOTE);
}

/** (year · 13 + month) · 32 + day as year << 9 | month << 5 | day. */
function packedDateOf(days: number): number {
  const months = days >> 5;
  const year = (months / 13) | 0;
  return (year << 9) | ((months - year * 13) << 5) | (days & 31);
}

/** Whole doubles from 10^7 with all their digits, smaller ones with a point. */
export function writeDebeziumDouble(value: number, out: ByteWriter): void {
  const plain = numberText(value);
  if (!Number.isInteger(value)) out.latin1(plain);
  else out.latin1(Math.abs(value) < 1e7 ? `${Object.is(value, -0) ? '-0' : plain}.0` : BigInt(value).toString());
}
