import { undecided } from './reading.ts';

/** A number, with an exponent or without, as digits and the power of ten of the last one. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly exponent: number;
}

function parse(text: string): Decimal {
  const found = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/iu.exec(text);
  if (found === null) return undecided('a default that is no number');
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  return { negative: sign === '-', digits: BigInt(`${whole}${fraction}` || '0'), exponent: Number(exponent) - fraction.length };
}

/** The largest power of ten that a number in a table can have. */
const LARGEST = 400;

/** As a DECIMAL of that scale is shown: rounded half away from zero. */
export function decimalText(text: string, scale: number): string {
  const { negative, digits, exponent } = parse(text);
  const shift = exponent + scale;
  if (Math.abs(shift) > LARGEST) return undecided('a default that is too large');
  const unit = 10n ** BigInt(Math.abs(shift));
  const scaled = shift >= 0 ? digits * unit : (digits * 2n + unit) / (2n * unit);
  const shown = scaled.toString().padStart(scale + 1, '0');
  const point = scale === 0 ? shown : `${shown.slice(0, -scale)}.${shown.slice(-scale)}`;
  return negative && scaled !== 0n ? `-${point}` : point;
}

/** As an integer is shown. */
export function wholeText(text: string): string {
  return decimalText(text, 0);
}

/** As servers print a double: seventeen digits at most, an exponent from 1e15 on and below 1e-15. */
export function doubleText(value: number): string {
  return shown(value, value.toExponential());
}

/** The same for a float: six digits. */
export function floatText(value: number): string {
  return shown(value, Math.fround(value).toExponential(5));
}

function shown(value: number, exponential: string): string {
  if (!Number.isFinite(value)) return undecided('a default that is too large');
  const [mantissa = '0', power = '0'] = exponential.split('e');
  const digits = mantissa.replace(/[-.]/gu, '').replace(/0+$/u, '') || '0';
  const sign = value < 0 ? '-' : '';
  const point = Number(power) + 1;
  if (point > 15 || point < -14) return `${sign}${digits.charAt(0)}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${String(point - 1)}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, '0');
  return digits.length > point ? `${sign}${whole}.${digits.slice(point)}` : `${sign}${whole}`;
}
