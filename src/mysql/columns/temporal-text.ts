import { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnWriter } from '../../core/table.ts';

const ZERO = 0x30;
const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;

/** What one digit of the last place of a fraction with so many digits is worth, in microseconds. */
const MICROS_OF_DIGIT = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1] as const;

/** `YYYY-MM-DD` of year << 9 | month << 5 | day. */
export function writeDate(packed: number, out: ByteWriter): void {
  const bytes = out.bytes;
  const at = out.at;
  const year = packed >> 9;
  const century = (year / 100) | 0;
  writePair(bytes, at, century);
  writePair(bytes, at + 2, year - century * 100);
  bytes[at + 4] = DASH;
  writePair(bytes, at + 5, (packed >> 5) & 15);
  bytes[at + 7] = DASH;
  writePair(bytes, at + 8, packed & 31);
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
  writePair(bytes, at, hour);
  bytes[at + 2] = COLON;
  writePair(bytes, at + 3, (packed >> 6) & 63);
  bytes[at + 5] = COLON;
  writePair(bytes, at + 6, packed & 63);
  out.at = at + 8;
}

/** `.` and the first `digits` digits of the microseconds; nothing for none. */
export function writeFraction(micros: number, digits: number, out: ByteWriter): void {
  if (digits === 0) return;
  out.byte(DOT);
  out.digits((micros / (MICROS_OF_DIGIT[digits] as number)) | 0, digits);
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

function writePair(bytes: Uint8Array, at: number, value: number): void {
  const tens = (value * 205) >> 11;
  bytes[at] = ZERO + tens;
  bytes[at + 1] = ZERO + value - tens * 10;
}
