import { describe, expect, it } from 'vitest';
import type { Projection } from '../../../src/core/projection.ts';
import { RowImage } from '../../../src/core/row-image.ts';
import type { Column, ColumnCodec, ColumnType, TableVersion } from '../../../src/core/table.ts';
import type { TypePolicies } from '../../../src/core/type-policies.ts';
import { NO_POLICIES } from '../../../src/core/type-policies.ts';
import { DEBEZIUM_DEFAULTS } from '../../../src/format/debezium/options.ts';
import { representDebezium as representUnder } from '../../../src/format/debezium/representations.ts';
import { imagesOf, keyWriter } from '../../../src/format/image-writer.ts';
import type { ImageWriter } from '../../../src/format/image-writer.ts';
import { representPlain } from '../../../src/format/plain/representations.ts';
import type { Represent } from '../../../src/format/represent.ts';
import { withPolicies } from '../../../src/format/type-policies.ts';
import { written } from './support.ts';

const representDebezium = representUnder(DEBEZIUM_DEFAULTS);

/** A codec that writes how it was asked to show a value, and `0` bytes of it. */
const told: ColumnCodec = {
  skip: (_bytes, at) => at,
  read: () => 0n,
  writer: (as, zero) => (_bytes, at, out) => {
    out.latin1(`"${as}/${zero}"`);
    return at;
  },
};

function table(type: ColumnType, nullable = true): TableVersion {
  const column: Column = { index: 0, name: 'c', type, nullable, sqlType: type.family, codec: told };
  return { database: 'shop', name: 't', columns: [column], primaryKey: [0], captured: true };
}

function projection(of: TableVersion, types: Partial<TypePolicies>, masked = false): Projection {
  const columns = of.columns.map((column) => ({ column, name: column.name, mask: masked ? (): void => undefined : null }));
  return { table: of, columns, key: columns, types: { ...NO_POLICIES, ...types } };
}

/** How the column is shown in values and in keys. */
function shown(represent: Represent, type: ColumnType, types: Partial<TypePolicies>): string[] {
  const from = projection(table(type), types);
  const image = new RowImage(from.table);
  image.set(Buffer.from([0]), 0, 1);
  return [imageWriter, keyWriter].map((make) => written((out) => make(from, represent)(image, out)).slice('{"c":"'.length, -2));
}

function imageWriter(from: Projection, represent: Represent): ImageWriter {
  const images = imagesOf(from, represent);
  return (image, out) => {
    images.one(image, out);
  };
}

function refusal(message: string): RegExp {
  return new RegExp(message.replaceAll(/[.()]/g, '\\$&'));
}

const INT8 = { family: 'integer', bytes: 8, unsigned: false } as const;
const TINY = { family: 'integer', bytes: 1, unsigned: false } as const;
const DATE = { family: 'date' } as const;
const both = (text: string): string[] => [text, text];

