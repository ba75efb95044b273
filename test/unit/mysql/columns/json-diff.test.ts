import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import { SERVER } from '../../../../src/mysql/columns/json-dialect.ts';
import { applyDiffs } from '../../../../src/mysql/columns/json-diff.ts';
import { JsonPrinter } from '../../../../src/mysql/columns/json-document.ts';
import type { Node } from './json-encoder.ts';
import { encodeDocument } from './json-encoder.ts';

const REPLACE = 0;
const INSERT = 1;
const REMOVE = 2;

type Diff = readonly [operation: number, path: string, value?: Node];

function packed(length: number): Buffer {
  if (length < 251) return Buffer.from([length]);
  const bytes = Buffer.alloc(4);
  bytes.writeUIntLE(length, 1, 3);
  bytes[0] = 253;
  return bytes;
}

function diffsOf(list: readonly Diff[]): Buffer {
  return Buffer.concat(
    list.flatMap(([operation, path, value]) => {
      const document = value === undefined ? null : encodeDocument(value);
      return [Buffer.from([operation]), packed(Buffer.byteLength(path)), Buffer.from(path), ...(document === null ? [] : [packed(document.length), document])];
    }),
  );
}

function textOf(document: Buffer): string {
  const out = new ByteWriter(1 << 20);
  new JsonPrinter(SERVER, false).print(document, 0, document.length, out);
  return out.view().toString('utf8');
}

function applied(node: Node, ...list: readonly Diff[]): string {
  return textOf(applyDiffs(encodeDocument(node), diffsOf(list)));
}

const one: Node = { int16: 1 };
const DOCUMENT: Node = { object: [['a', [one, 'two', null]], ['b', { object: [['c', { double: 0.5 }]] }], ['long key', { int64: 5_000_000_000n }]] };

