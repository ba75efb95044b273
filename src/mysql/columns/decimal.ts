import type { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeBase64 } from './base64.ts';
import type { DecimalGroup, DecimalShape } from './decimal-text.ts';
import { decimalShape, firstGroupValue, groupValue, isNegative, writeDecimal } from './decimal-text.ts';
import { quoted } from './quoted.ts';

const QUOTE = 0x22;
/** DECIMAL(65) is below 2^216: 28 bytes with the sign. */
const UNSCALED_BYTES = 28;
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
    skip: (_bytes, at) => at + width,
    read: (bytes, at) => ({ unscaled: unscaledOf(bytes, at, shape), scale }),
    writer(as) {
      if (as === 'text' || as === 'number') return text;
      if (as === 'string') return quoted(text);
      return as === 'base64-unscaled' ? unscaledWriter(shape) : undefined;
    },
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
  for (let i = 0; i < shape.groups.length; i++) {
    const group = shape.groups[i] as DecimalGroup;
    visit(i === 0 ? firstGroupValue(bytes, position, group.bytes, negative) : groupValue(bytes, position, group.bytes, negative), group.digits);
    position += group.bytes;
  }
}

/** Base64 of the unscaled value in two's complement, without BigInt: limbs of 16 bits, so that every product stays below 2^53. */
function unscaledWriter(shape: DecimalShape): ColumnWriter {
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
    out.byte(QUOTE);
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
