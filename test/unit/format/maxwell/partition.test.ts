import { describe, expect, it } from 'vitest';
import type { RowMessage } from '../../../../src/core/change.ts';
import type { Projection } from '../../../../src/core/projection.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { MAXWELL_DEFAULTS } from '../../../../src/format/maxwell/options.ts';
import type { MaxwellOptions } from '../../../../src/format/maxwell/options.ts';
import { EVENT, FULL, image, message, OPTIONS, PROJECTION } from '../support.ts';

/** `String.hashCode` of texts (OpenJDK 17). */
const JAVA = { shop: 3529462, t: 116, shopt: 109413438, '1': 49, '12': 1569, '59': 1700, None: 2433880, null: 3392903, '161298': 1454208165 } as const;
/** MurmurHash3 of `shop` with Maxwell's seed (hash4j 0.22). */
const MURMUR_SHOP = 226172948;

function choice(options: Partial<MaxwellOptions>, over: Partial<RowMessage> = {}, projection: Projection = PROJECTION): number | undefined {
  return createFormat({ type: 'maxwell', ...MAXWELL_DEFAULTS, ...options }, OPTIONS).encoder(projection).partition?.(message('insert', { after: image(5, 12), ...over }));
}

describe('a partition', () => {
  it.each<readonly [string, Partial<MaxwellOptions>, number]>([
    ['is that of the database by default', {}, JAVA.shop],
    ['can be that of the table', { partitionBy: 'table' }, JAVA.t],
    ['can be that of the key', { partitionBy: 'primary_key' }, JAVA['12']],
    ['can be computed by murmur3', { partitionHash: 'murmur3' }, MURMUR_SHOP],
    ['without an XID is that of null', { partitionBy: 'transaction_id' }, JAVA.null],
  ])('%s', (_, options, hash) => {
    expect(choice(options)).toBe(hash);
  });

  it('can be that of the transaction', () => {
    expect(choice({ partitionBy: 'transaction_id' }, { event: { ...EVENT, transaction: { ...EVENT.transaction, xid: 161298n } } })).toBe(JAVA['161298']);
  });

  it('of a key of a deleted row is that of the row', () => {
    expect(choice({ partitionBy: 'primary_key' }, { operation: 'delete', before: image(5, 1), after: null })).toBe(JAVA['1']);
  });

  it('by key is that of database and table for a table without one, and of None for one of NULLs', () => {
    expect(choice({ partitionBy: 'primary_key' }, {}, { ...PROJECTION, key: [] })).toBe(JAVA.shopt);
    const byA: Projection = { ...PROJECTION, key: PROJECTION.columns.slice(0, 1) };
    expect(choice({ partitionBy: 'primary_key' }, { after: image(null, 1) }, byA)).toBe(JAVA.None);
  });

  it('by columns is that of their values one after the other, in the order they are named', () => {
    expect(choice({ partitionBy: 'column', partitionColumns: ['a"', 'hidden'] }, {}, FULL)).toBe(JAVA['59']);
    expect(choice({ partitionBy: 'column', partitionColumns: ['id'] })).toBe(JAVA['12']);
  });

  it('by columns of which none has a value is that of the fallback', () => {
    const by = (partitionFallback: MaxwellOptions['partitionFallback'], columns = ['a"']): number | undefined => choice({ partitionBy: 'column', partitionColumns: columns, partitionFallback }, { after: image(null, 1) });
    expect([by('database'), by('table'), by('primary_key'), by('transaction_id')]).toEqual([JAVA.shop, JAVA.t, JAVA['1'], JAVA.null]);
    expect(by('table', ['no_such_column'])).toBe(JAVA.t);
  });

  it('is not chosen by a column that the route hides', () => {
    expect(() => choice({ partitionBy: 'column', partitionColumns: ['hidden'] })).toThrow('table shop.t: partitions are chosen by column hidden, which the route leaves out');
  });

  it('can be any', () => {
    const seen = new Set(Array.from({ length: 50 }, () => (choice({ partitionBy: 'random' }) ?? 0) % 4));
    expect(seen.size).toBeGreaterThan(1);
  });
});
