import type { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const SMALLEST_NORMAL_FLOAT = 2 ** -126;
/** Every whole float below this is exact, and its digits are its shortest text. */
const TWO_24 = 0x1000000;
const TWO_31 = 0x80000000;
/** The longest fractions that are tried with integer arithmetic before text is made. */
const POWER = [10, 100, 1_000, 10_000] as const;

/** The shortest text that reads back as the same double, with an exponent where JavaScript shows one: 0.1, 1e21, 1e-7. */
export function writeDouble(value: number, out: ByteWriter): void {
  if (!writeWhole(value, TWO_31, false, out) && !writeShortFraction(value, false, out)) out.latin1(numberText(value));
}

/** As `writeDouble`, and always with a point or an exponent: 1.0, 1e21. */
export function writePointedDouble(value: number, out: ByteWriter): void {
  if (!writeWhole(value, TWO_31, true, out) && !writeShortFraction(value, false, out)) out.latin1(withPoint(numberText(value)));
}

/** The shortest text that reads back as the same float; `value` is the float, widened: 0.1, not 0.10000000149011612. */
export function writeFloat(value: number, out: ByteWriter): void {
  if (!writeWhole(value, TWO_24, false, out) && !writeShortFraction(value, true, out)) out.latin1(numberText(shortestFloat(value)));
}

/** As `writeFloat`, and always with a point or an exponent. */
export function writePointedFloat(value: number, out: ByteWriter): void {
  if (!writeWhole(value, TWO_24, true, out) && !writeShortFraction(value, true, out)) out.latin1(withPoint(numberText(shortestFloat(value))));
}

/** The double whose shortest text is the shortest text of the float. */
export function shortestFloat(value: number): number {
  const digits = Math.abs(value) < SMALLEST_NORMAL_FLOAT ? 1 : 6;
  for (let precision = digits; precision < 9; precision++) {
    const candidate = Number(value.toPrecision(precision));
    if (readsAsFloat(candidate, value)) return candidate;
  }
  return Number(value.toPrecision(9));
}

/** As JavaScript prints it, without the plus sign of an exponent. @throws RowcastError ROW_UNREADABLE for what is no number */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RowcastError('ROW_UNREADABLE', 'a floating point column holds an infinity or a NaN, which the server does not store');
  return String(value).replace('e+', 'e');
}

/**
 * True when the text of `candidate` reads back as the float, straight or by way of a double. The two can differ only
 * half-way between two floats, and not for a whole number, which is exactly its text.
 */
function readsAsFloat(candidate: number, value: number): boolean {
  if (Math.fround(candidate) !== value) return false;
  if (Number.isSafeInteger(candidate)) return true;
  const mirror = 2 * candidate - value;
  return candidate === value || Math.fround(mirror) !== mirror;
}

function withPoint(text: string): string {
  return text.includes('.') || text.includes('e') ? text : `${text}.0`;
}

function writeWhole(value: number, limit: number, pointed: boolean, out: ByteWriter): boolean {
  if (value !== Math.trunc(value) || value >= limit || value <= -limit) return false;
  if (value === 0 && 1 / value < 0) out.byte(MINUS);
  out.integer(value === 0 ? 0 : value);
  if (pointed) {
    out.byte(DOT);
    out.byte(ZERO);
  }
  return true;
}

/**
 * Writes numbers of a few digits after the point without making text: digits / 10^n is the double nearest to that
 * decimal, so when it is the value, the decimal reads back, and fewer digits were tried before.
 */
function writeShortFraction(value: number, float: boolean, out: ByteWriter): boolean {
  const magnitude = Math.abs(value);
  if (magnitude >= 100_000 || magnitude < 0.001) return false;
  for (let i = 0; i < POWER.length; i++) {
    const power = POWER[i] as number;
    const digits = Math.round(magnitude * power);
    const candidate = digits / power;
    if (float ? !readsAsFloat(candidate, magnitude) : candidate !== magnitude) continue;
    if (value < 0) out.byte(MINUS);
    const whole = (digits / power) | 0;
    out.integer(whole);
    out.byte(DOT);
    out.digits(digits - whole * power, i + 1);
    return true;
  }
  return false;
}
