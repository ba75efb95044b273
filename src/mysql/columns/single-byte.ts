import type { ByteWriter } from '../../core/byte-writer.ts';
import { jsonStringBytes } from '../../core/json-text.ts';
import type { RangeWriter } from './quoted.ts';
import { unreadableText } from './unreadable.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** In a table of units: the byte stands for no character. U+FFFF is none itself. */
export const NO_CHARACTER = 0xffff;

/** The text of a single-byte character set. @throws RowcastError ROW_UNREADABLE where a byte stands for no character */
export function singleByteToString(units: Uint16Array, bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(unitOf(units, byte));
  return text;
}

/** Writes bytes of a single-byte character set as bare UTF-8. */
export function singleByteText(units: Uint16Array): RangeWriter {
  return (bytes, from, to, out) => {
    for (let i = from; i < to; i++) writeUnit(unitOf(units, bytes[i] as number), out);
  };
}

/** Writes bytes of a single-byte character set as a JSON string, but for its first quote. */
export function singleByteAfterQuote(units: Uint16Array): RangeWriter {
  const escapes = Array.from(units, (unit) => (unit < 0x20 || unit === QUOTE || unit === BACKSLASH ? escapeOf(unit) : null));
  return (bytes, from, to, out) => {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      const escape = escapes[byte];
      if (escape === null || escape === undefined) writeUnit(unitOf(units, byte), out);
      else out.raw(escape);
    }
    out.byte(QUOTE);
  };
}

function escapeOf(unit: number): Buffer {
  return jsonStringBytes(String.fromCharCode(unit)).subarray(1, -1);
}

function unitOf(units: Uint16Array, byte: number): number {
  const unit = units[byte] as number;
  if (unit === NO_CHARACTER) throw unreadableText(`byte 0x${byte.toString(16)}, which is no character of its character set`);
  return unit;
}

function writeUnit(unit: number, out: ByteWriter): void {
  if (unit < 0x80) {
    out.byte(unit);
    return;
  }
  if (unit < 0x800) {
    out.byte(0xc0 | (unit >> 6));
  } else {
    out.byte(0xe0 | (unit >> 12));
    out.byte(0x80 | ((unit >> 6) & 63));
  }
  out.byte(0x80 | (unit & 63));
}
