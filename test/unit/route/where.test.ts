import { describe, expect, it } from 'vitest';
import { imageCondition } from '../../../src/route/condition/condition.ts';
import type { ColumnValue, Decimal } from '../../../src/core/table.ts';
import { column, image, table } from './tables.ts';
import type { TypeName } from './tables.ts';

/** The answer of a condition about one column, `x`. */
function ask(text: string, value: ColumnValue | null, type: TypeName = 'int'): boolean {
  const of = table([column(0, 'x', type, value === null ? [] : [value])]);
  return imageCondition(text, of).test(image(of, [value === null ? null : 0]));
}

const decimal = (unscaled: bigint, scale: number): Decimal => ({ unscaled, scale });

describe('integers in conditions', () => {
  it.each([
    ['row.x > 9223372036854775807', true],
    ['row.x == 18446744073709551615u', true],
    ['row.x < 18446744073709551615u', false],
    ['row.x in [1, 18446744073709551615u]', true],
    ['row.x > -1', true],
    ['row.x < 18446744073709551615.5', true],
    ['row.x == 18446744073709551616.0', false],
  ])('18446744073709551615: %s is %s', (text, answer) => {
    expect(ask(text, 18446744073709551615n)).toBe(answer);
  });

  it('keeps 2^53 + 1 apart from its neighbours', () => {
    expect(ask('row.x == 9007199254740993', 9007199254740993n)).toBe(true);
    expect(ask('row.x == 9007199254740992.0', 9007199254740993n)).toBe(false);
    expect(ask('row.x > 9007199254740992.5', 9007199254740993n)).toBe(true);
  });
});

describe('decimals in conditions', () => {
  it.each([
    ['row.x >= 10.0', decimal(1000n, 2), true],
    ['row.x >= 10.0', decimal(999n, 2), false],
    ['row.x == 0.1', decimal(1n, 1), true],
    ['row.x == 0.1', decimal(10000000000000001n, 17), false],
    ['row.x == 9007199254740993.01', decimal(900719925474099301n, 2), true],
    ['row.x == 9007199254740993.01', decimal(900719925474099300n, 2), false],
    ['row.x > 9007199254740992.5', decimal(9007199254740993n, 0), true],
    ['row.x == 12345678901234567890.12', decimal(1234567890123456789012n, 2), true],
    ['row.x == 12345678901234567890.12', decimal(1234567890123456789013n, 2), false],
    ['row.x == -1.5e3', decimal(-150000n, 2), true],
    ['row.x + 0.1 == 0.3', decimal(2n, 1), true],
    ['row.x * 3 == 0.6', decimal(2n, 1), true],
    ['row.x > (true ? 0.1 : 5.0)', decimal(2n, 1), true],
    ['row.x in [0.1, 0.2]', decimal(2n, 1), true],
    ['row.x == 7', decimal(700n, 2), true],
    ['string(row.x) == "-0.07"', decimal(-7n, 2), true],
  ])('%s', (text, value, answer) => {
    expect(ask(text, value, 'decimal')).toBe(answer);
  });
});

it('compares doubles as doubles', () => {
  expect(ask('row.x == 0.1', 0.1, 'double')).toBe(true);
  expect(ask('row.x + 0.2 == 0.3', 0.1, 'double')).toBe(false);
});

describe('NULL in conditions', () => {
  it.each(['row.x == 1', 'row.x != 1', 'row.x < 1', 'row.x <= 1', 'row.x > 1', 'row.x >= 1', 'row.x in [1]', 'row.x == row.x', 'row.x != row.x', 'row.x != null', 'has(row.x)'])('%s is false', (text) => {
    expect(ask(text, null)).toBe(false);
  });

  it('is found by == null', () => {
    expect(ask('row.x == null', null)).toBe(true);
    expect(ask('null == row.x', null)).toBe(true);
    expect(ask('row.x == null', 5n)).toBe(false);
    expect(ask('row.x != null && has(row.x)', 5n)).toBe(true);
  });

  it('cannot be calculated with', () => {
    expect(() => ask('row.x + 1 > 0', null)).toThrow(expect.objectContaining({ code: 'CONDITION_FAILED', message: 'table shop.orders: where has no answer: cannot calculate NULL + int: row.x + 1 > 0' }));
  });
});

