import { inspect } from 'node:util';

/**
 * A text that must not show (Invariant 10). Whatever turns it into text, JSON or a dump gives `[secret]`; only
 * `reveal()` gives the text, so that every place that uses it can be found.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. For the place that sends or uses it, and for nothing else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

const HIDDEN = '[secret]';