describe('a policy', () => {
  it.each<[Partial<TypePolicies>, ColumnType, string]>([
    [{ bigint: 'string' }, INT8, 'string'],
    [{ bigint: 'number' }, { ...INT8, unsigned: true }, 'number'],
    [{ bigint: 'safe' }, INT8, 'safe-number'],
    [{ decimal: 'string' }, { family: 'decimal', precision: 5, scale: 2, unsigned: false }, 'string'],
    [{ decimal: 'number' }, { family: 'decimal', precision: 5, scale: 2, unsigned: false }, 'number'],
    [{ binary: 'base64' }, { family: 'binary', fixed: true, maxBytes: 4 }, 'base64'],
    [{ binary: 'hex' }, { family: 'binary', fixed: false, maxBytes: 4 }, 'hex'],
    [{ json: 'inline' }, { family: 'json' }, 'inline'],
    [{ json: 'text' }, { family: 'json' }, 'string'],
    [{ json: 'inline' }, { family: 'text', charset: 'utf8mb4', maxBytes: 9, json: true }, 'inline'],
    [{ json: 'inline' }, { family: 'text', charset: 'utf8mb4', maxBytes: 9 }, 'string'],
    [{ enum: 'label' }, { family: 'enum', labels: ['a'] }, 'string'],
    [{ enum: 'index' }, { family: 'enum', labels: ['a'] }, 'number'],
    [{ set: 'list' }, { family: 'set', labels: ['a'] }, 'list'],
    [{ set: 'text' }, { family: 'set', labels: ['a'] }, 'string'],
    [{ set: 'bitmask' }, { family: 'set', labels: ['a'] }, 'number'],
    [{ geometry: 'wkb' }, { family: 'geometry', shape: 'point' }, 'geometry-struct'],
    [{ geometry: 'wkt' }, { family: 'geometry', shape: 'point' }, 'wkt'],
    [{ geometry: 'geojson' }, { family: 'geometry', shape: 'point' }, 'geojson'],
    [{ vector: 'list' }, { family: 'vector', dimensions: 3 }, 'list'],
    [{ vector: 'base64' }, { family: 'vector', dimensions: 3 }, 'base64'],
  ])('%o is the same in every format, in values and keys', (types, type, as) => {
    for (const represent of [representPlain, representDebezium]) expect(shown(represent, type, types).map((text) => text.split('/')[0])).toEqual(both(as));
  });

  it('about other types changes nothing', () => {
    const types: Partial<TypePolicies> = { zeroDates: 'epoch', tinyint1: 'boolean', decimal: 'string', binary: 'hex', json: 'text', enum: 'index', set: 'text', geometry: 'wkt', vector: 'base64' };
    expect(shown(representPlain, INT8, types)).toEqual(both('safe-number/string'));
    expect(shown(representPlain, { family: 'integer', bytes: 4, unsigned: true }, { ...types, bigint: 'string' })).toEqual(both('safe-number/string'));
    expect(shown(representDebezium, { family: 'text', charset: 'utf8mb4', maxBytes: 4 }, { ...types, bigint: 'string' })).toEqual(both('string/null'));
    expect(withPolicies(representPlain, { table: table(INT8), types: NO_POLICIES }, 'value')).toBe(representPlain);
    expect(withPolicies(representPlain, { table: table(INT8) }, 'key')).toBe(representPlain);
  });

  it('that could make two keys one leaves keys as they are', () => {
    expect(shown(representPlain, DATE, { zeroDates: 'null' })).toEqual(['string/null', 'string/string']);
    expect(shown(representDebezium, DATE, { zeroDates: 'epoch' })).toEqual(['epoch-days/epoch', 'epoch-days/null']);
    expect(shown(representDebezium, DATE, { zeroDates: 'string' })).toEqual(both('epoch-days/string'));
    expect(shown(representPlain, { ...TINY, tinyint1: true }, { tinyint1: 'boolean' })).toEqual(['boolean/string', 'safe-number/string']);
  });

  it('leaves a mask alone', () => {
    const from = projection(table(INT8), { bigint: 'number' }, true);
    const image = new RowImage(from.table);
    image.set(Buffer.from([0]), 0, 1);
    for (const make of [imageWriter, keyWriter]) expect(written((out) => make(from, representPlain)(image, out))).toBe('{"c":""}');
  });
});

describe('bits', () => {
  it('follow bigint where they are numbers that may be unsafe', () => {
    expect(shown(representPlain, { family: 'bit', bits: 64 }, { bigint: 'string' })).toEqual(both('string/string'));
    expect(shown(representPlain, { family: 'bit', bits: 53 }, { bigint: 'string' })).toEqual(both('safe-number/string'));
    expect(shown(representDebezium, { family: 'bit', bits: 64 }, { bigint: 'string' })).toEqual(both('base64-bits/null'));
  });
});

describe('tinyint(1)', () => {
  it('is a boolean only where its width is known', () => {
    expect(shown(representDebezium, { ...TINY, tinyint1: true }, { tinyint1: 'boolean' })[0]).toBe('boolean/null');
    expect(shown(representDebezium, { ...TINY, tinyint1: false }, { tinyint1: 'boolean' })[0]).toBe('signed-number/null');
    expect(() => shown(representPlain, TINY, { tinyint1: 'boolean' })).toThrow(refusal('table shop.t: types.tinyint1 is boolean, and whether column c is a tinyint(1)'));
    expect(shown(representPlain, TINY, { tinyint1: 'number' })).toEqual(both('number/string'));
  });
});

describe('what a format cannot say', () => {
  const limited: Represent = () => ({ as: 'string', zero: 'null', limits: { format: 'canal', as: ['string', 'wkt'], zero: ['null'] } });

  it('is refused with its name and the policy', () => {
    expect(() => shown(limited, { family: 'json' }, { json: 'inline' })).toThrow(refusal('table shop.t: types.json is inline, which the format canal cannot say of column c'));
    expect(() => shown(limited, DATE, { zeroDates: 'string' })).toThrow(refusal('table shop.t: types.zeroDates is string, which the format canal cannot say of column c'));
  });

  it('is no trouble where it says it already, or can', () => {
    expect(shown(limited, { family: 'json' }, { json: 'text' })).toEqual(both('string/null'));
    expect(shown(limited, { family: 'geometry', shape: 'point' }, { geometry: 'wkt' })).toEqual(both('wkt/null'));
  });
});