describe('dates in conditions', () => {
  const newYear = { text: '2026-01-01 00:00:00.000001', micros: 1767225600000001n };

  it.each([
    ['row.x > timestamp("2026-01-01T00:00:00Z")', true],
    ['row.x == timestamp("2026-01-01T00:00:00.000001Z")', true],
    ['row.x == timestamp("2026-01-01T01:00:00.000001+01:00")', true],
    ['row.x < timestamp("2026-01-01T00:00:00.000001Z")', false],
    ['row.x - duration("1s") < timestamp("2026-01-01T00:00:00Z")', true],
    ['row.x.getFullYear() == 2026 && row.x.getMonth() == 0 && row.x.getDayOfYear() == 0', true],
  ])('%s', (text, answer) => {
    expect(ask(text, newYear, 'datetime')).toBe(answer);
  });

  it('a zero date is not NULL, has its text, and no place in time', () => {
    const zero = { text: '0000-00-00 00:00:00', micros: null };
    expect(ask('row.x == null', zero, 'datetime')).toBe(false);
    expect(ask('string(row.x) == "0000-00-00 00:00:00"', zero, 'datetime')).toBe(true);
    expect(() => ask('row.x > timestamp("2026-01-01T00:00:00Z")', zero, 'datetime')).toThrow('a zero or partial date is no timestamp');
  });

  it('TIME is a duration, of either sign', () => {
    expect(ask('row.x < duration("-838h")', { text: '-838:59:59.500000', micros: -3020399500000n }, 'time')).toBe(true);
  });
});

describe('other types in conditions', () => {
  it('sets are lists, bytes are bytes, text counts by case', () => {
    expect(ask('"b" in row.x && size(row.x) == 2', ['a', 'b'], 'set')).toBe(true);
    expect(ask('row.x == b"\\x00\\xff"', Buffer.from([0, 255]), 'binary')).toBe(true);
    expect(ask('row.x.startsWith("dr") && row.x != "Draft"', 'draft', 'text')).toBe(true);
    expect(ask('row.x < "\u{1F600}"', '\uFF5E', 'text')).toBe(true);
  });

  it('never shows a value in an error', () => {
    const secret = (text: string, value: ColumnValue, type: TypeName) => {
      try {
        ask(text, value, type);
        return 'no error';
      } catch (error) {
        return String(error);
      }
    };
    expect(secret('row.x == 5', 'hunter2', 'text')).toBe('RowcastError: table shop.orders: where has no answer: cannot compare string with int: row.x == 5');
    expect(secret('int(row.x) == 5', 'hunter2', 'text')).not.toContain('hunter2');
    expect(secret('row.x * row.x > 0', 4611686018427387905n, 'int')).not.toContain('46116860');
    expect(secret('row.x', 'hunter2', 'text')).toContain('it does not answer true or false');
  });
});

describe('columns of conditions', () => {
  it('are read only where the expression asks', () => {
    const of = table([column(0, 'id', 'int'), column(1, 'weird name', 'int', [7n]), column(2, 'big', 'text')]);
    expect(imageCondition('row["weird name"] == 7 || row.big == "x"', of).test(image(of, [0, 0, 0]))).toBe(true);
  });

  it('that cannot be read are never covered up by the other side of ||', () => {
    const of = table([column(0, 'id', 'int', [1n]), column(1, 'bad', 'text')]);
    expect(() => imageCondition('row.bad == "x" || row.id == 1', of).test(image(of, [0, 0]))).toThrow('this column is not to be read');
  });

  it('must exist', () => {
    const of = table([column(0, 'status', 'text')]);
    expect(() => imageCondition('row.status == "a" &&\n row.statu == "b"', of)).toThrow(
      expect.objectContaining({ code: 'CONDITION_INVALID', message: expect.stringContaining('the table has no column statu, did you mean status? (line 2, column 2)') as unknown }),
    );
  });
});
