import type { ByteWriter } from '../../core/byte-writer.ts';
import { Constant } from '../../core/constant.ts';
import { jsonStringBytes } from '../../core/json-text.ts';
import { viewOf } from '../../core/words.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Shorter text is copied byte by byte. */
const WORDS_FROM = 8;

/** 1 for every byte that a JSON string cannot copy without looking: those to escape, and all that are not ASCII. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH ? 1 : 0));

/**
 * Copies text, checks that it is UTF-8 and escapes it, all in one go: eight bytes at a time while they are ASCII that
 * needs no escape.
 */
export class Utf8Writer {
  readonly #escapes: readonly (Constant | null)[];
  readonly #ascii: boolean;

  /**
   * @param escapes what stands for an ASCII character, by its code; null: the character itself
   * @param ascii whether text that is not ASCII is invalid, too
   */
  constructor(escapes: readonly (Constant | null)[], ascii = false) {
    this.#escapes = escapes;
    this.#ascii = ascii;
  }

  /** Writes `source[from, to)`. Answers false, and has written nothing of use, when it is not valid UTF-8. */
  write(source: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    let at = copyPlain(source, from, to, out);
    while (at < to) {
      at = (source[at] as number) < 0x80 ? this.#escape(source, at, out) : this.#ascii ? INVALID : copySequences(source, at, to, out);
      if (at === INVALID) return false;
      if (at < to) at = copyPlain(source, at, to, out);
    }
    return true;
  }

  #escape(source: Uint8Array, at: number, out: ByteWriter): number {
    const escape = this.#escapes[source[at] as number] as Constant | null;
    if (escape === null) out.byte(source[at] as number);
    else out.constant(escape);
    return at + 1;
  }
}

const INVALID = -1;
const ESCAPES = Array.from({ length: 128 }, (_, byte) => (SPECIAL[byte] === 0 ? null : insideOf(String.fromCharCode(byte))));

/** Bare text. */
export const UTF8_TEXT = new Utf8Writer(ESCAPES.map(() => null));
/** The inside of a JSON string. */
export const UTF8_STRING = new Utf8Writer(ESCAPES);
/** Bare text and the inside of a JSON string, of ASCII alone. */
export const ASCII_TEXT = new Utf8Writer(ESCAPES.map(() => null), true);
export const ASCII_STRING = new Utf8Writer(ESCAPES, true);
/** The inside of a JSON string that is itself inside of a JSON string. */
export const UTF8_NESTED = new Utf8Writer(ESCAPES.map((escape) => escape && insideOf(escape.bytes.toString('latin1'))));

function insideOf(text: string): Constant {
  return new Constant(jsonStringBytes(text).subarray(1, -1));
}

/** Copies `source[from, to)` up to the first special byte, and returns where that is. */
function copyPlain(source: Uint8Array, from: number, to: number, out: ByteWriter): number {
  const bytes = out.bytes;
  let read = from;
  let at = out.at;
  if (to - from >= WORDS_FROM && to < source.length && out.roomFor(to - from)) {
    const words = viewOf(source);
    const target = out.window;
    for (const last = to - 8; read <= last; read += 8, at += 8) {
      const first = words.getInt32(read, true);
      const second = words.getInt32(read + 4, true);
      if (((specials(first) | specials(second)) & 0x80808080) !== 0) break;
      target.setInt32(at, first, true);
      target.setInt32(at + 4, second, true);
    }
  }
  for (; read < to; read++) {
    const byte = source[read] as number;
    if (SPECIAL[byte] !== 0) break;
    bytes[at++] = byte;
  }
  out.at = at;
  return read;
}

/** Has a top bit set when one of four bytes is special: a subtraction borrows into it from the first byte that is too small. */
function specials(word: number): number {
  const controls = (word - 0x20202020) | 0;
  const quotes = ((word ^ 0x22222222) - 0x01010101) | 0;
  const backslashes = ((word ^ 0x5c5c5c5c) - 0x01010101) | 0;
  return word | controls | quotes | backslashes;
}

/** Copies characters that are not ASCII, one or more from `from`, and returns where they end, or INVALID: it never stays at `from`. */
function copySequences(source: Uint8Array, from: number, to: number, out: ByteWriter): number {
  const bytes = out.bytes;
  let read = from;
  let at = out.at;
  do {
    const length = sequenceLength(source, read, to);
    if (length === 0) return INVALID;
    bytes[at] = source[read] as number;
    bytes[at + 1] = source[read + 1] as number;
    if (length > 2) bytes[at + 2] = source[read + 2] as number;
    if (length > 3) bytes[at + 3] = source[read + 3] as number;
    read += length;
    at += length;
  } while (read < to && (source[read] as number) >= 0x80);
  out.at = at;
  return read;
}

/** Whether all of `source[from, to)` is ASCII. */
export function isAscii(source: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((source[at] as number) >= 0x80) return false;
  return true;
}

/** Whether `source[from, to)` is valid UTF-8 (RFC 3629: no surrogates, nothing longer than it must be). */
export function isUtf8(source: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    if ((source[at] as number) < 0x80) {
      at++;
      continue;
    }
    const length = sequenceLength(source, at, to);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** Length of the sequence that starts with a byte of 0x80 or above; 0 when there is no valid one. */
function sequenceLength(source: Uint8Array, at: number, to: number): number {
  const lead = source[at] as number;
  if (lead < 0xe0) return lead >= 0xc2 && at + 1 < to && isContinuation(source, at + 1) ? 2 : 0;
  const length = lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > to || !isContinuation(source, at + 1) || !isContinuation(source, at + 2)) return 0;
  const second = source[at + 1] as number;
  if (length === 3) return (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f) ? 0 : 3;
  return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) || !isContinuation(source, at + 3) ? 0 : 4;
}

function isContinuation(source: Uint8Array, at: number): boolean {
  return ((source[at] as number) & 0xc0) === 0x80;
}
