import type { ByteWriter } from './byte-writer.ts';

/** JSON literals as bytes, to be copied. */
export const JSON_NULL = Buffer.from('null');
export const JSON_TRUE = Buffer.from('true');
export const JSON_FALSE = Buffer.from('false');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef');

/** 1 for every byte that RFC 8259 section 7 has escaped inside a string. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0));

/** The letter of the two-character escapes, by byte. */
const SHORT = new Map<number, number>([
  [0x08, 0x62],
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0c, 0x66],
  [0x0d, 0x72],
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
]);

/** `source[from, to)`, which must be valid UTF-8, as the inside of a JSON string. */
export function writeEscaped(source: Uint8Array, from: number, to: number, out: ByteWriter): void {
  let clean = from;
  for (let i = from; i < to; i++) {
    const byte = source[i] as number;
    if (ESCAPED[byte] === 0) continue;
    if (i > clean) out.range(source, clean, i);
    escape(byte, out);
    clean = i + 1;
  }
  if (to > clean) out.range(source, clean, to);
}

/** `source[from, to)`, which must be valid UTF-8, as a JSON string with its quotes. */
export function writeJsonString(source: Uint8Array, from: number, to: number, out: ByteWriter): void {
  out.byte(QUOTE);
  writeEscaped(source, from, to, out);
  out.byte(QUOTE);
}

/** The bytes `source[from, to)` as a JSON string in which each stands for the character of its number, U+0000 to U+00FF. */
export function writeLatin1String(source: Uint8Array, from: number, to: number, out: ByteWriter): void {
  out.byte(QUOTE);
  for (let i = from; i < to; i++) {
    const byte = source[i] as number;
    if (byte >= 0x80) {
      out.byte(0xc0 | (byte >> 6));
      out.byte(0x80 | (byte & 0x3f));
    } else if (ESCAPED[byte] === 0) {
      out.byte(byte);
    } else {
      escape(byte, out);
    }
  }
  out.byte(QUOTE);
}

/** A JavaScript string as a JSON string; a lone surrogate becomes U+FFFD, as UTF-8 has no other way. */
export function writeJsonText(text: string, out: ByteWriter): void {
  if (text.length <= LOOP_LIMIT && writePlainText(text, out)) return;
  const bytes = Buffer.from(text, 'utf8');
  writeJsonString(bytes, 0, bytes.length, out);
}

/** Without a buffer in between; false, with nothing written, where a character takes more than its own byte. */
function writePlainText(text: string, out: ByteWriter): boolean {
  const { bytes, at } = out;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80 || ESCAPED[code] === 1) return false;
    bytes[at + 1 + i] = code;
  }
  out.byte(QUOTE);
  out.at += length;
  out.byte(QUOTE);
  return true;
}

/** Up to this many characters a loop is faster than a buffer. */
const LOOP_LIMIT = 256;

/** The bytes of a JSON string, made once. */
export function jsonStringBytes(text: string): Buffer {
  return Buffer.from(JSON.stringify(text), 'utf8');
}

/** Where the longest start of `source`, valid UTF-8, ends that has whole characters and at most `most` bytes inside a JSON string. */
export function escapedEnd(source: Uint8Array, most: number): number {
  let end = 0;
  for (let i = 0, size = 0; size <= most; i++) {
    const byte = source[i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) end = i;
    if (byte === undefined) break;
    size += escapedSize(byte);
  }
  return end;
}

/** The same for bytes as `writeLatin1String` shows them. */
export function latin1End(source: Uint8Array, most: number): number {
  let size = 0;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] as number;
    size += byte >= 0x80 ? 2 : escapedSize(byte);
    if (size > most) return i;
  }
  return source.length;
}

function escapedSize(byte: number): number {
  if (ESCAPED[byte] === 0) return 1;
  return SHORT.has(byte) ? 2 : 6;
}

function escape(byte: number, out: ByteWriter): void {
  out.byte(BACKSLASH);
  const short = SHORT.get(byte);
  if (short !== undefined) {
    out.byte(short);
    return;
  }
  out.latin1('u00');
  out.byte(HEX[byte >> 4] as number);
  out.byte(HEX[byte & 15] as number);
}
