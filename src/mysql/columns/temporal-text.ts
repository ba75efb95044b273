import { ByteWriter } from '../../core/byte-writer.ts';
import { putDigits, putPair } from '../../core/digits.ts';
import type { ColumnWriter } from '../../core/table.ts';

const ZERO = 0x30;
const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
/** Bytes of the longest datetime. */
const WORDS_BYTES = 26;
const PAIRS = Uint16Array.from({ length: 128 }, (_, value) => (ZERO + Math.floor(value / 10)) | ((ZERO + (value % 10)) << 8));

/** A decoded date with a time of day. */
export interface Moment {
  /** year << 9 | month << 5 | day. */
  readonly date: number;
  /** hour << 12 | minute << 6 | second. */
  readonly clock: number;
  readonly micros: number;
}

/** `YYYY-MM-DD` of year << 9 | month << 5 | day. */
export function writeDate(packed: number, out: ByteWriter): void {
  const bytes = out.bytes;
  const at = out.at;
  const year = packed >> 9;
  const century = (year / 100) | 0;
  putPair(bytes, at, century);
  putPair(bytes, at + 2, year - century * 100);
  bytes[at + 4] = DASH;
  putPair(bytes, at + 5, (packed >> 5) & 15);
  bytes[at + 7] = DASH;
  putPair(bytes, at + 8, packed & 31);
  out.at = at + 10;
}

/** `hh:mm:ss` of hour << 12 | minute << 6 | second; hours above 99 get a third digit. */
export function writeClock(packed: number, out: ByteWriter): void {
  const bytes = out.bytes;
  let at = out.at;
  let hour = packed >> 12;
  if (hour > 99) {
    const hundreds = (hour / 100) | 0;
    bytes[at++] = ZERO + hundreds;
    hour -= hundreds * 100;
  }
  putPair(bytes, at, hour);
  bytes[at + 2] = COLON;
  putPair(bytes, at + 3, (packed >> 6) & 63);
  bytes[at + 5] = COLON;
  putPair(bytes, at + 6, packed & 63);
  out.at = at + 8;
}

/**
 * `.` and the first `digits` digits of the microseconds; nothing for none. All six are put there, and those that are too
 * many are left behind `at`: that is cheaper than to divide.
 */
export function writeFraction(micros: number, digits: number, out: ByteWriter): void {
  if (digits === 0) return;
  const bytes = out.bytes;
  const at = out.at;
  bytes[at] = DOT;
  putDigits(bytes, at + 1, micros, 6);
  out.at = at + 1 + digits;
}

/** `.` and the microseconds without the zeros at their end; nothing for none. */
export function writeShortFraction(micros: number, out: ByteWriter): void {
  if (micros === 0) return;
  let digits = 6;
  for (let rest = micros; rest % 10 === 0; rest /= 10) digits--;
  writeFraction(micros, digits, out);
}

/**
 * `YYYY-MM-DD hh:mm:ss.ffffff` with `digits` digits of the fraction. Where there is room, it is put together from words
 * of four characters, and what is too much is left behind `at`.
 */
export function writeDatetime(moment: Moment, separator: number, digits: number, out: ByteWriter): void {
  const at = out.at;
  const { date, clock, micros } = moment;
  if (!out.roomFor(WORDS_BYTES)) {
    writeDate(date, out);
    out.byte(separator);
    writeClock(clock, out);
    writeFraction(micros, digits, out);
    return;
  }
  const words = out.window;
  const year = date >> 9;
  const century = (year / 100) | 0;
  const hour = pair(clock >> 12);
  words.setInt32(at, pair(century) | (pair(year - century * 100) << 16), true);
  words.setInt32(at + 4, DASH | (pair((date >> 5) & 15) << 8) | (DASH << 24), true);
  words.setInt32(at + 8, pair(date & 31) | (separator << 16) | (hour << 24), true);
  words.setInt32(at + 12, (hour >> 8) | (COLON << 8) | (pair((clock >> 6) & 63) << 16), true);
  words.setInt32(at + 16, COLON | (pair(clock & 63) << 8) | (DOT << 24), true);
  if (digits === 0) {
    out.at = at + 19;
    return;
  }
  const hundreds = (micros / 100) | 0;
  const tenThousands = (hundreds / 100) | 0;
  words.setInt32(at + 20, pair(tenThousands) | (pair(hundreds - tenThousands * 100) << 16), true);
  words.setInt16(at + 24, pair(micros - hundreds * 100), true);
  out.at = at + 20 + digits;
}

/** Two digits as they lie in a word. */
function pair(value: number): number {
  return PAIRS[value & 127] as number;
}

/** Seconds of hour << 12 | minute << 6 | second. */
export function secondsOf(clock: number): number {
  return (clock >> 12) * 3600 + ((clock >> 6) & 63) * 60 + (clock & 63);
}

/** hour << 12 | minute << 6 | second of the seconds since midnight. */
export function clockOf(seconds: number): number {
  const hour = (seconds / 3600) | 0;
  const minute = ((seconds - hour * 3600) / 60) | 0;
  return (hour << 12) | (minute << 6) | (seconds - hour * 3600 - minute * 60);
}

/**
 * `seconds` · 10^`digits` + `fraction` in decimal, exact also where the sum is beyond 2^53; `seconds` may be negative,
 * `fraction` is 0 to 10^`digits` − 1.
 */
export function writeScaled(seconds: number, fraction: number, out: ByteWriter, digits: 3 | 6): void {
  let whole = seconds;
  let part = fraction;
  if (seconds < 0) {
    out.byte(DASH);
    whole = -seconds;
    if (fraction > 0) {
      whole--;
      part = (digits === 3 ? 1_000 : 1_000_000) - fraction;
    }
  }
  if (whole === 0) {
    out.integer(part);
  } else {
    out.integer(whole);
    out.digits(part, digits);
  }
}

/** What a short writer writes, as a string. */
export function textOf(write: ColumnWriter, bytes: Buffer, at: number): string {
  const scratch = new ByteWriter(64);
  write(bytes, at, scratch);
  return scratch.view().toString('latin1');
}
