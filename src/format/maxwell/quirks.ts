import { ByteWriter } from '../../core/byte-writer.ts';
import { JSON_NULL, writeJsonText } from '../../core/json-text.ts';
import { fill } from '../../core/projection.ts';
import type { Column, ColumnType, ColumnValue, ColumnWriter, Temporal } from '../../core/table.ts';

const DAY = 86_400;
const MICROS = 1_000_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** First byte of characters above U+FFFF. */
const FOUR_BYTES = 0xf0;
const HEX = Buffer.from('0123456789ABCDEF');
const JAVA_YEAR_ZERO = '1900';
const QUOTES = /'/g;

/** Makes text or null of a value. */
type Show = (value: ColumnValue) => string | null;

/**
 * The writers of types that Maxwell 1.45 gets wrong, wrong as it does. They go by way of values and strings and are not
 * quick. Undefined for a type that it gets right. `zeroAsNull`: `output_null_zerodates`.
 */
export function quirkWriter(column: Column, plain: ColumnWriter, zeroAsNull: boolean): ColumnWriter {
  const { type } = column;
  switch (type.family) {
    case 'time':
      return shownAs(column, quoted(wrappedTime(type)));
    case 'date':
    case 'datetime':
    case 'timestamp':
      return shownAs(column, quoted(zeroedDate(type, zeroAsNull)));
    case 'year':
      return shownAs(column, javaYear);
    case 'bit':
      return shownAs(column, shiftedBits);
    case 'enum':
      return enumWriter(column, type.labels);
    case 'set':
      return shownAs(column, quotedLabels);
    case 'binary':
      return shownAs(column, (value) => (value instanceof Uint8Array ? `"${Buffer.from(type.fixed ? trimmed(value) : value).toString('base64')}"` : null));
    case 'text':
      return jacksonWriter(plain);
    case 'geometry':
      return withoutSrid(plain);
    default:
      return plain;
  }
}

const javaYear: Show = (value) => (typeof value === 'bigint' ? (value === 0n ? JAVA_YEAR_ZERO : value.toString()) : null);

const quotedLabels: Show = (value) => {
  const labels: readonly unknown[] = Array.isArray(value) ? value : [];
  return `[${labels.map((label) => jacksonString(doubled(String(label)))).join(',')}]`;
};

function shownAs(column: Column, show: Show): ColumnWriter {
  return (bytes, at, out) => {
    const shown = show(column.codec.read(bytes, at));
    if (shown === null) out.raw(JSON_NULL);
    else out.utf8(shown);
    return column.codec.skip(bytes, at);
  };
}

function quoted(show: Show): Show {
  return (value) => {
    const shown = show(value);
    return shown === null ? null : `"${shown}"`;
  };
}

/**
 * TIME as its stored bits without the sign, and the hours of the day only: −00:00:00.001 is 16:04:09.552. That holds of the
 * form that MySQL stores since 5.6.4; an older one loses its sign and whole days.
 */
function wrappedTime(type: Extract<ColumnType, { readonly fraction: number }>): Show {
  const extra = (type.fraction + 1) >> 1;
  const unit = 10 ** (6 - 2 * extra);
  return (value) => {
    const micros = Number(isTemporal(value) ? (value.micros ?? 0n) : 0n);
    const magnitude = Math.abs(micros);
    let seconds = Math.floor(magnitude / MICROS);
    let part = magnitude - seconds * MICROS;
    if (micros < 0 && !type.legacy) {
      const clock = (Math.floor(seconds / 3600) << 12) | (Math.floor((seconds % 3600) / 60) << 6) | (seconds % 60);
      const stored = 0x800000 - clock - (part > 0 ? 1 : 0);
      seconds = ((stored >> 12) & 0x3ff) * 3600 + ((stored >> 6) & 63) * 60 + (stored & 63);
      part = part > 0 ? (256 ** extra - part / unit) * unit : 0;
      seconds += Math.floor(part / MICROS);
      part %= MICROS;
    }
    return `${clockText(seconds % DAY)}${fractionText(part, type.fraction)}`;
  };
}

