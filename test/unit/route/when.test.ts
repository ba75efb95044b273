import { describe, expect, it } from 'vitest';
import { checkCondition } from '../../../src/route/condition/check.ts';
import { changeCondition } from '../../../src/route/condition/condition.ts';
import { column, event, image, table } from './tables.ts';

const of = table([column(0, 'status', 'text', ['draft', 'paid'])]);
const draft = image(of, [0]);
const paid = image(of, [1]);
const nothing = image(of, [null]);

describe('when', () => {
  const example = changeCondition("op != 'u' || before.status != after.status", of);

  it('tells inserts and deletes, and updates that change the column', () => {
    expect(example.test('insert', event(of), null, draft)).toBe(true);
    expect(example.test('delete', event(of), draft, null)).toBe(true);
    expect(example.test('update', event(of), draft, paid)).toBe(true);
    expect(example.test('update', event(of), draft, image(of, [0]))).toBe(false);
    expect(example.test('update', event(of), nothing, paid)).toBe(false);
  });

  it('sees the columns of an image that is not there as NULL', () => {
    expect(changeCondition('after.status == "paid"', of).test('delete', event(of), paid, null)).toBe(false);
    expect(changeCondition('before == null && after != null', of).test('insert', event(of), null, paid)).toBe(true);
  });

  it('sees the table and the time of the commit', () => {
    const condition = changeCondition('table == "shop.orders" && ts >= timestamp("2026-01-01T00:00:00.000005Z")', of);
    expect(condition.test('insert', event(of, 1767225600000005), null, paid)).toBe(true);
    expect(condition.test('insert', event(of, 1767225600000004), null, paid)).toBe(false);
  });
});

describe('checkCondition', () => {
  it.each([
    ["row.total >= 10.0 && row.status != 'draft'", 'where'],
    ["op != 'u' || before.status != after.status", 'when'],
    ['row.tags.exists(t, t == "a")', 'where'],
    ['row.at.getHours() + 1 > 5 && double(1.5) > 1.0', 'where'],
  ] as const)('has nothing against %s', (text, kind) => {
    expect(checkCondition(text, kind)).toBe(null);
  });

  it.each([
    ['row.a >', 'where', 'line 1, column'],
    ['row.a == 1 &&\n rwo.b == 2', 'where', 'Unknown variable: rwo (line 2, column 2)'],
    ['before.a == 1', 'where', 'Unknown variable: before'],
    ['row == null || size(row) > 1', 'where', 'row stands alone; name one of its columns, as in row.id (line 1, column 21)'],
    ['row[row.a] == 1', 'where', 'row[…] takes the name of a column in quotes'],
    ['1 + 2', 'where', 'it answers int, not true or false'],
    ['op == 1', 'when', 'no such overload'],
    ['[1].exists(row, row == 1)', 'where', 'row cannot be the variable of exists()'],
    ['row.a > timestamp("2026-02-30T00:00:00Z")', 'where', 'timestamp() takes a text like'],
  ] as const)('finds what is wrong with %s', (text, kind, message) => {
    expect(checkCondition(text, kind)).toContain(message);
  });
});
