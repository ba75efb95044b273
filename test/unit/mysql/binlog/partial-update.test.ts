import { describe, expect, it } from 'vitest';
import type { ColumnValue, TableVersion } from '../../../../src/core/table.ts';
import { ABSENT, RowImage } from '../../../../src/core/row-image.ts';
import { Layouts } from '../../../../src/mysql/binlog/layouts.ts';
import { PartialUpdates } from '../../../../src/mysql/binlog/partial-update.ts';
import { jsonTable } from './partial-support.ts';
import { encodeDocument } from '../columns/json-encoder.ts';

const TABLE: TableVersion = jsonTable();

function prefixed(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(bytes.length);
  return Buffer.concat([prefix, bytes]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const document = (pad: number): Buffer => prefixed(encodeDocument({ object: [['n', { int16: 1 }], ['pad', 'p'.repeat(pad)]] }));
const DIFF = prefixed(Buffer.concat([Buffer.from([0, 3]), Buffer.from('$.n'), Buffer.from([3, 5, 7, 0])]));

/** id, d, n, e: the first document changed in part, the second as a whole. */
function row(id: number, pad: number): Buffer {
  const whole = document(3);
  const before = Buffer.concat([Buffer.from([0]), int(id), document(pad), int(5), whole]);
  return Buffer.concat([before, Buffer.from([1, 0b01, 0]), int(id), DIFF, int(6), whole]);
}

function rewritten(bytes: Buffer): { readonly rows: string[]; readonly slices: number[]; readonly sizes: number[] } {
  const found = { rows: [] as string[], slices: [] as number[], sizes: [] as number[] };
  new PartialUpdates(TABLE).rewrite(bytes, { start: 0, end: bytes.length, images: null }, (updates, rows) => {
    found.slices.push(rows);
    found.sizes.push(updates.length);
    const image = new RowImage(TABLE);
    for (let at = 0; at < updates.length; ) {
      image.set(updates, at, updates.length);
      at = image.end();
      const id = image.read(0);
      const before = typeof id === 'bigint' ? id.toString() : 'null';
      image.set(updates, at, updates.length);
      at = image.end();
      found.rows.push(`${before} ${[0, 1, 2, 3].map((i) => { const value = image.read(i); return value === null ? 'null' : typeof value === 'bigint' ? value.toString() : (value as string).replace(/p{4,}/u, 'p…'); }).join(' ')}`);
    }
  });
  return found;
}

function shown(value: ColumnValue | null): string {
  return typeof value === 'bigint' ? value.toString() : (value as string);
}

describe('partial updates', () => {
  it('become updates of whole documents', () => {
    expect(rewritten(Buffer.concat([row(1, 3), row(2, 3)])).rows).toEqual(['1 1 {"n": 7, "pad": "ppp"} 6 {"n": 1, "pad": "ppp"}', '2 2 {"n": 7, "pad": "ppp"} 6 {"n": 1, "pad": "ppp"}']);
  });

  it('without value options are as they stand', () => {
    const image = Buffer.concat([Buffer.from([0b1010]), int(1), int(5)]);
    expect(rewritten(Buffer.concat([image, Buffer.from([0]), image])).rows).toEqual(['1 1 null 5 null']);
  });

  it('come in slices that stay bounded, however many rows an event has', () => {
    const count = 400;
    const { rows, slices, sizes } = rewritten(Buffer.concat(Array.from({ length: count }, (_, i) => row(i, 20_000))));
    expect(rows.map((text) => text.split(' ')[0])).toEqual(Array.from({ length: count }, (_, i) => String(i)));
    expect(slices.length).toBeGreaterThan(10);
    expect(slices.reduce((sum, rows) => sum + rows, 0)).toBe(count);
    expect(Math.max(...sizes)).toBeLessThan((1 << 20) + 2 * 20_200);
  });

  it('of a document that the before image has not', () => {
    const before = Buffer.concat([Buffer.from([0b0010]), int(1), int(5), document(3)]);
    const bytes = Buffer.concat([before, Buffer.from([1, 0b01, 0]), int(1), DIFF, int(6), document(3)]);
    expect(() => rewritten(bytes)).toThrow('a partial update of a JSON column of fix.j has no document to change');
  });

  describe('of images that lack columns', () => {
    const layouts = new Layouts(TABLE, 'mysql');
    /** Rewrites one row whose images hold what the bitmaps say. */
    const lacking = (before: number, after: number, bytes: Buffer): string[] => {
      const images = layouts.of(Buffer.from([before, after]), 'update');
      const found: string[] = [];
      new PartialUpdates(TABLE).rewrite(bytes, { start: 0, end: bytes.length, images }, (updates) => {
        const [old, now] = [new RowImage(TABLE), new RowImage(TABLE)];
        old.set(updates, 0, updates.length, images.before);
        now.set(updates, old.end(), updates.length, images.after);
        expect(now.end()).toBe(updates.length);
        for (const image of [old, now]) found.push([0, 1, 2, 3].map((i) => (image.locate(i) === ABSENT ? '-' : shown(image.read(i)))).join(' '));
      });
      return found;
    };

    it('become updates with the same columns', () => {
      // Before: id and d. After: d, changed in part, and n.
      const bytes = Buffer.concat([Buffer.from([0]), int(1), document(3), Buffer.from([1, 0b01, 0]), DIFF, int(6)]);
      expect(lacking(0b0011, 0b0110, bytes)).toEqual(['1 {"n": 1, "pad": "ppp"} - -', '- {"n": 7, "pad": "ppp"} 6 -']);
    });

    it('have a bit for each JSON column of the table, whether it is there or not', () => {
      // Only e is there, the second of the two.
      const bytes = Buffer.concat([Buffer.from([0]), int(1), document(3), Buffer.from([1, 0b10, 0]), DIFF]);
      expect(lacking(0b1001, 0b1000, bytes)).toEqual(['1 - - {"n": 1, "pad": "ppp"}', '- - - {"n": 7, "pad": "ppp"}']);
    });

    it('need the document in the before image', () => {
      const bytes = Buffer.concat([Buffer.from([0]), int(1), Buffer.from([1, 0b01, 0]), DIFF]);
      expect(() => lacking(0b0001, 0b0010, bytes)).toThrow(expect.objectContaining({ code: 'COLUMN_ABSENT', message: 'a partial update of the JSON column d of fix.j comes without the document that it changes (binlog_row_image)' }));
    });
  });

  it('with options that nobody knows', () => {
    const image = Buffer.concat([Buffer.from([0b1010]), int(1), int(5)]);
    expect(() => rewritten(Buffer.concat([image, Buffer.from([2]), image]))).toThrow('rows of fix.j have value options 2, which are not known');
  });

  it('that are cut off anywhere', () => {
    const bytes = row(1, 3);
    for (let cut = 1; cut < bytes.length; cut++) expect(() => rewritten(Buffer.concat([bytes, bytes.subarray(0, cut)])), `at ${cut}`).toThrow('runs past the end');
  });
});
