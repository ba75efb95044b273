import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { isList, kindOf } from './compare.ts';
import { align, Exact } from './exact.ts';
import { durationOf, Moment, nanosOf, shift } from './moment.ts';
import { Unanswerable } from './unanswerable.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;

/**
 * Integers within 64 bits, signed or unsigned; doubles as doubles; decimals exactly, and a literal beside an integer or a
 * decimal as the decimal it is written as.
 * @throws Unanswerable with NULL, for other types, past 64 bits, and for a division by zero
 */
export function calculate(operator: ArithmeticOperator, a: unknown, b: unknown): unknown {
  const left = a instanceof UnsignedInt ? a.valueOf() : a;
  const right = b instanceof UnsignedInt ? b.valueOf() : b;
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(operator, left, right);
  const doubles = [asDouble(left), asDouble(right)] as const;
  const bothLiterals = left instanceof Exact && right instanceof Exact;
  if (doubles[0] !== undefined && doubles[1] !== undefined && !bothLiterals) return floats(operator, doubles[0], doubles[1]);
  const exact = [asExact(left), asExact(right)] as const;
  if (exact[0] !== undefined && exact[1] !== undefined) return decimals(operator, exact[0], exact[1]);
  const other = operator === '+' ? add(left, right) : operator === '-' ? subtract(left, right) : undefined;
  if (other === undefined) throw new Unanswerable(`cannot calculate ${kindOf(a)} ${operator} ${kindOf(b)}`);
  return other;
}

/** `-x`. @throws Unanswerable for what has no sign */
export function negate(value: unknown): unknown {
  if (typeof value === 'number') return -value;
  if (value instanceof Exact) return new Exact(-value.unscaled, value.scale, value.double === undefined ? undefined : -value.double);
  return calculate('-', 0n, value);
}

function integers(operator: ArithmeticOperator, a: bigint, b: bigint): bigint {
  if ((operator === '/' || operator === '%') && b === 0n) throw new Unanswerable('division by zero');
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b;
  if (result < MIN_INT || result > MAX_UINT) throw new Unanswerable('an integer does not fit into 64 bits');
  return result;
}

function floats(operator: ArithmeticOperator, a: number, b: number): number {
  if (operator === '%') throw new Unanswerable('cannot calculate double % double');
  return operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b;
}

function decimals(operator: ArithmeticOperator, a: Exact, b: Exact): Exact {
  if (operator === '/' || operator === '%') throw new Unanswerable(`decimals have no exact ${operator}; use double(x)`);
  if (operator === '*') return new Exact(a.unscaled * b.unscaled, a.scale + b.scale);
  const [left, right, scale] = align(a, b);
  return new Exact(operator === '+' ? left + right : left - right, scale);
}

function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (a instanceof Moment && b instanceof Duration) return shift(a, b, 1n);
  if (a instanceof Duration && b instanceof Moment) return shift(b, a, 1n);
  if (a instanceof Duration && b instanceof Duration) return durationOf((nanosOf(a) + nanosOf(b)) / 1000n);
  return isList(a) && isList(b) ? [...a, ...b] : undefined;
}

function subtract(a: unknown, b: unknown): unknown {
  if (a instanceof Moment && b instanceof Moment) return durationOf(a.valid() - b.valid());
  if (a instanceof Moment && b instanceof Duration) return shift(a, b, -1n);
  return a instanceof Duration && b instanceof Duration ? durationOf((nanosOf(a) - nanosOf(b)) / 1000n) : undefined;
}

function asDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof Exact ? value.double : undefined;
}

function asExact(value: unknown): Exact | undefined {
  if (value instanceof Exact) return value;
  return typeof value === 'bigint' ? new Exact(value, 0) : undefined;
}
