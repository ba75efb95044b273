import { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeBase64, writeBase64Integer } from './base64.ts';
import type { DecimalShape } from './decimal-text.ts';
import { decimalShape, firstGroupValue, groupValue, isNegative, writeDecimal } from './decimal-text.ts';
import { fixedWidth } from './fixed-width.ts';
import { javaDecimalWriter } from './java-text.ts';
import { writePointedDouble } from './number-text.ts';
import { opened, QUOTE, quoted } from './quoted.ts';

/** DECIMAL(65): its digits, a sign, a point and a zero in front of it. */
const DECIMAL_TEXT_BYTES = 72;
/** DECIMAL(65) is below 2^216: 28 bytes with the sign. */
const UNSCALED_BYTES = 28;
/** Values of so many digits are below 2^63. */
const PRECISION_OF_TWO = 18;
/** From here on `high` · 2^16 + `low` takes more than three bytes. */
const SHORT_HIGH = 128;
const LIMBS = UNSCALED_BYTES / 2;

/** DECIMAL(precision, scale), precision 1 to 65, scale 0 to 30. */
export function decimalCodec(precision: number, scale: number): ColumnCodec {
  const shape = decimalShape(precision, scale);
  const { width } = shape;
  const text: ColumnWriter = (bytes, at, out) => {
    writeDecimal(bytes, at, shape, out);
    return at + width;
  };
  return {
    ...fixedWidth(width),
    read: (bytes, at) => ({ unscaled: unscaledOf(bytes, at, shape), scale }),
    writer(as) {
      if (as === 'text' || as === 'number') return text;
      if (as === 'string') return quoted(text);
      if (as === 'float-number') return doubleWriter(text);
      if (as === 'java-number') return javaDecimalWriter(text, scale);
      return as === 'base64-unscaled' ? unscaledWriter(precision, shape) : undefined;
    },
  };
}

/** The double nearest to the decimal. */
function doubleWriter(text: ColumnWriter): ColumnWriter {
  const scratch = new ByteWriter(DECIMAL_TEXT_BYTES);
  return (bytes, at, out) => {
    scratch.at = 0;
    const next = text(bytes, at, scratch);
    writePointedDouble(Number(scratch.bytes.toString('latin1', 0, scratch.at)), out);
    return next;
  };
}

function unscaledOf(bytes: Uint8Array, at: number, shape: DecimalShape): bigint {
  const negative = isNegative(bytes, at);
  let unscaled = 0n;
  eachGroup(bytes, at, shape, (value, digits) => {
    unscaled = unscaled * 10n ** BigInt(digits) + BigInt(value);
  });
  return negative ? -unscaled : unscaled;
}

function eachGroup(bytes: Uint8Array, at: number, shape: DecimalShape, visit: (value: number, digits: number) => void): void {
  const negative = isNegative(bytes, at);
  let position = at;
  for (let i = 0; i < shape.sizes.length; i++) {
    const size = shape.sizes[i] as number;
    const value = i === 0 ? firstGroupValue(bytes, position, size, negative) : groupValue(bytes, position, size, negative);
    visit(value >>> 0, shape.digits[i] as number);
    position += size;
  }
}

/** Base64 of the unscaled value in two's complement, without BigInt. */
function unscaledWriter(precision: number, shape: DecimalShape): ColumnWriter {
  return opened(precision <= PRECISION_OF_TWO ? twoNumbersWriter(shape) : limbsWriter(shape));
}

/** Base64 up to the closing quote. The value is kept as `high` · 2^16 + `low`, so that every product stays below 2^53. */
function twoNumbersWriter(shape: DecimalShape): ColumnWriter {
  const { sizes, width } = shape;
  const factors = Float64Array.from(shape.digits, (digits) => 10 ** digits);
  const scratch = Buffer.alloc(8);
  return (bytes, at, out) => {
    const negative = isNegative(bytes, at);
    let from = at + (sizes[0] as number);
    let value = firstGroupValue(bytes, at, sizes[0] as number, negative) >>> 0;
    let high = Math.floor(value / 65536);
    let low = value & 0xffff;
    for (let i = 1; i < sizes.length; i++) {
      const size = sizes[i] as number;
      value = groupValue(bytes, from, size, negative) >>> 0;
      from += size;
      const factor = factors[i] as number;
      const product = low * factor + value;
      const carry = Math.floor(product / 65536);
      low = product - carry * 65536;
      high = high * factor + carry;
    }
    if (high < SHORT_HIGH) {
      const value = high * 65536 + low;
      writeBase64Integer(negative ? -value : value, out);
    } else {
      const upper = Math.floor(high / 65536);
      const start = putTwosComplement(upper, (high - upper * 65536) * 65536 + low, negative, scratch);
      writeBase64(scratch, start, 8, out);
    }
    out.byte(QUOTE);
    return at + width;
  };
}

/** Fills `scratch` with ±(`high` · 2^32 + `low`), big-endian, and returns where the shortest form starts. */
function putTwosComplement(high: number, low: number, negative: boolean, scratch: Buffer): number {
  const lower = negative ? -low | 0 : low | 0;
  const upper = negative ? (~high + (lower === 0 ? 1 : 0)) | 0 : high | 0;
  for (let i = 0; i < 4; i++) {
    scratch[i] = upper >> (24 - 8 * i);
    scratch[i + 4] = lower >> (24 - 8 * i);
  }
  const flip = upper >> 31;
  const spare = upper === flip ? 32 + Math.clz32(lower ^ flip) : Math.clz32(upper ^ flip);
  return spare === 64 ? 7 : (spare - 1) >> 3;
}

/** Base64 up to the closing quote. Limbs of 16 bits, lowest first, so that every product stays below 2^53. */
function limbsWriter(shape: DecimalShape): ColumnWriter {
  const limbs = new Float64Array(LIMBS);
  const buffer = Buffer.alloc(UNSCALED_BYTES);
  let used = 0;
  const add = (value: number, digits: number): void => {
    const factor = 10 ** digits;
    let carry = value;
    for (let i = 0; i < used; i++) {
      const product = (limbs[i] as number) * factor + carry;
      carry = Math.floor(product / 65536);
      limbs[i] = product - carry * 65536;
    }
    while (carry > 0) {
      const rest = Math.floor(carry / 65536);
      limbs[used++] = carry - rest * 65536;
      carry = rest;
    }
  };
  return (bytes: Buffer, at: number, out: ByteWriter) => {
    used = 0;
    eachGroup(bytes, at, shape, add);
    const start = toTwosComplement(limbs, used, isNegative(bytes, at), buffer);
    writeBase64(buffer, start, UNSCALED_BYTES, out);
    out.byte(QUOTE);
    return at + shape.width;
  };
}

/** Fills the end of `buffer`, big-endian, and returns where the shortest form starts. */
function toTwosComplement(limbs: Float64Array, used: number, negative: boolean, buffer: Buffer): number {
  let at = UNSCALED_BYTES;
  let carry = negative ? 1 : 0;
  const flip = negative ? 0xffff : 0;
  for (let i = 0; i < used; i++) {
    const value = ((limbs[i] as number) ^ flip) + carry;
    carry = value >> 16;
    buffer[--at] = value & 0xff;
    buffer[--at] = (value >> 8) & 0xff;
  }
  const sign = negative && used > 0 ? 0xff : 0;
  if (at === UNSCALED_BYTES || ((buffer[at] as number) & 0x80) !== (sign & 0x80)) buffer[--at] = sign;
  while (at < UNSCALED_BYTES - 1 && buffer[at] === sign && ((buffer[at + 1] as number) & 0x80) === (sign & 0x80)) at++;
  return at;
}
