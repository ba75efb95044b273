import type { Span } from '../json-scan.ts';
import { eachMember, skipBlank } from '../json-scan.ts';

/** Finds the fields of an object that somebody asks for. Reused from message to message. */
export class Fields {
  readonly #names: readonly string[];
  readonly #found: (Span | null)[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#found = names.map(() => null);
  }

  /** @throws Malformed where the span is no object */
  load({ bytes, from }: Span): void {
    this.#found.fill(null);
    eachMember(bytes, from, (nameFrom, nameTo, valueFrom, valueTo) => {
      const length = nameTo - nameFrom - 2;
      for (let i = 0; i < this.#names.length; i++) {
        const name = this.#names[i] as string;
        if (name.length !== length || !spells(bytes, nameFrom + 1, name)) continue;
        this.#found[i] = { bytes, from: valueFrom, to: valueTo };
        return;
      }
    });
  }

  /** Null where the object has no such field. */
  get(name: string): Span | null {
    return this.#found[this.#names.indexOf(name)] ?? null;
  }
}

/** A whole value of a record. */
export function spanOf(bytes: Buffer): Span {
  return { bytes, from: skipBlank(bytes, 0), to: bytes.length };
}

function spells(bytes: Buffer, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name.charCodeAt(i)) return false;
  return true;
}