describe('changes of a JSON document', () => {
  it.each<[string, Diff[], string]>([
    ['none', [], '{"a": [1, "two", null], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['a member', [[REPLACE, '$.b', true]], '{"a": [1, "two", null], "b": true, "long key": 5000000000}'],
    ['a member deep inside', [[REPLACE, '$.b.c', { uint64: 2n ** 64n - 1n }]], '{"a": [1, "two", null], "b": {"c": 18446744073709551615}, "long key": 5000000000}'],
    ['a quoted member', [[REPLACE, '$."long key"', 'x']], '{"a": [1, "two", null], "b": {"c": 0.5}, "long key": "x"}'],
    ['a new member, in its order: by length, then by bytes', [[INSERT, '$.bb', one], [INSERT, '$.aa', one], [INSERT, '$.c', one]], '{"a": [1, "two", null], "b": {"c": 0.5}, "c": 1, "aa": 1, "bb": 1, "long key": 5000000000}'],
    ['a cell', [[REPLACE, '$.a[1]', 'TWO']], '{"a": [1, "TWO", null], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['cells from the end', [[REPLACE, '$.a[last]', one], [REPLACE, '$.a[last-2]', 'first']], '{"a": ["first", "two", 1], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['a cell before another', [[INSERT, '$.a[1]', 'new']], '{"a": [1, "new", "two", null], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['a cell beyond the end', [[INSERT, '$.a[9]', 'new']], '{"a": [1, "two", null, "new"], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['a cell before the beginning', [[INSERT, '$.a[last-9]', 'new']], '{"a": ["new", 1, "two", null], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['the only cell of what is no array', [[REPLACE, '$.b[0][last].c[0]', 'x']], '{"a": [1, "two", null], "b": {"c": "x"}, "long key": 5000000000}'],
    ['removals', [[REMOVE, '$.a[0]'], [REMOVE, '$.b.c'], [REMOVE, '$."long key"']], '{"a": ["two", null], "b": {}}'],
    ['several of one value, each on what the one before left', [[REMOVE, '$.a[0]'], [REPLACE, '$.a[0]', { object: [['x', one]] }], [INSERT, '$.a[0].y', one]], '{"a": [{"x": 1, "y": 1}, null], "b": {"c": 0.5}, "long key": 5000000000}'],
    ['all of it', [[REPLACE, '$', [one]], [INSERT, '$[1]', 'x']], '[1, "x"]'],
  ])('%s', (_, list, text) => {
    expect(applied(DOCUMENT, ...list)).toBe(text);
  });

  it('with names that need quotes and escapes', () => {
    const names = ['', ' ', 'a"b', 'back\\slash', 'new\nline', 'a.b', '[0]', 'ключ', '😀', 'x'.repeat(300)];
    const object = { object: names.map((name) => [name, one] as const).toSorted(([a], [b]) => Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.from(a).compare(Buffer.from(b))) };
    for (const name of names) {
      const text = applied(object, [REPLACE, `$.${JSON.stringify(name)}`, 'new']);
      expect(JSON.parse(text)).toEqual(Object.fromEntries(names.map((other) => [other, other === name ? 'new' : 1])));
    }
  });

  it('that make it grow beyond 64 KiB, and shrink again', () => {
    const large = applyDiffs(encodeDocument(DOCUMENT), diffsOf([[REPLACE, '$.b.c', 'x'.repeat(70_000)], [INSERT, '$.b.d', { int32: -70_000 }], [INSERT, '$.b.e', { uint32: 70_000 }]]));
    expect(large[0]).toBe(1);
    expect(textOf(large)).toBe(`{"a": [1, "two", null], "b": {"c": "${'x'.repeat(70_000)}", "d": -70000, "e": 70000}, "long key": 5000000000}`);
    const small = applyDiffs(large, diffsOf([[REMOVE, '$.b.c']]));
    expect([small[0], small.length < 200, textOf(small)]).toEqual([0, true, '{"a": [1, "two", null], "b": {"d": -70000, "e": 70000}, "long key": 5000000000}']);
  });

  it('of documents in the form with four-byte offsets, whose entries hold more', () => {
    const document = encodeDocument({ object: [['a', { int32: -70_000 }], ['b', [{ uint32: 70_000 }]]] }, true);
    expect(textOf(applyDiffs(document, diffsOf([[INSERT, '$.c', null], [INSERT, '$.b[0]', null]])))).toBe('{"a": -70000, "b": [null, 70000], "c": null}');
  });

  it.each<[string, Diff]>([
    ['a member that is not there', [REPLACE, '$.x', one]],
    ['a cell that is not there', [REPLACE, '$.a[3]', one]],
    ['a member of an array', [REPLACE, '$.a.x', one]],
    ['a second cell of what is no array', [REPLACE, '$.b[1]', one]],
    ['a new member that is there', [INSERT, '$.b', one]],
    ['a removal of nothing', [REMOVE, '$.a[3]']],
    ['a removal of the document', [REMOVE, '$']],
    ['an operation that is not known', [7, '$.a', one]],
    ['a path without its dollar', [REPLACE, 'x.a', one]],
    ['a path that breaks off', [REPLACE, '$.a[', one]],
    ['a name that breaks off', [REPLACE, '$."a', one]],
  ])('refuse %s', (_, diff) => {
    expect(() => applied(DOCUMENT, diff)).toThrow('a partial update of a JSON column does not fit its document');
  });

  it('refuse to be cut off anywhere', () => {
    const diffs = diffsOf([[REPLACE, '$.a[1]', 'x'.repeat(300)], [REMOVE, '$.b']]);
    const document = encodeDocument(DOCUMENT);
    const whole = diffs.length - 5;
    for (let cut = 1; cut < diffs.length; cut++) if (cut !== whole) expect(() => applyDiffs(document, diffs.subarray(0, cut)), `at ${cut}`).toThrow('JSON column');
  });

  it('end in an honest error or a document that can be printed, whatever bits are wrong', () => {
    const document = encodeDocument({ object: [['a', [one, 'two', { object: [['k', [one]]] }]], ['b', { object: [['c', { double: 0.5 }]] }]] });
    const diffs = diffsOf([[REPLACE, '$.a[2].k[0]', 'x'], [INSERT, '$.b.d', one], [REMOVE, '$.a[0]']]);
    let seed = 20261124;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const seen = new Set<string>();
    for (let round = 0; round < 20_000; round++) {
      const copy = Buffer.from(document);
      for (let flips = 1 + random(3); flips > 0; flips--) {
        const at = random(copy.length);
        copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      }
      try {
        textOf(applyDiffs(copy, diffs));
        seen.add('done');
      } catch (error) {
        seen.add(error instanceof Error && 'code' in error ? String(error.code) : String(error));
      }
    }
    expect([...seen].toSorted()).toEqual(['ROW_UNREADABLE', 'done']);
  });

  it('do not multiply values that share their bytes', () => {
    // 2,000 cells that are all the same 60,000 bytes.
    const cells = 2_000;
    const header = 4 + cells * 3;
    const body = Buffer.concat([Buffer.alloc(header), Buffer.from([0x80, 0xa0, 0x02]), Buffer.alloc(40_960, 0x78)]);
    body.writeUInt16LE(cells, 0);
    body.writeUInt16LE(body.length, 2);
    for (let i = 0; i < cells; i++) {
      body[4 + i * 3] = 12;
      body.writeUInt16LE(header, 5 + i * 3);
    }
    expect(() => applyDiffs(Buffer.concat([Buffer.from([2]), body]), diffsOf([[REMOVE, '$[0]']]))).toThrow('a document that is larger than all it was made of');
  });
});
