import type { ByteWriter } from '../../core/byte-writer.ts';

const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const HEX = Buffer.from('0123456789abcdef');
const PAD = 0x3d;
const PLUS = 0x2b;
const SLASH = 0x2f;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;
/** Above this many bytes the native encoder wins, even with the string it makes. */
const NATIVE_FROM = 1024;
/** Bytes encoded natively at a time, a multiple of 3: it bounds the string. */
const NATIVE_CHUNK = 49_152;

/** `source[from, to)` as base64 (RFC 4648 section 4, padded), without quotes. */
export function writeBase64(source: Buffer, from: number, to: number, out: ByteWriter): void {
  if (to - from < NATIVE_FROM) {
    writeShort(source, from, to, out);
    return;
  }
  for (let at = from; at < to; at += NATIVE_CHUNK) out.latin1(source.toString('base64', at, Math.min(at + NATIVE_CHUNK, to)));
}

/** `value`, −2^23 to 2^23 − 1, in as few bytes of two's complement as hold it, big-endian, as base64 without quotes. */
export function writeBase64Integer(value: number, out: ByteWriter): void {
  const { at, bytes } = out;
  const count = value >= -0x80 && value < 0x80 ? 1 : value >= -0x8000 && value < 0x8000 ? 2 : 3;
  const group = (value << (8 * (3 - count))) & 0xffffff;
  bytes[at] = ALPHABET[group >> 18] as number;
  bytes[at + 1] = ALPHABET[(group >> 12) & 63] as number;
  bytes[at + 2] = count > 1 ? (ALPHABET[(group >> 6) & 63] as number) : PAD;
  bytes[at + 3] = count > 2 ? (ALPHABET[group & 63] as number) : PAD;
  out.at = at + 4;
}

/** `source[from, to)` as base64 for URLs (RFC 4648 section 5, padded), without quotes. */
export function writeBase64Url(source: Buffer, from: number, to: number, out: ByteWriter): void {
  const start = out.at;
  writeBase64(source, from, to, out);
  const bytes = out.bytes;
  for (let at = start; at < out.at; at++) {
    const byte = bytes[at];
    if (byte === PLUS) bytes[at] = DASH;
    else if (byte === SLASH) bytes[at] = UNDERSCORE;
  }
}

/** `source[from, to)` as lower-case hexadecimal, without quotes. */
export function writeHex(source: Uint8Array, from: number, to: number, out: ByteWriter): void {
  for (let i = from; i < to; i++) {
    const byte = source[i] as number;
    out.byte(HEX[byte >> 4] as number);
    out.byte(HEX[byte & 15] as number);
  }
}

function writeShort(source: Uint8Array, from: number, to: number, out: ByteWriter): void {
  const bytes = out.bytes;
  let at = out.at;
  let i = from;
  for (; i + 2 < to; i += 3) {
    const group = ((source[i] as number) << 16) | ((source[i + 1] as number) << 8) | (source[i + 2] as number);
    bytes[at++] = ALPHABET[group >> 18] as number;
    bytes[at++] = ALPHABET[(group >> 12) & 63] as number;
    bytes[at++] = ALPHABET[(group >> 6) & 63] as number;
    bytes[at++] = ALPHABET[group & 63] as number;
  }
  if (i < to) {
    const two = i + 1 < to;
    const group = ((source[i] as number) << 16) | (two ? (source[i + 1] as number) << 8 : 0);
    bytes[at++] = ALPHABET[group >> 18] as number;
    bytes[at++] = ALPHABET[(group >> 12) & 63] as number;
    bytes[at++] = two ? (ALPHABET[(group >> 6) & 63] as number) : PAD;
    bytes[at++] = PAD;
  }
  out.at = at;
}
