import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import { Constant } from '../../src/core/constant.ts';
import type { Projection } from '../../src/core/projection.ts';
import { RowImage } from '../../src/core/row-image.ts';
import type { TableVersion } from '../../src/core/table.ts';
import { formsOf } from '../../src/format/image-writer.ts';
import { representPlain } from '../../src/format/plain/representations.ts';
import { WholeImages } from '../../src/format/whole-images.ts';
import { TYPE } from '../../src/mysql/columns/description.ts';
import { encodeDocument } from '../unit/mysql/columns/json-encoder.ts';
import { column, withLength } from '../unit/mysql/columns/support.ts';

/** Tables of more columns have no code of their own. */
const MOST_COLUMNS = 64;
const AFTER = new Constant(Buffer.from(',"after":'));

const KINDS = {
  tiny: { described: column(TYPE.TINY, [], { unsigned: false }), values: fc.uint8Array({ minLength: 1, maxLength: 1 }).map((bytes) => Buffer.from(bytes)) },
  double: { described: column(TYPE.DOUBLE, [8]), values: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => Buffer.from(Float64Array.of(value).buffer)) },
  text: { described: column(TYPE.BLOB, [2], { charset: 'utf8mb4' }), values: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => withLength(2, Buffer.from(text))) },
  json: { described: column(TYPE.JSON, [4]), values: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((object) => withLength(4, encodeDocument({ object }))) },
} as const;

type Kind = keyof typeof KINDS;
/** A value of one column before and after, null for NULL; and whether the column is shown. */
interface Cell {
  readonly kind: Kind;
  readonly before: Buffer | null;
  readonly after: Buffer | null;
  readonly shown: boolean;
  readonly name: string;
}

/** Of any characters, as short as a word and longer than what is copied by words. */
const names = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }), fc.nat(200).map((length) => 'n'.repeat(length)));

const cells: fc.Arbitrary<Cell> = fc.constantFrom<Kind>('tiny', 'double', 'text', 'json').chain((kind) => {
  const value = fc.option(KINDS[kind].values, { freq: 4 });
  const pair = fc.oneof({ weight: 3, arbitrary: value.map((same) => [same, same] as const) }, { weight: 1, arbitrary: fc.tuple(value, value) });
  return fc.record({ kind: fc.constant(kind), pair, shown: fc.boolean(), name: names }).map(({ pair: [before, after], shown, name }) => ({ kind, before, after, shown, name }));
});

function tableOf(row: readonly Cell[]): TableVersion {
  const columns = row.map(({ kind, name }, index) => ({ ...KINDS[kind].described, index, name, nullable: true }));
  return { database: 'd', name: 't', columns, primaryKey: [], captured: true };
}

function imageBytes(values: readonly (Buffer | null)[]): Buffer {
  const nulls = Buffer.alloc((values.length + 7) >> 3);
  values.forEach((value, index) => {
    if (value === null) nulls[index >> 3] = (nulls[index >> 3] as number) | (1 << (index & 7));
  });
  return Buffer.concat([nulls, ...values.filter((value) => value !== null)]);
}

/** What is written, or the code of the error; the whole length, where the buffer was too small. */
function written(capacity: number, write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(capacity);
  try {
    write(out);
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  return out.overflowed ? String(out.at) : out.view().toString('latin1');
}

describe('both images of an update', () => {
  const rows = fc.array(cells, { minLength: 1, maxLength: 20 });

  /** Compares both images written together with one after the other, by the loop and by code of the table's own. */
  function compare(row: readonly Cell[], damage: readonly (readonly [number, number])[], { capacity, cut }: { readonly capacity: number; readonly cut: number }): void {
    const table = tableOf(row);
    const columns = table.columns.filter((_column, index) => row[index]?.shown).map((each) => ({ column: each, name: each.name, mask: null }));
    const projection: Projection = { table, columns, key: [] };
    const first = imageBytes(row.map(({ before }) => before));
    const whole = Buffer.concat([first, imageBytes(row.map(({ after }) => after))]);
    const bytes = whole.subarray(0, Math.max(first.length, whole.length - cut));
    for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
    const [before, after] = [new RowImage(table), new RowImage(table)];
    const set = (): void => {
      before.set(bytes, 0, bytes.length);
      after.set(bytes, first.length, bytes.length);
    };
    const forms = formsOf(projection, representPlain, representPlain);
    const looped = new WholeImages(forms);
    const compiled = new WholeImages(forms);
    compiled.compile();
    expect([looped.compiled, compiled.compiled]).toEqual([false, row.length <= MOST_COLUMNS]);
    const ends: number[] = [];
    const apart = (images: WholeImages): string => {
      set();
      return written(capacity, (out) => {
        images.one(before, out);
        out.constant(AFTER);
        images.one(after, out);
        ends.push(before.end(), after.end());
      });
    };
    const together = (images: WholeImages): string => {
      set();
      return written(capacity, (out) => {
        images.two(before, AFTER, after, out);
        ends.push(before.end(), after.end());
      });
    };
    const told = apart(looped);
    expect([apart(compiled), together(looped), together(compiled)]).toEqual([told, told, told]);
    if (damage.length === 0 && cut === 0) expect(ends).toEqual([1, 2, 3, 4].flatMap(() => [first.length, bytes.length]));
  }

  it('are what each of them is by itself', () => {
    fc.assert(fc.property(rows, fc.nat(4000), (row, capacity) => {
      compare(row, [], { capacity: 8192, cut: 0 });
      compare(row, [], { capacity, cut: 0 });
    }), { numRuns: 2000 });
  });

  it('are refused as each of them is where the second ends within its NULLs', () => {
    for (const length of [MOST_COLUMNS, 80]) {
      const row = Array.from({ length }, (): Cell => ({ kind: 'tiny', before: Buffer.of(1), after: Buffer.of(1), shown: true, name: 'c' }));
      for (let cut = 0; cut <= 90; cut++) compare(row, [], { capacity: 8192, cut });
    }
  });

  it('are refused as each of them is', () => {
    fc.assert(fc.property(rows, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }), fc.nat(10), (row, damage, cut) => {
      compare(row, damage, { capacity: 8192, cut });
    }), { numRuns: 2000 });
  });
});