function clockText(seconds: number): string {
  return [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function fractionText(micros: number, digits: number): string {
  return digits === 0 ? '' : `.${String(micros).padStart(6, '0').slice(0, digits)}`;
}

/** A date with a zero in it becomes all zeros. */
function zeroedDate(type: ColumnType, zeroAsNull: boolean): Show {
  const fraction = 'fraction' in type ? type.fraction : 0;
  const zero = type.family === 'date' ? '0000-00-00' : `0000-00-00 00:00:00${fractionText(0, fraction)}`;
  return (value) => {
    const text = isTemporal(value) ? value.text : '';
    if (!/^0000|^....-00|^....-..-00/.test(text)) return text;
    return zeroAsNull ? null : zero;
  };
}

/** Bytes are put together with shifts that Java does in 32 bits, except where the highest of 64 bits is set. */
const shiftedBits: Show = (value) => {
  const bits = typeof value === 'bigint' ? value : 0n;
  if (bits >> 63n !== 0n) return bits.toString();
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += Number((bits >> BigInt(i * 8)) & 0xffn) << ((i * 8) & 31);
  return String(sum);
};

/** Labels as the declaration spells them, with the quote doubled; the empty text of an invalid value is null. */
function enumWriter(column: Column, labels: readonly string[]): ColumnWriter {
  const shown = [JSON_NULL, ...labels.map((label) => Buffer.from(jacksonString(doubled(label))))];
  const index = column.codec.writer('number', 'null');
  const scratch = new ByteWriter(16);
  return (bytes, at, out) => {
    if (index === undefined) throw new TypeError('an ENUM without numbers');
    const next = fill(scratch, (digits) => index(bytes, at, digits));
    out.raw(shown[Number(scratch.view().toString('latin1'))] ?? JSON_NULL);
    return next;
  };
}

function doubled(label: string): string {
  return label.replace(QUOTES, "''");
}

/** BINARY(n) without the zero bytes at its end. */
function trimmed(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end--;
  return value.subarray(0, end);
}

/** Well-known text without its SRID. */
function withoutSrid(plain: ColumnWriter): ColumnWriter {
  const scratch = new ByteWriter(256);
  return (bytes, at, out) => {
    const next = fill(scratch, (text) => plain(bytes, at, text));
    out.utf8(scratch.view().toString().replace(/^"SRID=\d+;/, '"'));
    return next;
  };
}

/** JSON strings as Jackson writes them: characters above U+FFFF as two escapes, hexadecimal digits large. */
function jacksonWriter(plain: ColumnWriter): ColumnWriter {
  const scratch = new ByteWriter(256);
  return (bytes, at, out) => {
    const next = fill(scratch, (text) => plain(bytes, at, text));
    writeJackson(scratch.view(), out);
    return next;
  };
}

function writeJackson(json: Buffer, out: ByteWriter): void {
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte >= FOUR_BYTES) {
      const [high = 0, low = 0] = unitsOf(json.toString('utf8', at, at + 4));
      writeEscape(high, out);
      writeEscape(low, out);
      at += 3;
    } else if (byte === BACKSLASH && json[at + 1] === LETTER_U) {
      writeEscape(Number.parseInt(json.toString('latin1', at + 2, at + 6), 16), out);
      at += 5;
    } else if (byte === BACKSLASH) {
      out.byte(byte);
      out.byte(json[++at] ?? QUOTE);
    } else {
      out.byte(byte);
    }
  }
}

function writeEscape(unit: number, out: ByteWriter): void {
  out.byte(BACKSLASH);
  out.byte(LETTER_U);
  for (let shift = 12; shift >= 0; shift -= 4) out.byte(HEX[(unit >> shift) & 15] as number);
}

function unitsOf(text: string): number[] {
  return [text.charCodeAt(0), text.charCodeAt(1)];
}

function jacksonString(text: string): string {
  const json = new ByteWriter(64);
  const shown = new ByteWriter(64);
  fill(json, (out) => {
    writeJsonText(text, out);
    return 0;
  });
  fill(shown, (out) => {
    writeJackson(json.view(), out);
    return 0;
  });
  return shown.view().toString();
}

function isTemporal(value: ColumnValue): value is Temporal {
  return typeof value === 'object' && 'micros' in value;
}
