import type { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter, Representation, ZeroDates } from '../../core/table.ts';
import { daysOfPacked, isPackedDay } from './date.ts';
import { fixedWidth } from './fixed-width.ts';
import { opened, QUOTE } from './quoted.ts';
import { secondsOf, textOf, writeDatetime, writeScaled, writeShortFraction } from './temporal-text.ts';

const SPACE = 0x20;
const LETTER_T = 0x54;
/** `Z"`. */
const Z_AND_QUOTE = 0x225a;
const SECONDS_OF_DAY = 86_400;
/** The first and the last microsecond that is a 64-bit number of nanoseconds since 1970: seconds, rounded down, and what is left. */
const FIRST_NANOS = { seconds: -9_223_372_037, micros: 145_225 } as const;
const LAST_NANOS = { seconds: 9_223_372_036, micros: 854_775 } as const;
const EPOCH_DATE = (1970 << 9) | (1 << 5) | 1;

/** One decoded DATETIME or TIMESTAMP. Reused: valid until the next is loaded. */
export interface DatetimeParts {
  /** year << 9 | month << 5 | day. */
  date: number;
  /** hour << 12 | minute << 6 | second. */
  clock: number;
  micros: number;
}

/** Parts with the days since 1970-01-01 of the last date they were asked of: rows that follow each other are often of one day. */
interface DatedParts extends DatetimeParts {
  countedDate: number;
  countedDays: number;
}

/** How a storage form of DATETIME or TIMESTAMP is read. */
export interface DatetimeForm {
  readonly width: number;
  /** Digits shown after the second. */
  readonly fraction: number;
  load(bytes: Buffer, at: number, parts: DatetimeParts): void;
}

/** Puts decoded parts into bytes. */
type Show = (parts: DatedParts, out: ByteWriter) => void;

/** DATETIME or TIMESTAMP in any storage form. */
export function datetimeCodec(form: DatetimeForm): ColumnCodec {
  const parts = newParts();
  const { width } = form;
  const writerOf = (show: Show): ColumnWriter => {
    return (bytes, at, out) => {
      form.load(bytes, at, parts);
      show(parts, out);
      return at + width;
    };
  };
  const text = writerOf((found, out) => {
    writeDatetime(found, SPACE, form.fraction, out);
  });
  return {
    ...fixedWidth(width),
    read(bytes, at) {
      form.load(bytes, at, parts);
      const micros = isPackedDay(parts.date) ? BigInt(epochSeconds(parts)) * 1_000_000n + BigInt(parts.micros) : null;
      return { micros, text: textOf(text, bytes, at) };
    },
    writer(as, zero) {
      if (as === 'text') return text;
      const string = textShow(form.fraction);
      if (as === 'string' && zero === 'string') return opened(writerOf(string));
      const number = numberShowOf(as);
      if (number !== undefined) return writerOf(daysOnly(number, zeroShow(zero, { epoch: number, string: withQuote(string) })));
      const show = as === 'string' ? string : isoShowOf(as, form.fraction);
      if (show === undefined) return undefined;
      if (zero === 'null') return writerOf(daysOnly(withQuote(show), showNull));
      return opened(writerOf(daysOnly(show, zeroShow(zero, { epoch: as === 'zoned-timestamp' ? isoShow(0) : show, string }))));
    },
  };
}

function numberShowOf(as: Representation): Show | undefined {
  if (as === 'epoch-millis') return showMillis;
  if (as === 'epoch-micros') return showMicros;
  return as === 'epoch-nanos' ? showNanos : undefined;
}

/** As `textShow`. */
function isoShowOf(as: Representation, fraction: number): Show | undefined {
  if (as === 'iso-short') return showShortIso;
  return as === 'iso-utc' || as === 'zoned-timestamp' ? isoShow(fraction) : undefined;
}

/** Zero and partial dates are left to `otherwise`. */
function daysOnly(show: Show, otherwise: Show): Show {
  return (parts, out) => {
    if (parts.date === parts.countedDate || isPackedDay(parts.date)) show(parts, out);
    else otherwise(parts, out);
  };
}

const showNull: Show = (_parts, out) => {
  out.raw(JSON_NULL);
};

/** What a date that is no day becomes: `epoch` shows the epoch, `string` the server's text. */
function zeroShow(zero: ZeroDates, { epoch, string }: { readonly epoch: Show; readonly string: Show }): Show {
  if (zero === 'null') return showNull;
  if (zero === 'string') return string;
  const parts = newParts();
  return (_parts, out) => {
    epoch(parts, out);
  };
}

/** What comes after the quote that the show of a JSON string begins with, and that quote. */
function withQuote(afterQuote: Show): Show {
  return (parts, out) => {
    out.byte(QUOTE);
    afterQuote(parts, out);
  };
}

/** The server's own text as a JSON string, but for its first quote. */
function textShow(fraction: number): Show {
  return (parts, out) => {
    writeDatetime(parts, SPACE, fraction, out);
    out.byte(QUOTE);
  };
}

function newParts(): DatedParts {
  return { date: EPOCH_DATE, clock: 0, micros: 0, countedDate: EPOCH_DATE, countedDays: 0 };
}

function epochSeconds(parts: DatedParts): number {
  if (parts.date !== parts.countedDate) {
    parts.countedDays = daysOfPacked(parts.date);
    parts.countedDate = parts.date;
  }
  return parts.countedDays * SECONDS_OF_DAY + secondsOf(parts.clock);
}

const showMillis: Show = (parts, out) => {
  writeScaled(epochSeconds(parts), (parts.micros / 1_000) | 0, out, 3);
};

const showMicros: Show = (parts, out) => {
  writeScaled(epochSeconds(parts), parts.micros, out, 6);
};

/** @throws RowcastError ROW_UNREADABLE where the nanoseconds are more than 64 bits hold */
const showNanos: Show = (parts, out) => {
  const seconds = epochSeconds(parts);
  if (isBeyondNanos(seconds, parts.micros)) {
    const hint = 'Use timePrecision: microseconds, or leave the column out.';
    throw new RowcastError('ROW_UNREADABLE', 'a datetime before 1677-09-21 or after 2262-04-11 has no 64-bit number of nanoseconds since 1970', { hint });
  }
  writeScaled(seconds, parts.micros, out, 6);
  if (seconds !== 0 || parts.micros !== 0) out.latin1('000');
};

function isBeyondNanos(seconds: number, micros: number): boolean {
  if (seconds <= FIRST_NANOS.seconds) return seconds < FIRST_NANOS.seconds || micros < FIRST_NANOS.micros;
  return seconds >= LAST_NANOS.seconds && (seconds > LAST_NANOS.seconds || micros > LAST_NANOS.micros);
}

const showShortIso: Show = (parts, out) => {
  writeDatetime(parts, LETTER_T, 0, out);
  writeShortFraction(parts.micros, out);
  out.two(Z_AND_QUOTE);
};

function isoShow(fraction: number): Show {
  return (parts, out) => {
    writeDatetime(parts, LETTER_T, fraction, out);
    out.two(Z_AND_QUOTE);
  };
}
