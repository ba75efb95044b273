import { JSON_NULL } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter, ZeroDates } from '../../core/table.ts';
import { daysOf, isDay } from './calendar.ts';
import { fixedWidth, uint24le } from './fixed-width.ts';
import { quoted } from './quoted.ts';
import { textOf, writeDate } from './temporal-text.ts';

const MICROS_OF_DAY = 86_400_000_000n;
const ZERO = Buffer.from('0');
const EPOCH = Buffer.from('"1970-01-01"');
const ISO_EPOCH = Buffer.from('"1970-01-01Z"');
const QUOTE = 0x22;
const LETTER_Z = 0x5a;

/** DATE: three bytes, little-endian: year << 9 | month << 5 | day. */
export const dateCodec: ColumnCodec = {
  ...fixedWidth(3),
  read(bytes, at) {
    const packed = uint24le(bytes, at);
    return { text: textOf(text, bytes, at), micros: isPackedDay(packed) ? BigInt(daysOfPacked(packed)) * MICROS_OF_DAY : null };
  },
  writer(as, zero) {
    if (as === 'text') return text;
    if (as === 'string') return zero === 'string' ? string : daysOnly(string, zeroWriter(zero, EPOCH));
    if (as === 'iso-short') return daysOnly(isoDate, zeroWriter(zero, ISO_EPOCH));
    return as === 'epoch-days' ? daysWriter(zeroWriter(zero, ZERO)) : undefined;
  },
};

/** Days since 1970-01-01 of year << 9 | month << 5 | day. */
export function daysOfPacked(packed: number): number {
  return daysOf(packed >> 9, (packed >> 5) & 15, packed & 31);
}

/** Whether year << 9 | month << 5 | day names a day. */
export function isPackedDay(packed: number): boolean {
  return isDay(packed >> 9, (packed >> 5) & 15, packed & 31);
}

const text: ColumnWriter = (bytes, at, out) => {
  writeDate(uint24le(bytes, at), out);
  return at + 3;
};

const string = quoted(text);

const isoDate: ColumnWriter = (bytes, at, out) => {
  out.byte(QUOTE);
  writeDate(uint24le(bytes, at), out);
  out.byte(LETTER_Z);
  out.byte(QUOTE);
  return at + 3;
};

/** As `daysOnly`, with the date read once. */
function daysWriter(otherwise: ColumnWriter): ColumnWriter {
  return (bytes, at, out) => {
    const packed = uint24le(bytes, at);
    if (!isPackedDay(packed)) return otherwise(bytes, at, out);
    out.integer(daysOfPacked(packed));
    return at + 3;
  };
}

/** What is no day is left to `otherwise`. */
function daysOnly(write: ColumnWriter, otherwise: ColumnWriter): ColumnWriter {
  return (bytes, at, out) => (isPackedDay(uint24le(bytes, at)) ? write : otherwise)(bytes, at, out);
}

function zeroWriter(zero: ZeroDates, epoch: Buffer): ColumnWriter {
  if (zero === 'string') return string;
  const bytes = zero === 'null' ? JSON_NULL : epoch;
  return (_bytes, at, out) => {
    out.raw(bytes);
    return at + 3;
  };
}
