import type { ByteWriter } from '../../core/byte-writer.ts';

const MINUS = 0x2d;
const ZERO = 0x30;
const DOT = 0x2e;
/** Bytes that hold a group of so many digits. */
const GROUP_BYTES = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4] as const;

/** One group of digits in the stored form. */
export interface DecimalGroup {
  readonly bytes: number;
  readonly digits: number;
}

/** The stored form of a DECIMAL(precision, scale). */
export interface DecimalShape {
  readonly scale: number;
  readonly width: number;
  readonly groups: readonly DecimalGroup[];
  /** How many of the groups are before the point. */
  readonly whole: number;
}

/**
 * MySQL's `decimal2bin` form: groups of nine digits in four bytes, counted from the point to both sides; what is left
 * at either end takes as few bytes as it can. Big-endian; the first bit is inverted, and all bits of a negative one.
 */
export function decimalShape(precision: number, scale: number): DecimalShape {
  const before = precision - scale;
  const groups: DecimalGroup[] = [];
  if (before % 9 > 0) groups.push(groupOf(before % 9));
  for (let i = 0; i < Math.floor(before / 9); i++) groups.push(groupOf(9));
  const whole = groups.length;
  for (let i = 0; i < Math.floor(scale / 9); i++) groups.push(groupOf(9));
  if (scale % 9 > 0) groups.push(groupOf(scale % 9));
  return { scale, width: groups.reduce((sum, group) => sum + group.bytes, 0), groups, whole };
}

function groupOf(digits: number): DecimalGroup {
  return { digits, bytes: GROUP_BYTES[digits] as number };
}

/** Whether the decimal that starts at `at` is negative. */
export function isNegative(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) & 0x80) === 0;
}

/** The digits of one group as a number. */
export function groupValue(bytes: Uint8Array, at: number, size: number, negative: boolean): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = (value << 8) | (bytes[at + i] as number);
  return (negative ? (size === 4 ? ~value : ~value & ((1 << (size * 8)) - 1)) : value) >>> 0;
}

/** As `groupValue`, for the first group of a decimal, whose first bit is inverted. */
export function firstGroupValue(bytes: Uint8Array, at: number, size: number, negative: boolean): number {
  return (groupValue(bytes, at, size, negative) ^ (0x80 << ((size - 1) * 8))) >>> 0;
}

/** The decimal as the server prints it: a sign only when negative, at least one digit before the point, all of the scale. */
export function writeDecimal(bytes: Uint8Array, at: number, shape: DecimalShape, out: ByteWriter): void {
  const { groups, whole } = shape;
  const negative = isNegative(bytes, at);
  if (negative) out.byte(MINUS);
  let started = false;
  let position = at;
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as DecimalGroup;
    const value = i === 0 ? firstGroupValue(bytes, position, group.bytes, negative) : groupValue(bytes, position, group.bytes, negative);
    position += group.bytes;
    if (i === whole) startFraction(started, out);
    if (i >= whole || started) {
      out.digits(value, group.digits);
    } else if (value !== 0) {
      out.integer(value);
      started = true;
    }
  }
  if (whole === groups.length && !started) out.byte(ZERO);
}

function startFraction(started: boolean, out: ByteWriter): void {
  if (!started) out.byte(ZERO);
  out.byte(DOT);
}
