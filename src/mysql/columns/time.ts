import type { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnCodec, ColumnWriter, Representation } from '../../core/table.ts';
import { RowcastError } from '../../core/errors.ts';
import { fixedWidth, uint24be, uint24le, uintBe } from './fixed-width.ts';
import { quoted } from './quoted.ts';
import { clockOf, secondsOf, textOf, writeClock, writeFraction, writeScaled, writeShortFraction } from './temporal-text.ts';

const MINUS = 0x2d;
const QUOTE = 0x22;
const LETTER_Z = 0x5a;
const MICROS_OF_DAY = 86_400_000_000;

/** One decoded TIME. Reused: valid until the next is loaded. */
export interface TimeParts {
  negative: boolean;
  /** hour << 12 | minute << 6 | second. */
  clock: number;
  micros: number;
}

/** How a storage form of TIME is read. */
export interface TimeForm {
  readonly width: number;
  /** Digits shown after the second. */
  readonly fraction: number;
  load(bytes: Buffer, at: number, parts: TimeParts): void;
}

/** TIME in any storage form. */
export function timeCodec(form: TimeForm): ColumnCodec {
  const parts: TimeParts = { negative: false, clock: 0, micros: 0 };
  const { width, fraction } = form;
  const text = (bytes: Buffer, at: number, out: ByteWriter): number => {
    form.load(bytes, at, parts);
    if (parts.negative) out.byte(MINUS);
    writeClock(parts.clock, out);
    writeFraction(parts.micros, fraction, out);
    return at + width;
  };
  const micros = (bytes: Buffer, at: number, out: ByteWriter): number => {
    form.load(bytes, at, parts);
    const seconds = secondsOf(parts.clock);
    if (parts.negative && (seconds !== 0 || parts.micros !== 0)) out.byte(MINUS);
    writeScaled(seconds, parts.micros, out, 6);
    return at + width;
  };
  return {
    ...fixedWidth(width),
    read(bytes, at) {
      form.load(bytes, at, parts);
      const total = BigInt(secondsOf(parts.clock)) * 1_000_000n + BigInt(parts.micros);
      return { micros: parts.negative ? -total : total, text: textOf(text, bytes, at) };
    },
    writer(as) {
      if (as === 'text') return text;
      if (as === 'string') return quoted(text);
      if (as === 'time-micros') return micros;
      return timeWriter(form, showOf(as));
    },
  };
}

/** Puts a decoded TIME into bytes. */
type Show = (parts: TimeParts, out: ByteWriter) => void;

function timeWriter(form: TimeForm, show: Show | undefined): ColumnWriter | undefined {
  if (show === undefined) return undefined;
  const parts: TimeParts = { negative: false, clock: 0, micros: 0 };
  return (bytes, at, out) => {
    form.load(bytes, at, parts);
    show(parts, out);
    return at + form.width;
  };
}

function showOf(as: Representation): Show | undefined {
  if (as === 'time-millis') return showMillis;
  if (as === 'day-millis') return showDayMillis;
  if (as === 'time-nanos') return showNanos;
  return as === 'iso-short' ? showIso : undefined;
}

const showMillis: Show = (parts, out) => {
  const seconds = secondsOf(parts.clock);
  const millis = (parts.micros / 1_000) | 0;
  if (parts.negative && (seconds !== 0 || millis !== 0)) out.byte(MINUS);
  writeScaled(seconds, millis, out, 3);
};

/** @throws RowcastError ROW_UNREADABLE for what is no time of day */
const showDayMillis: Show = (parts, out) => {
  if (parts.negative || secondsOf(parts.clock) * 1_000_000 + parts.micros >= MICROS_OF_DAY) {
    const hint = 'Use timePrecision: adaptive_time_microseconds or isostring, or leave the column out.';
    throw new RowcastError('ROW_UNREADABLE', 'a TIME that is negative or more than a day is no time of day, which a schema of Kafka Connect asks for', { hint });
  }
  showMillis(parts, out);
};

const showNanos: Show = (parts, out) => {
  const seconds = secondsOf(parts.clock);
  const zero = seconds === 0 && parts.micros === 0;
  if (parts.negative && !zero) out.byte(MINUS);
  writeScaled(seconds, parts.micros, out, 6);
  if (!zero) out.latin1('000');
};

const showIso: Show = (parts, out) => {
  out.byte(QUOTE);
  if (parts.negative) out.byte(MINUS);
  writeClock(parts.clock, out);
  writeShortFraction(parts.micros, out);
  out.byte(LETTER_Z);
  out.byte(QUOTE);
};

/**
 * TIME since MySQL 5.6.4: three bytes of hour << 12 | minute << 6 | second and 0 to 3 bytes of fraction, big-endian,
 * together one number that is biased by half its range, so that negative times sort first.
 */
export function packedTime(fraction: number): TimeForm {
  const extra = (fraction + 1) >> 1;
  const unit = 10 ** (6 - 2 * extra);
  const range = 256 ** extra;
  return {
    width: 3 + extra,
    fraction,
    load(bytes, at, parts) {
      let clock = uint24be(bytes, at) - 0x800000;
      let part = uintBe(bytes, at + 3, extra);
      parts.negative = clock < 0;
      if (clock < 0) {
        clock = -clock;
        if (part > 0) {
          clock--;
          part = range - part;
        }
      }
      parts.clock = clock;
      parts.micros = part * unit;
    },
  };
}

/** TIME before MySQL 5.6.4: three bytes, little-endian, two's complement: the digits hhmmss as a decimal number. */
export const legacyTime: TimeForm = {
  width: 3,
  fraction: 0,
  load(bytes, at, parts) {
    const stored = (uint24le(bytes, at) << 8) >> 8;
    const digits = Math.abs(stored);
    const minutes = (digits / 100) | 0;
    const hours = (minutes / 100) | 0;
    parts.negative = stored < 0;
    parts.clock = (hours << 12) | ((minutes - hours * 100) << 6) | (digits - minutes * 100);
    parts.micros = 0;
  },
};

/** Seconds of the largest TIME, 838:59:59. */
const LARGEST = 3_020_399;
/** Bytes of MariaDB's old TIME, DATETIME and TIMESTAMP by digits after the second. */
export const HIRES_TIME_BYTES = [3, 4, 4, 5, 5, 5, 6] as const;

/**
 * TIME(1) to TIME(6) of MariaDB with mysql56_temporal_format=OFF: the time in units of its last digit, plus the range
 * of TIME so that it is never negative, big-endian.
 */
export function hiresTime(fraction: number): TimeForm {
  const width = HIRES_TIME_BYTES[fraction] as number;
  const units = 10 ** fraction;
  const bias = (LARGEST + 1) * units;
  return {
    width,
    fraction,
    load(bytes, at, parts) {
      const stored = uintBe(bytes, at, width) - bias;
      const magnitude = Math.abs(stored);
      const seconds = Math.floor(magnitude / units);
      parts.negative = stored < 0;
      parts.clock = clockOf(seconds);
      parts.micros = (magnitude - seconds * units) * 10 ** (6 - fraction);
    },
  };
}
