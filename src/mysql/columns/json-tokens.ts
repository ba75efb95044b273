import type { ByteWriter } from '../../core/byte-writer.ts';
import type { Utf8Writer } from './utf8.ts';
import { UTF8_NESTED, UTF8_STRING } from './utf8.ts';

const QUOTE = 0x22;
/** A backslash, then a quote. */
const ESCAPED_QUOTE = 0x225c;
const SPACE = 0x20;

/** Strings and separators of a JSON document, which may be printed as the inside of a JSON string. */
export class JsonTokens {
  readonly #nested: boolean;
  readonly #spaced: boolean;
  readonly #text: Utf8Writer;

  /** @param spaced whether a blank follows commas and colons */
  constructor(nested: boolean, spaced: boolean) {
    this.#nested = nested;
    this.#spaced = spaced;
    this.#text = nested ? UTF8_NESTED : UTF8_STRING;
  }

  /** Writes `source[from, to)` in quotes. Answers false, and has written nothing of use, when it is not valid UTF-8. */
  string(source: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    this.#quote(out);
    if (!this.#text.write(source, from, to, out)) return false;
    this.#quote(out);
    return true;
  }

  #quote(out: ByteWriter): void {
    if (this.#nested) out.two(ESCAPED_QUOTE);
    else out.byte(QUOTE);
  }

  /** A comma or a colon. */
  separator(character: number, out: ByteWriter): void {
    out.byte(character);
    if (this.#spaced) out.byte(SPACE);
  }
}
