import { asRowcastError, RowcastError } from '../../core/errors.ts';
import { FLAG } from './header.ts';

const WRAP = 2 ** 32;
/** Where the first event of a file begins. */
export const FILE_START = 4;

/** Where the stream is: file and 64-bit offset, kept from sizes and from the 32-bit offsets of the headers. */
export class Place {
  file: string;
  /** After the last event. */
  position: number;
  /** Offset of the current event. */
  start: number;
  /** Time in the header of the file's FORMAT_DESCRIPTION event: tells a file from another one of the same name. Null until it came. */
  created: number | null;

  constructor(file: string, position: number, created: number | null = null) {
    this.file = file;
    this.position = position;
    this.start = position;
    this.created = created;
  }

  /** An event of `size` bytes; `told`: the offset after it modulo 2^32, 0 where the server does not tell. */
  advance(size: number, told: number, flags: number): void {
    if ((flags & FLAG.ARTIFICIAL) !== 0) return;
    const expected = this.position + size;
    this.position = told === 0 || told === expected >>> 0 ? expected : reconcile(expected, told);
    this.start = this.position - size;
  }

  move(file: string, position: number): void {
    if (file !== this.file || position <= FILE_START) this.created = null;
    this.file = file;
    this.position = position;
    this.start = position;
  }

  /** The current event, of which only the low half of its offset was told, is at `position` or later. */
  notBefore(position: number): void {
    const turns = Math.max(0, Math.ceil((position - this.start) / WRAP)) * WRAP;
    this.start += turns;
    this.position += turns;
  }

  /** `file:offset` of the current event. */
  toString(): string {
    return `${this.file}:${this.start}`;
  }
}

/** Errors about the stream say where in it. */
export function placed(error: unknown, place: string): RowcastError {
  const known = asRowcastError(error);
  if (known.facts.position !== undefined || known.message.includes(place)) return known;
  const { cause, hint } = known;
  return new RowcastError(known.code, `${known.message} (at ${place})`, { cause: cause ?? error, hint, facts: { ...known.facts, position: place } });
}

/** The 64-bit offset whose low half is `told`: at or after `expected` (a server may skip events), or a little before it. */
function reconcile(expected: number, told: number): number {
  const ahead = (told - (expected % WRAP) + WRAP) % WRAP;
  return ahead < 0xf0000000 || expected + ahead < WRAP ? expected + ahead : expected + ahead - WRAP;
}
