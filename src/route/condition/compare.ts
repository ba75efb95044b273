import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { align, Exact, parseExact } from './exact.ts';
import { Moment, nanosOf } from './moment.ts';
import { Unanswerable } from './unanswerable.ts';

/** Equality as conditions see it: false with a NULL on either side. @throws Unanswerable for types that cannot be compared */
export function equal(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return false;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  return order(a, b) === 0;
}

/** Is the value in the list? False for NULL. @throws Unanswerable where the right side is no list */
export function isIn(value: unknown, list: unknown): boolean {
  if (value === null || list === null) return false;
  if (isList(list)) return list.some((item) => equal(value, item));
  throw new Unanswerable(`in takes a list on its right, not ${kindOf(list)}`);
}

/** Negative, 0 or positive; NaN with a NULL on either side, which makes every comparison false. @throws Unanswerable */
export function order(a: unknown, b: unknown): number {
  if (a === null || b === null) return NaN;
  if (typeof a === 'string' && typeof b === 'string') return orderText(a, b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return sign(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const left = a instanceof UnsignedInt ? a.valueOf() : a;
  const right = b instanceof UnsignedInt ? b.valueOf() : b;
  if (isNumeric(left) && isNumeric(right)) return orderNumbers(left, right);
  if (left instanceof Moment && right instanceof Moment) return sign(left.valid(), right.valid());
  if (left instanceof Duration && right instanceof Duration) return sign(nanosOf(left), nanosOf(right));
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (isTypeName(left) && isTypeName(right)) return left === right ? 0 : NaN;
  throw new Unanswerable(`cannot compare ${kindOf(a)} with ${kindOf(b)}`);
}

/** What a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (isList(value)) return 'list';
  if (value instanceof UnsignedInt) return 'uint';
  if (value instanceof Exact) return value.double === undefined ? 'decimal' : 'double';
  if (value instanceof Moment) return 'timestamp';
  if (value instanceof Duration) return 'duration';
  return value instanceof Uint8Array ? 'bytes' : 'map';
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

type Numeric = bigint | number | Exact;

function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof Exact;
}

/** What `type(x)` answers. */
function isTypeName(value: unknown): boolean {
  return typeof value === 'object' && value !== null && value.constructor.name === 'Type';
}

function orderNumbers(a: Numeric, b: Numeric): number {
  // JavaScript compares bigint with number by their exact values.
  if (!(a instanceof Exact) && !(b instanceof Exact)) return sign(a, b);
  if (typeof a === 'number' && b instanceof Exact) return orderDouble(a, b);
  if (typeof b === 'number' && a instanceof Exact) return -orderDouble(b, a);
  const [left, right] = align(exactOf(a), exactOf(b));
  return sign(left, right);
}

/** A literal beside a double is a double; a DECIMAL meets the shortest text that reads back as the double. */
function orderDouble(double: number, exact: Exact): number {
  if (exact.double !== undefined) return sign(double, exact.double);
  if (!Number.isFinite(double)) return double;
  const [left, right] = align(parseExact(String(double)), exact);
  return sign(left, right);
}

function exactOf(value: Numeric): Exact {
  if (value instanceof Exact) return value;
  return typeof value === 'bigint' ? new Exact(value, 0) : parseExact(String(value));
}

function sign(a: bigint | number, b: bigint | number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // Loose, because 1n and 1 are one number here; NaN equals nothing.
  return a == b ? 0 : NaN; // eslint-disable-line eqeqeq
}

/** By code point; JavaScript's own order puts U+FF5E behind the characters that need two units. */
function orderText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
