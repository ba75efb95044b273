import type { ByteWriter } from '../../core/byte-writer.ts';
import { putDigits, putUint32 } from '../../core/digits.ts';

const MINUS = 0x2d;
const ZERO = 0x30;
const DOT = 0x2e;
/** Bytes that hold a group of so many digits. */
const GROUP_BYTES = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4] as const;

/** The stored form of a DECIMAL(precision, scale). */
export interface DecimalShape {
  readonly scale: number;
  readonly width: number;
  /** Bytes of each group of digits, first to last. */
  readonly sizes: Uint8Array;
  /** Digits of each group. */
  readonly digits: Uint8Array;
  /** How many of the groups are before the point. */
  readonly whole: number;
}

/**
 * MySQL's `decimal2bin` form: groups of nine digits in four bytes, counted from the point to both sides; what is left
 * at either end takes as few bytes as it can. Big-endian; the first bit is inverted, and all bits of a negative one.
 */
export function decimalShape(precision: number, scale: number): DecimalShape {
  const before = precision - scale;
  const digits: number[] = [];
  if (before % 9 > 0) digits.push(before % 9);
  for (let i = 0; i < Math.floor(before / 9); i++) digits.push(9);
  const whole = digits.length;
  for (let i = 0; i < Math.floor(scale / 9); i++) digits.push(9);
  if (scale % 9 > 0) digits.push(scale % 9);
  const sizes = Uint8Array.from(digits, (count) => GROUP_BYTES[count] as number);
  return { scale, width: sizes.reduce((sum, size) => sum + size, 0), sizes, digits: Uint8Array.from(digits), whole };
}

/** Whether the decimal that starts at `at` is negative. */
export function isNegative(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) & 0x80) === 0;
}

/** The digits of one group of 1 to 4 bytes as a number. */
export function groupValue(bytes: Uint8Array, at: number, size: number, negative: boolean): number {
  const flip = negative ? -1 : 0;
  if (size === 4) return (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) ^ flip;
  if (size === 1) return (bytes[at] as number) ^ (flip & 0xff);
  if (size === 2) return (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) ^ (flip & 0xffff);
  return (((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)) ^ (flip & 0xffffff);
}

/** As `groupValue`, for the first group of a decimal, whose first bit is inverted. */
export function firstGroupValue(bytes: Uint8Array, at: number, size: number, negative: boolean): number {
  return groupValue(bytes, at, size, negative) ^ (0x80 << ((size - 1) * 8));
}

/** The decimal as the server prints it: a sign only when negative, at least one digit before the point, all of the scale. */
export function writeDecimal(bytes: Uint8Array, at: number, shape: DecimalShape, out: ByteWriter): void {
  const { sizes, digits, whole } = shape;
  const target = out.bytes;
  const negative = isNegative(bytes, at);
  let to = out.at;
  if (negative) target[to++] = MINUS;
  let started = false;
  let from = at;
  let flip = 0x80 << (((sizes[0] as number) - 1) * 8);
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] as number;
    const value = (groupValue(bytes, from, size, negative) ^ flip) >>> 0;
    from += size;
    flip = 0;
    if (i === whole) {
      if (!started) target[to++] = ZERO;
      target[to++] = DOT;
      started = true;
    }
    if (started) {
      to = putDigits(target, to, value, digits[i] as number);
    } else if (value !== 0) {
      to = putUint32(target, to, value);
      started = true;
    }
  }
  if (!started) target[to++] = ZERO;
  out.at = to;
}
