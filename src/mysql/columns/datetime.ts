import type { ByteWriter } from '../../core/byte-writer.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter, Representation, ZeroDates } from '../../core/table.ts';
import { daysOfPacked, isPackedDay } from './date.ts';
import { quoted } from './quoted.ts';
import { secondsOf, textOf, writeClock, writeDate, writeFraction, writeScaled } from './temporal-text.ts';

const QUOTE = 0x22;
const SPACE = 0x20;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const SECONDS_OF_DAY = 86_400;
const EPOCH_DATE = (1970 << 9) | (1 << 5) | 1;

/** One decoded DATETIME or TIMESTAMP. Reused: valid until the next is loaded. */
export interface DatetimeParts {
  /** year << 9 | month << 5 | day. */
  date: number;
  /** hour << 12 | minute << 6 | second. */
  clock: number;
  micros: number;
}

/** How a storage form of DATETIME or TIMESTAMP is read. */
export interface DatetimeForm {
  readonly width: number;
  /** Digits shown after the second. */
  readonly fraction: number;
  load(bytes: Buffer, at: number, parts: DatetimeParts): void;
}

/** Puts decoded parts into bytes. */
type Show = (parts: DatetimeParts, out: ByteWriter) => void;

/** DATETIME or TIMESTAMP in any storage form. */
export function datetimeCodec(form: DatetimeForm): ColumnCodec {
  const parts: DatetimeParts = { date: 0, clock: 0, micros: 0 };
  const writerOf = (show: Show): ColumnWriter => {
    return (bytes, at, out) => {
      form.load(bytes, at, parts);
      show(parts, out);
      return at + form.width;
    };
  };
  const text = writerOf((found, out) => {
    writeBoth(found, SPACE, form.fraction, out);
  });
  return {
    skip: (_bytes, at) => at + form.width,
    read(bytes, at) {
      form.load(bytes, at, parts);
      const micros = isPackedDay(parts.date) ? BigInt(epochSeconds(parts)) * 1_000_000n + BigInt(parts.micros) : null;
      return { micros, text: textOf(text, bytes, at) };
    },
    writer(as, zero) {
      if (as === 'text') return text;
      if (as === 'string') return quoted(text);
      const show = showOf(as, form.fraction);
      if (show === undefined) return undefined;
      return writerOf(daysOnly(show, as === 'iso-utc' ? textShow(form.fraction) : zeroShow(show, zero)));
    },
  };
}

function showOf(as: Representation, fraction: number): Show | undefined {
  if (as === 'epoch-millis') return showMillis;
  if (as === 'epoch-micros') return showMicros;
  if (as === 'iso-utc' || as === 'zoned-timestamp') return isoShow(fraction);
  return undefined;
}

/** Zero and partial dates are left to `otherwise`. */
function daysOnly(show: Show, otherwise: Show): Show {
  return (parts, out) => {
    if (isPackedDay(parts.date)) show(parts, out);
    else otherwise(parts, out);
  };
}

function zeroShow(show: Show, zero: ZeroDates): Show {
  const epoch: DatetimeParts = { date: EPOCH_DATE, clock: 0, micros: 0 };
  return (_parts, out) => {
    if (zero === 'null') out.raw(JSON_NULL);
    else show(epoch, out);
  };
}

/** The server's own text as a JSON string. */
function textShow(fraction: number): Show {
  return (parts, out) => {
    out.byte(QUOTE);
    writeBoth(parts, SPACE, fraction, out);
    out.byte(QUOTE);
  };
}

function epochSeconds(parts: DatetimeParts): number {
  return daysOfPacked(parts.date) * SECONDS_OF_DAY + secondsOf(parts.clock);
}

const showMillis: Show = (parts, out) => {
  writeScaled(epochSeconds(parts), (parts.micros / 1_000) | 0, out, 3);
};

const showMicros: Show = (parts, out) => {
  writeScaled(epochSeconds(parts), parts.micros, out, 6);
};

function isoShow(fraction: number): Show {
  return (parts, out) => {
    out.byte(QUOTE);
    writeBoth(parts, LETTER_T, fraction, out);
    out.byte(LETTER_Z);
    out.byte(QUOTE);
  };
}

function writeBoth(parts: DatetimeParts, separator: number, fraction: number, out: ByteWriter): void {
  writeDate(parts.date, out);
  out.byte(separator);
  writeClock(parts.clock, out);
  writeFraction(parts.micros, fraction, out);
}
