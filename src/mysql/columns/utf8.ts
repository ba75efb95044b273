import type { ByteWriter } from '../../core/byte-writer.ts';
import { writeEscaped } from '../../core/json-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 1 for every byte that a JSON string cannot copy without looking: those to escape, and all that are not ASCII. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH ? 1 : 0));

/** `source[from, to)` as a JSON string. Answers false, and has written nothing of use, when it is not valid UTF-8. */
export function writeUtf8String(source: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
  let clean = from;
  while (clean < to && SPECIAL[source[clean] as number] === 0) clean++;
  out.byte(QUOTE);
  if (clean === to) {
    out.range(source, from, to);
  } else {
    if (!isUtf8(source, clean, to)) return false;
    writeEscaped(source, from, to, out);
  }
  out.byte(QUOTE);
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
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > to) return 0;
  const second = source[at + 1] as number;
  if (second < lowestSecond(lead) || second > highestSecond(lead)) return 0;
  for (let i = 2; i < length; i++) {
    if (((source[at + i] as number) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function lowestSecond(lead: number): number {
  if (lead === 0xe0) return 0xa0;
  return lead === 0xf0 ? 0x90 : 0x80;
}

function highestSecond(lead: number): number {
  if (lead === 0xed) return 0x9f;
  return lead === 0xf4 ? 0x8f : 0xbf;
}
