import type { ByteWriter } from '../core/byte-writer.ts';
import type { GtidParts } from '../core/change.ts';
import { Constant } from '../core/constant.ts';
import { JSON_NULL } from '../core/json-text.ts';

/**
 * Bytes made of a value that seldom changes, and made again when it does. All tables of a format share one, so that rows of
 * many tables in turn find it in the processor's caches.
 */
export class SharedBytes<T extends string | number | null> {
  readonly #make: (value: T) => string;
  #value: T | undefined;
  #constant = NOTHING;

  /** @param make Tells the text for a value. */
  constructor(make: (value: T) => string) {
    this.#make = make;
  }

  write(value: T, out: ByteWriter): void {
    if (value !== this.#value) {
      this.#constant = new Constant(Buffer.from(this.#make(value)));
      this.#value = value;
    }
    out.constant(this.#constant);
  }
}

/** Writes GTIDs as JSON strings, or null. */
export class SharedGtid {
  /** Opens the string: the source without anything after it. */
  readonly #source = new SharedBytes<string>((source) => JSON.stringify(source).slice(0, -1));

  write(parts: GtidParts | null, out: ByteWriter): void {
    if (parts === null) {
      out.raw(JSON_NULL);
      return;
    }
    this.#source.write(parts.source, out);
    out.byte(parts.separator === ':' ? COLON : HYPHEN);
    if (typeof parts.number === 'number') out.integer(parts.number);
    else out.latin1(parts.number.toString());
    out.byte(QUOTE);
  }
}

const NOTHING = new Constant(Buffer.alloc(0));
const QUOTE = 0x22;
const HYPHEN = 0x2d;
const COLON = 0x3a;
