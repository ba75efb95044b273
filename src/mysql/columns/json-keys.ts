import { ByteWriter } from '../../core/byte-writer.ts';
import { Constant } from '../../core/constant.ts';
import { fill } from '../../core/projection.ts';
import { viewOf } from '../../core/words.ts';
import { uint16le } from './fixed-width.ts';
import { JsonTokens } from './json-tokens.ts';

const OPEN = 0x7b;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Bytes of an object's count and size, and of the entries of a key and of a value. */
const HEAD = 4;
const KEY_ENTRY = 4;
const VALUE_ENTRY = 3;
/** Keys that are longer, all together, are printed anew each time. */
const MAX_LENGTH = 256;
/** Sets of keys that are kept: about a megabyte where all of them are long. A power of two. */
const KEPT = 256;

/** The keys of an object, to be told from those of others. */
interface Keys {
  /** Offset and length of each key, as one word. */
  readonly entries: Int32Array;
  /** All keys, one behind the other: as many words as they fill, and the bytes that are left. */
  readonly words: Int32Array;
  readonly rest: Uint8Array;
  /** What is printed in front of each value: a brace or a comma, the key in quotes, a colon. */
  readonly leads: readonly Constant[];
}

/**
 * What was printed for the keys of objects in MySQL's binary JSON. The documents of a column tend to have the same few sets of keys:
 * to compare them by words takes a fraction of what it takes to escape and copy them. Only small objects are looked at, whose keys lie
 * as the server lays them: one behind the other in the order of their entries, behind the entries of the values.
 */
export class KnownKeys {
  readonly #tokens: JsonTokens;
  readonly #kept: (Keys | null)[] = Array.from({ length: KEPT }, () => null);
  /** By place, a hash of what came last and is not kept: it is kept when it comes twice in a row, so that keys that never come again cost little. */
  readonly #strangers = new Int32Array(KEPT);
  readonly #scratch = new ByteWriter(MAX_LENGTH);

  /**
   * @param nested whether they are printed inside of a JSON string
   * @param spaced whether a blank follows commas and colons
   */
  constructor(nested: boolean, spaced: boolean) {
    this.#tokens = new JsonTokens(nested, spaced);
  }

  /**
   * What is printed in front of each of the `count` values, one or more, of the object at `at`; null where that is not known. Its entries
   * must be there; nothing from `end` on is read.
   */
  leads(bytes: Buffer, at: number, count: number, end: number): readonly Constant[] | null {
    const from = at + HEAD + count * (KEY_ENTRY + VALUE_ENTRY);
    const last = at + HEAD + (count - 1) * KEY_ENTRY;
    const to = at + uint16le(bytes, last) + uint16le(bytes, last + 2);
    if (to <= from || to > end || to === bytes.length || to - from > MAX_LENGTH) return null;
    const place = (count * 31 + (to - from) * 17 + (bytes[from] as number) * 5 + (bytes[to - 1] as number)) & (KEPT - 1);
    const known = this.#kept[place] as Keys | null;
    if (known !== null && count === known.entries.length && isThere(known, bytes, at + HEAD, from)) {
      this.#strangers[place] = 0;
      return known.leads;
    }
    const hash = hashOf(bytes, from, to, hashOf(bytes, at + HEAD, last + KEY_ENTRY, place));
    if (this.#strangers[place] !== hash) this.#strangers[place] = hash;
    else this.#kept[place] = this.#learn(bytes.subarray(at, to), count);
    return null;
  }

  /** The keys of an object, which is given up to where they end. */
  #learn(object: Buffer, count: number): Keys | null {
    const leads = this.#print(object, count);
    if (leads === null) return null;
    const keys = object.subarray(HEAD + count * (KEY_ENTRY + VALUE_ENTRY));
    const words = keys.length >> 2;
    return { entries: wordsOf(object.subarray(HEAD), count), words: wordsOf(keys, words), rest: Uint8Array.from(keys.subarray(words * 4)), leads };
  }

  /** Null where the keys lie otherwise than the server lays them, or are no valid text. */
  #print(object: Buffer, count: number): readonly Constant[] | null {
    const leads: Constant[] = [];
    let from = HEAD + count * (KEY_ENTRY + VALUE_ENTRY);
    for (let i = 0; i < count; i++) {
      const entry = HEAD + i * KEY_ENTRY;
      const to = from + object.readUInt16LE(entry + 2);
      if (object.readUInt16LE(entry) !== from || to > object.length) return null;
      const key = object.subarray(from, to);
      if (!fill(this.#scratch, (out) => this.#lead(i === 0, key, out))) return null;
      leads.push(new Constant(Buffer.from(this.#scratch.view())));
      from = to;
    }
    return leads;
  }

  #lead(first: boolean, key: Buffer, out: ByteWriter): boolean {
    if (first) out.byte(OPEN);
    else this.#tokens.separator(COMMA, out);
    const valid = this.#tokens.string(key, 0, key.length, out);
    this.#tokens.separator(COLON, out);
    return valid;
  }
}

/** Whether the entries and the keys at these places are those. */
function isThere({ entries, words, rest }: Keys, bytes: Buffer, at: number, from: number): boolean {
  const view = viewOf(bytes);
  for (let i = 0; i < entries.length; i++) if (view.getInt32(at + i * 4, true) !== entries[i]) return false;
  for (let i = 0; i < words.length; i++) if (view.getInt32(from + i * 4, true) !== words[i]) return false;
  const left = from + words.length * 4;
  for (let i = 0; i < rest.length; i++) if (bytes[left + i] !== rest[i]) return false;
  return true;
}

function wordsOf(bytes: Buffer, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => bytes.readInt32LE(i * 4));
}

function hashOf(bytes: Uint8Array, from: number, to: number, start: number): number {
  let hash = start;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  return hash;
}

const KNOWN = { plain: new KnownKeys(false, false), spaced: new KnownKeys(false, true), nested: new KnownKeys(true, false), nestedSpaced: new KnownKeys(true, true) };

/** Those that all columns share that print keys so. */
export function knownKeys(nested: boolean, spaced: boolean): KnownKeys {
  if (nested) return spaced ? KNOWN.nestedSpaced : KNOWN.nested;
  return spaced ? KNOWN.spaced : KNOWN.plain;
}
