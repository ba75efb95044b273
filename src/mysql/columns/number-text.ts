import type { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const LETTER_E = 0x65;
const ZERO = 0x30;
const SMALLEST_NORMAL_FLOAT = 2 ** -126;
/** Every whole float below this is exact, and its digits are its shortest text. */
const TWO_24 = 0x1000000;
/** The server shows whole numbers from here on with an exponent, and fractions from here on if a digit stands after the point. */
const LARGEST_PLAIN = 1e15;
/** JavaScript shows an exponent below this, the server below `SMALLEST_PLAIN`. */
const SMALLEST_PLAIN_HERE = 1e-6;
const SMALLEST_PLAIN = 1e-15;
/** JavaScript shows an exponent from here on. */
const LARGEST_PLAIN_HERE = 1e21;
/** The longest fractions that are tried with integer arithmetic before text is made. */
const POWER = [10, 100, 1_000, 10_000] as const;

/** As the server shows a double: the shortest text that reads back as the same, 0.1, 1e15, 0.0000001, 1e-16. */
export function writeDouble(value: number, out: ByteWriter): void {
  if (!writeWhole(value, LARGEST_PLAIN, false, out) && !writeShortFraction(value, false, out)) writeAsServer(value, out);
}

/** As the server shows a double in a JSON document: 1.0 for 1. */
export function writeDocumentDouble(value: number, out: ByteWriter): void {
  if (!writeWhole(value, LARGEST_PLAIN, true, out) && !writeShortFraction(value, false, out)) writeAsServer(value, out);
}

/** The shortest text that reads back as the same double, with an exponent where JavaScript shows one, and always with it or a point: 1.0, 1e21. */
export function writePointedDouble(value: number, out: ByteWriter): void {
  if (!writeWhole(value, LARGEST_PLAIN, true, out) && !writeShortFraction(value, false, out)) out.latin1(withPoint(numberText(value)));
}

/**
 * The shortest text that reads back as the same float; `value` is the float, widened: 0.1, not 0.10000000149011612. The server
 * shows the same where six digits are enough, and no more digits than that.
 */
export function writeFloat(value: number, out: ByteWriter): void {
  if (!writeWhole(value, TWO_24, false, out) && !writeShortFraction(value, true, out)) writeAsServer(shortestFloat(value), out);
}

/** As `writePointedDouble`, for a float. */
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

/** The digits of JavaScript, which are those of the server, in its notation. */
function writeAsServer(value: number, out: ByteWriter): void {
  const text = numberText(value);
  const magnitude = Math.abs(value);
  if (magnitude >= LARGEST_PLAIN && magnitude < LARGEST_PLAIN_HERE) writeLarge(text, out);
  else if (magnitude < SMALLEST_PLAIN_HERE && magnitude >= SMALLEST_PLAIN) writeSmall(text, out);
  else out.latin1(text);
}

/** `3098595963677577.5` stays, `123456789012345680000` becomes `1.2345678901234568e20`. */
function writeLarge(text: string, out: ByteWriter): void {
  if (text.includes('.')) {
    out.latin1(text);
    return;
  }
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  out.latin1(text.slice(0, first + 1));
  if (end > first + 1) {
    out.byte(DOT);
    out.latin1(text.slice(first + 1, end));
  }
  out.byte(LETTER_E);
  out.integer(text.length - first - 1);
}

/** `1.25e-7` becomes `0.000000125`. */
function writeSmall(text: string, out: ByteWriter): void {
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  const exponent = text.indexOf('e');
  if (first === 1) out.byte(MINUS);
  out.byte(ZERO);
  out.byte(DOT);
  out.digits(0, Number(text.slice(exponent + 2)) - 1);
  out.byte(text.charCodeAt(first));
  out.latin1(text.slice(first + 2, exponent));
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
