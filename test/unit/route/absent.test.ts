import { describe, expect, it } from 'vitest';
import { ABSENT, RowImage, UNCHANGED } from '../../../src/core/row-image.ts';
import { changeCondition, imageCondition } from '../../../src/route/condition/condition.ts';
import { column, event, table } from './tables.ts';

const of = table([column(0, 'id', 'int', [1n, 2n]), column(1, 'x', 'int', [5n, 6n])]);

/** An image of some columns: an index of a value, null, or why it is not there. */
function image(...cells: readonly (number | null)[]): RowImage {
  const there = cells.filter((cell) => cell === null || cell >= 0);
  let present = 0;
  const bits = Int32Array.from(cells, (cell) => (cell !== null && cell < 0 ? cell : present++));
  const nulls = there.reduce<number>((sum, cell, bit) => (cell === null ? sum | (1 << bit) : sum), 0);
  const bytes = Buffer.from([...(there.length === 0 ? [] : [nulls]), ...there.filter((cell) => cell !== null)]);
  const result = new RowImage(of);
  result.set(bytes, 0, bytes.length, present === cells.length ? null : { bits, present });
  return result;
}

describe('conditions about a column that the binlog does not tell', () => {
  it.each(['row.x == 5', 'row.x == null', 'row.x != null', 'has(row.x)', '!(row.x > 5)', 'row.x in [1]'])('%s has no answer', (text) => {
    expect(() => imageCondition(text, of).test(image(0, ABSENT))).toThrow(
      expect.objectContaining({ code: 'CONDITION_FAILED', message: `table ${of.database}.${of.name}: where has no answer: the binlog does not tell the column x of this row: ${text}` }),
    );
  });

  it.each([
    ['row.id == 1', true],
    ['row.id == 1 || row.x == 5', true],
    ['row.id == 2 && row.x == 5', false],
    ['row.id == 2 ? row.x == 5 : true', true],
  ])('%s is %s, whatever it is', (text, answer) => {
    expect(imageCondition(text, of).test(image(0, ABSENT))).toBe(answer);
  });

  it('see what an after image leaves to its before image', () => {
    const condition = changeCondition('before.x == after.x && after.x == 6', of);
    const [before, after] = [image(0, 1), image(1, UNCHANGED)];
    const bytes = Buffer.concat([before.bytes, after.bytes]);
    const start = before.bytes.length;
    before.set(bytes, 0, bytes.length);
    after.set(bytes, start, bytes.length, { bits: Int32Array.of(0, UNCHANGED), present: 1 });
    after.fallback = before;
    expect(condition.test('update', event(of), before, after)).toBe(true);
    expect(() => condition.test('update', event(of), image(0, ABSENT), after)).toThrow(expect.objectContaining({ code: 'CONDITION_FAILED' }));
  });

  it('are asked about NULL as before', () => {
    expect(imageCondition('row.x == null', of).test(image(0, null))).toBe(true);
    expect(imageCondition('row.x == null', of).test(image(ABSENT, null))).toBe(true);
  });
});
