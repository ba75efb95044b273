import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageLayout } from '../../../src/core/row-image.ts';
import { ABSENT, RowImage } from '../../../src/core/row-image.ts';
import type { Column, TableVersion } from '../../../src/core/table.ts';
import { imageCondition } from '../../../src/route/condition/condition.ts';
import { column, image, table } from './tables.ts';

/** A text whose first byte is its length, as a short VARCHAR has it; `reads` counts how often its value was asked for. */
function text(index: number, name: string): { readonly column: Column; reads: number } {
  const counted = {
    reads: 0,
    column: {
      ...column(index, name, 'text'),
      codec: {
        skip: (bytes: Buffer, at: number) => at + 1 + (bytes[at] ?? 0),
        read: (bytes: Buffer, at: number) => {
          counted.reads++;
          return bytes.toString('latin1', at + 1, at + 1 + (bytes[at] ?? 0));
        },
        writer: () => undefined,
      },
    },
  };
  return counted;
}

/** An image of texts and NULLs. */
function imageOf(of: TableVersion, values: readonly (string | null)[], layout: ImageLayout | null = null): RowImage {
  const nulls = values.reduce<number>((bits, value, index) => (value === null ? bits | (1 << index) : bits), 0);
  const bytes = Buffer.concat([Buffer.from([nulls]), ...values.map((value) => (value === null ? Buffer.alloc(0) : Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')])))]);
  const result = new RowImage(of);
  result.set(bytes, 0, bytes.length, layout);
  return result;
}

const [a, b] = [text(0, 'a'), text(1, 'b')];
const both = table([a.column, b.column]);

describe('verdicts of a where that are kept', () => {
  it('are those that the condition would give, whatever came before', () => {
    const value = fc.option(fc.constantFrom('', 'a', 'b', 'ab', 'ba', '\u0001a', 'x'.repeat(13), 'x'.repeat(14), 'x'.repeat(15), 'x'.repeat(31), 'x'.repeat(40)));
    fc.assert(
      fc.property(fc.constantFrom('row.a < row.b', 'row.a == "a" || row.b != "ab"', 'row.b == null', 'row.a + row.b == "ab"'), fc.array(fc.tuple(value, value), { maxLength: 60 }), (condition, rows) => {
        const kept = imageCondition(condition, both);
        const answer = (test: () => boolean): boolean | string => {
          try {
            return test();
          } catch (error) {
            return String(error);
          }
        };
        for (const row of rows) expect(answer(() => kept.test(imageOf(both, row)))).toBe(answer(() => imageCondition(condition, both).test(imageOf(both, row))));
      }),
    );
  });

  it('tell a NULL and a value from a value and a NULL', () => {
    const of = table([column(0, 'a', 'int', [7n, 7n]), column(1, 'b', 'int', [7n, 7n])]);
    const condition = imageCondition('row.a == 7 && row.b == null', of);
    expect([[1, null], [null, 1], [1, null], [null, 1]].map((values) => condition.test(image(of, values)))).toEqual([true, false, true, false]);
  });

  it('spare reading the same values again', () => {
    const one = text(0, 'a');
    const of = table([one.column]);
    const condition = imageCondition('row.a != "draft"', of);
    expect(['paid', 'draft', 'paid', 'draft', 'paid'].map((value) => condition.test(imageOf(of, [value])))).toEqual([true, false, true, false, true]);
    expect(one.reads).toBe(2);
  });

  it('are given up where values hardly ever come again', () => {
    const one = text(0, 'a');
    const of = table([one.column]);
    const condition = imageCondition('row.a != "draft"', of);
    for (let i = 0; i < 2000; i++) condition.test(imageOf(of, [`note ${i}`]));
    one.reads = 0;
    for (let i = 0; i < 5; i++) condition.test(imageOf(of, ['note']));
    expect(one.reads).toBe(5);
  });

  it('are none of a row that lacks a column', () => {
    const condition = imageCondition('row.b == "x"', both);
    expect(condition.test(imageOf(both, ['a', 'x']))).toBe(true);
    const withoutB: ImageLayout = { bits: Int32Array.of(0, ABSENT), present: 1 };
    for (let i = 0; i < 2; i++) expect(() => condition.test(imageOf(both, ['a'], withoutB))).toThrow(/does not tell the column b/);
    expect(condition.test(imageOf(both, ['a', 'x']))).toBe(true);
  });
});
