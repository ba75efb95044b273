import { describe, expect, it } from 'vitest';
import { ABSENT_DIGEST, CUT_DIGEST, DIGEST_BYTES, differing, markAt, mergeDigests, putDigest, sameDigest } from '../../../src/verify/digest.ts';
import { RowReader } from '../../../src/verify/row-reader.ts';
import { columnsOf, digestsOf } from './support.ts';

const COLUMNS = columnsOf('id', 'v', 'w');

function loaded(text: string, columns = COLUMNS): RowReader {
  const bytes = Buffer.from(text);
  const reader = new RowReader(columns);
  reader.load({ bytes, from: 0, to: bytes.length });
  return reader;
}

describe('digests', () => {
  it('are the same for the same row in any order of columns, and name the columns that differ', () => {
    const one = loaded('{"id":1,"v":"a","w":null}').digests({ cut: null, absent: null });
    expect(one.equals(loaded('{ "w" : null, "v":"\\u0061", "id":1 }').digests({ cut: null, absent: null }))).toBe(true);
    expect(differing(one, digestsOf(COLUMNS, { id: 1, v: 'b', w: 0 }))).toEqual([1, 2]);
    expect(differing(one, one)).toEqual([]);
  });

  it('tell NULL, a string of it, nothing and 0 apart', () => {
    const values = [null, 'null', '', 0, '0', false, [], {}].map((v) => digestsOf(columnsOf('v'), { v }).toString('hex'));
    expect(new Set(values).size).toBe(values.length);
  });

  it('of many short values are all different, in either half', () => {
    const halves: [Set<number>, Set<number>] = [new Set(), new Set()];
    const out = { bytes: Buffer.alloc(DIGEST_BYTES), at: 0 };
    for (let i = 0; i < 20_000; i++) {
      const text = Buffer.from(String(i));
      putDigest(text, 0, text.length, out);
      halves[0].add(out.bytes.readUInt32LE(0));
      halves[1].add(out.bytes.readUInt32LE(4));
      expect(markAt(out.bytes, 0)).toBeNull();
    }
    for (const half of halves) expect(half.size).toBeGreaterThan(19_990);
  });

  it('are marked where a column is not told or cut, and then agree with anything', () => {
    const reader = loaded('{"id":1,"v":"long"}');
    const digests = reader.digests({ cut: new Set(['v']), absent: null });
    expect([0, 1, 2].map((column) => markAt(digests, column))).toEqual([null, CUT_DIGEST, ABSENT_DIGEST]);
    expect(differing(digests, digestsOf(COLUMNS, { id: 1, v: 'x', w: 'y' }))).toEqual([]);
    expect(differing(digests, digestsOf(COLUMNS, { id: 2, v: 'x', w: 'y' }))).toEqual([0]);
  });

  it('have NULL for what is left out of messages without NULLs, unless its name is given', () => {
    const row = loaded('{"id":1}');
    const digests = row.digests({ cut: null, absent: new Set(['w']) });
    expect(sameDigest(digests, digestsOf(COLUMNS, { id: 1, v: null, w: null }), 1)).toBe(true);
    expect(markAt(digests, 2)).toBe(ABSENT_DIGEST);
  });

  it('are merged: what a message does not tell is as it was', () => {
    const merged = mergeDigests(digestsOf(COLUMNS, { id: 1, w: 'new' }), digestsOf(COLUMNS, { id: 1, v: 'old', w: 'old' }));
    expect(merged.equals(digestsOf(COLUMNS, { id: 1, v: 'old', w: 'new' }))).toBe(true);
  });
});

describe('a row', () => {
  it('has an identity by its columns, in one spelling', () => {
    expect(loaded('{"id":1.50,"v":"\\u0061"}').identity([0, 1])).toBe(loaded('{"v":"a","id":1.5}').identity([0, 1]));
    expect(loaded('{"id":1}').identity([0])).toBe('{"id":1}');
    expect(loaded('{"id":1}').identity([0, 1])).toBeNull();
  });

  it('takes columns of another object over its own', () => {
    const bytes = Buffer.from('{"id":2,"v":"b"}{"id":1}');
    const reader = new RowReader(COLUMNS);
    reader.load({ bytes, from: 0, to: 16 });
    reader.over({ bytes, from: 16, to: bytes.length });
    expect(reader.identity([0, 1])).toBe('{"id":1,"v":"b"}');
  });

  it('keeps the names that the table does not have, and not without end', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x${String(i)}`, i]));
    expect(loaded('{"id":1,"gone":2}').strange).toEqual(new Set(['gone']));
    expect(loaded(JSON.stringify(many)).strange.size).toBe(50);
  });
});
