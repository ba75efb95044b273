import { ByteWriter } from '../../core/byte-writer.ts';
import { fill } from '../../core/projection.ts';
import type { ColumnWriter } from '../../core/table.ts';
import { numberText, shortestFloat, writePointedDouble, writePointedFloat } from './number-text.ts';

const ZERO = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;
const LETTER_E = 0x45;
/** Doubles from here to 10^7 are written without an exponent. */
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e7;
/** `BigDecimal` writes an exponent where the first digit stands after more zeros than these. */
const ZEROS_OF_PLAIN = 6;
/** A sign, 65 digits and a point. */
const DECIMAL_BYTES = 128;

/** As Java's `Double.toString` since JDK 19, which prints the shortest digits: 1.0, 1.0E21, 1.0E-7. */
export function writeJavaDouble(value: number, out: ByteWriter): void {
  if (isPlain(value)) writePointedDouble(value, out);
  else out.latin1(withExponent(value, value, (text) => Number(text) === value));
}

/** As `Float.toString`; `value` is the float, widened. */
export function writeJavaFloat(value: number, out: ByteWriter): void {
  if (isPlain(value)) writePointedFloat(value, out);
  else out.latin1(withExponent(shortestFloat(value), value, (text) => Math.fround(Number(text)) === value));
}

function isPlain(value: number): boolean {
  const magnitude = Math.abs(value);
  return magnitude === 0 || (magnitude >= SMALLEST_PLAIN && magnitude < LARGEST_PLAIN);
}

/** Where one digit is enough, Java prints the two that come nearest, so that there is one after the point: 4.9E-324. */
function withExponent(shortest: number, exact: number, readsBack: (text: string) => boolean): string {
  numberText(shortest);
  const two = exact.toExponential(1);
  const text = /^-?\de/.test(shortest.toExponential()) && readsBack(two) ? two : shortest.toExponential();
  return text.replace(/^(-?\d)e/, '$1.0e').replace('e+', 'E').replace('e', 'E');
}

/**
 * Decimals as `BigDecimal.toString` writes them: digits and scale kept, and an exponent where the first digit stands far
 * behind the point: 0E-9, 1E-9, 1.5E-7. `plain` writes the server's text.
 */
export function javaDecimalWriter(plain: ColumnWriter, scale: number): ColumnWriter {
  if (scale <= ZEROS_OF_PLAIN) return plain;
  const scratch = new ByteWriter(DECIMAL_BYTES);
  return (bytes, at, out) => {
    const next = fill(scratch, (text) => plain(bytes, at, text));
    writeScaled(scratch.bytes, scratch.at, scale, out);
    return next;
  };
}

/** `text[0, end)`: a sign or none, digits, a point and `scale` digits. */
function writeScaled(text: Uint8Array, end: number, scale: number, out: ByteWriter): void {
  let first = text[0] === MINUS ? 1 : 0;
  while (first < end - 1 && (text[first] === ZERO || text[first] === DOT)) first++;
  const exponent = first < end - scale ? 0 : end - scale - first - 1;
  if (exponent >= -ZEROS_OF_PLAIN) {
    out.range(text, 0, end);
    return;
  }
  if (text[0] === MINUS) out.byte(MINUS);
  out.byte(text[first] as number);
  if (first + 1 < end) out.byte(DOT);
  out.range(text, first + 1, end);
  out.byte(LETTER_E);
  out.integer(exponent);
}
