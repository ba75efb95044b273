import { packedDate } from './calendar.ts';
import type { DatetimeForm, DatetimeParts } from './datetime.ts';
import { uint24be, uint32be, uint32le, uintBe } from './fixed-width.ts';
import { clockOf } from './temporal-text.ts';

const SECONDS_OF_DAY = 86_400;
const TWO_32 = 4_294_967_296;

/** Bytes of MariaDB's old DATETIME by digits after the second. */
const HIRES_DATETIME_BYTES = [5, 6, 6, 7, 7, 7, 8] as const;

/**
 * DATETIME since MySQL 5.6.4: five bytes, big-endian: a bit for the sign (always 1), 17 bits of year · 13 + month,
 * 5 of day, 5 of hour, 6 of minute, 6 of second; then 0 to 3 bytes of fraction, big-endian.
 */
export function packedDatetime(fraction: number): DatetimeForm {
  const extra = (fraction + 1) >> 1;
  return {
    width: 5 + extra,
    fraction,
    load(bytes, at, parts) {
      const high = uint24be(bytes, at);
      const low = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
      const months = (high >> 6) & 0x1ffff;
      const year = (months / 13) | 0;
      parts.date = (year << 9) | ((months - year * 13) << 5) | ((high >> 1) & 31);
      parts.clock = ((high & 1) << 16) | low;
      parts.micros = fractionBe(bytes, at + 5, extra);
    },
  };
}

/** DATETIME before MySQL 5.6.4: eight bytes, little-endian: the digits YYYYMMDDhhmmss as a decimal number. */
export const legacyDatetime: DatetimeForm = {
  width: 8,
  fraction: 0,
  load(bytes, at, parts) {
    const digits = uint32le(bytes, at + 4) * TWO_32 + uint32le(bytes, at);
    const day = Math.floor(digits / 1_000_000);
    const time = digits - day * 1_000_000;
    const year = (day / 10_000) | 0;
    const month = ((day - year * 10_000) / 100) | 0;
    parts.date = (year << 9) | (month << 5) | (day - year * 10_000 - month * 100);
    const hour = (time / 10_000) | 0;
    const minute = ((time - hour * 10_000) / 100) | 0;
    parts.clock = (hour << 12) | (minute << 6) | (time - hour * 10_000 - minute * 100);
    parts.micros = 0;
  },
};

/**
 * DATETIME(1) to DATETIME(6) of MariaDB with mysql56_temporal_format=OFF: one big-endian number in units of the last
 * digit, of which the seconds are ((((year · 13 + month) · 32 + day) · 24 + hour) · 60 + minute) · 60 + second.
 */
export function hiresDatetime(fraction: number): DatetimeForm {
  const width = HIRES_DATETIME_BYTES[fraction] as number;
  const units = 10n ** BigInt(fraction);
  const unit = 10 ** (6 - fraction);
  return {
    width,
    fraction,
    load(bytes, at, parts) {
      const stored = BigInt(uintBe(bytes, at, width - 3)) * 0x1000000n + BigInt(uint24be(bytes, at + width - 3));
      const seconds = Number(stored / units);
      const days = Math.floor(seconds / SECONDS_OF_DAY);
      const months = days >> 5;
      const year = (months / 13) | 0;
      parts.date = (year << 9) | ((months - year * 13) << 5) | (days & 31);
      parts.clock = clockOf(seconds - days * SECONDS_OF_DAY);
      parts.micros = Number(stored % units) * unit;
    },
  };
}

/** TIMESTAMP since MySQL 5.6.4: four bytes of seconds since 1970 in UTC and 0 to 3 bytes of fraction, big-endian. */
export function packedTimestamp(fraction: number): DatetimeForm {
  const extra = (fraction + 1) >> 1;
  const split = dayCache();
  return {
    width: 4 + extra,
    fraction,
    load(bytes, at, parts) {
      parts.micros = fractionBe(bytes, at + 4, extra);
      split(uint32be(bytes, at), parts);
    },
  };
}

/** TIMESTAMP before MySQL 5.6.4: four bytes of seconds since 1970 in UTC, little-endian. */
export function legacyTimestamp(): DatetimeForm {
  const split = dayCache();
  return {
    width: 4,
    fraction: 0,
    load(bytes, at, parts) {
      parts.micros = 0;
      split(uint32le(bytes, at), parts);
    },
  };
}

/**
 * TIMESTAMP(1) to TIMESTAMP(6) of MariaDB with mysql56_temporal_format=OFF: four bytes of seconds since 1970 in UTC,
 * then the fraction in units of its last digit in 1 to 3 bytes, big-endian.
 */
export function hiresTimestamp(fraction: number): DatetimeForm {
  const extra = (fraction + 1) >> 1;
  const unit = 10 ** (6 - fraction);
  const split = dayCache();
  return {
    width: 4 + extra,
    fraction,
    load(bytes, at, parts) {
      parts.micros = uintBe(bytes, at + 4, extra) * unit;
      split(uint32be(bytes, at), parts);
    },
  };
}

/** Microseconds of a fraction in 0 to 3 bytes, two digits each. */
function fractionBe(bytes: Uint8Array, at: number, count: number): number {
  if (count === 0) return 0;
  const first = bytes[at] as number;
  if (count === 1) return first * 10_000;
  const second = (first << 8) | (bytes[at + 1] as number);
  return count === 2 ? second * 100 : (second << 8) | (bytes[at + 2] as number);
}

/** Splits seconds since 1970 into date and time; 0 without a fraction is the zero timestamp. Remembers the last day. */
function dayCache(): (seconds: number, parts: DatetimeParts) => void {
  let cachedDay = 0;
  let cachedDate = packedDate(0);
  return (seconds, parts) => {
    if (seconds === 0 && parts.micros === 0) {
      parts.date = 0;
      parts.clock = 0;
      return;
    }
    const day = (seconds / SECONDS_OF_DAY) | 0;
    if (day !== cachedDay) {
      cachedDay = day;
      cachedDate = packedDate(day);
    }
    parts.date = cachedDate;
    parts.clock = clockOf(seconds - day * SECONDS_OF_DAY);
  };
}
