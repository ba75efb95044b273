import { describe, expect, it } from 'vitest';
import type { Representation } from '../../../../src/core/table.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { KnownKeys } from '../../../../src/mysql/columns/json-keys.ts';
import { encodeDocument } from './json-encoder.ts';
import type { Node } from './json-encoder.ts';
import { column, hex, shown, withLength } from './support.ts';

const { codec } = column(TYPE.JSON, [4]);

function print(document: Buffer, as: Representation): string {
  return shown(codec, withLength(4, document), as);
}

/** An object of numbers, texts and objects. */
interface Members {
  readonly object: readonly (readonly [string, Members | { readonly int16: number } | string])[];
}

function plainOf(node: Members['object'][number][1]): unknown {
  if (typeof node === 'string') return node;
  return 'int16' in node ? node.int16 : Object.fromEntries(node.object.map(([key, inner]) => [key, plainOf(inner)]));
}

/** An object with these keys, as the server lays it, and a byte behind it. */
function objectOf(...keys: string[]): Buffer {
  return Buffer.concat([encodeDocument({ object: keys.map((key) => [key, 'v']) }).subarray(1), Buffer.of(0)]);
}

function met(known: KnownKeys, object: Buffer): string[] | null {
  const leads = known.leads(object, 0, object.readUInt16LE(0), object.length - 1);
  return leads === null ? null : leads.map((lead) => lead.bytes.toString());
}

describe('keys of JSON objects that were printed before', () => {
  it.each([
    [false, false, ['{"a":', ',"q\\"ü":']],
    [false, true, ['{"a": ', ', "q\\"ü": ']],
    [true, false, ['{\\"a\\":', ',\\"q\\\\\\"ü\\":']],
    [true, true, ['{\\"a\\": ', ', \\"q\\\\\\"ü\\": ']],
  ])('are known when they come twice in a row (nested: %s, spaced: %s)', (nested, spaced, leads) => {
    const known = new KnownKeys(nested, spaced);
    expect([1, 2, 3, 4].map(() => met(known, objectOf('a', 'q"ü')))).toEqual([null, null, leads, leads]);
  });

  it('make room for others that come twice in a row without them between', () => {
    const known = new KnownKeys(false, false);
    const [first, second] = [objectOf('aab', 'aaab'), objectOf('abb', 'abbb')];
    const meet = (...objects: Buffer[]): boolean[] => objects.map((object) => met(known, object) !== null);
    expect(meet(first, first, first)).toEqual([false, false, true]);
    expect(meet(second, first, second, first, second, first)).toEqual([false, true, false, true, false, true]);
    expect(meet(second, second, second, first)).toEqual([false, false, true, false]);
    expect(met(known, second)).toEqual(['{"abb":', ',"abbb":']);
  });

  it.each([
    ['longer than 256 bytes', objectOf('x'.repeat(257))],
    ['empty', objectOf('')],
    ['no valid UTF-8', Buffer.concat([hex('01 00 0d 00 0b 00 02 00 04 00 00'), hex('c3 28'), Buffer.of(0)])],
    ['in another order than their entries', hex('02 00 14 00 13 00 01 00 12 00 01 00 04 00 00 04 00 00 62 61 00')],
    ['with a gap between them', hex('02 00 15 00 12 00 01 00 14 00 01 00 04 00 00 04 00 00 61 00 62 00')],
    ['before the entries of the values', hex('01 00 0c 00 04 00 01 00 04 00 00 61 00')],
  ])('are never known where they are %s', (_, object) => {
    const known = new KnownKeys(false, false);
    expect([1, 2, 3, 4].map(() => met(known, object))).toEqual([null, null, null, null]);
  });

  it('are read only where the object and the bytes have more', () => {
    const known = new KnownKeys(false, false);
    const object = objectOf('key');
    for (let i = 0; i < 3; i++) met(known, object);
    const keysEnd = 14;
    expect(known.leads(object, 0, 1, keysEnd)).not.toBeNull();
    expect(known.leads(object, 0, 1, keysEnd - 1)).toBeNull();
    expect(known.leads(object.subarray(0, keysEnd), 0, 1, keysEnd)).toBeNull();
  });

  it('are told apart in every byte', () => {
    const keys = ['abcdefghi', 'klmnopqrs'];
    const whole: Node = { object: keys.map((key) => [key, 'v']) };
    for (let i = 0; i < 4; i++) expect(print(encodeDocument(whole), 'inline')).toBe('{"abcdefghi":"v","klmnopqrs":"v"}');
    for (const at of Array.from({ length: 18 }, (_, i) => i)) {
      const changed = keys.map((key, i) => (Math.floor(at / 9) === i ? `${key.slice(0, at % 9)}X${key.slice((at % 9) + 1)}` : key));
      expect(print(encodeDocument({ object: changed.map((key) => [key, 'v']) }), 'inline')).toBe(`{"${changed.join('":"v","')}":"v"}`);
    }
  });

  it('print like others, in any order and nested', () => {
    let seed = 7;
    const pick = (below: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
    // Few letters and lengths: many sets of keys share a place.
    const alphabet = ['a', 'b', '"', 'ü', '\\', 'aa', 'ab', 'ba', 'aab', 'abb', 'a€b', 'aaaab', 'abbbbbbbb', ''];
    const object = (depth: number): Members => {
      const keys = [...new Set(Array.from({ length: 1 + pick(4) }, () => alphabet[pick(alphabet.length)] ?? ''))];
      return { object: keys.map((key) => [key, depth < 2 && pick(3) === 0 ? object(depth + 1) : pick(2) === 0 ? { int16: pick(100) } : 'é"']) };
    };
    const documents = Array.from({ length: 60 }, () => object(0));
    for (let i = 0; i < 3_000; i++) {
      const document = documents[pick(documents.length)] ?? { object: [] };
      const [bytes, text] = [encodeDocument(document), JSON.stringify(plainOf(document))];
      for (let again = pick(4); again >= 0; again--) {
        expect(print(bytes, 'inline')).toBe(text);
        expect(print(bytes, 'compact-string')).toBe(JSON.stringify(text));
        expect(JSON.parse(print(bytes, 'text'))).toEqual(JSON.parse(text));
      }
    }
  });
});
