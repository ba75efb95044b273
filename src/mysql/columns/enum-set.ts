import type { ByteWriter } from '../../core/byte-writer.ts';
import type { Constant } from '../../core/constant.ts';
import { sharedConstant } from '../../core/constant.ts';
import { RowcastError } from '../../core/errors.ts';
import { jsonStringBytes } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { fixedWidth, lengthPrefix, uint16le, uint32le } from './fixed-width.ts';
import { writeUint64 } from './int64.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** ENUM: the label's number in one or two bytes, little-endian, from 1; 0 is the empty text of an invalid value. */
export function enumCodec(width: 1 | 2, labels: readonly string[]): ColumnCodec {
  const all = ['', ...labels];
  const indexOf = (bytes: Buffer, at: number): number => {
    const index = width === 1 ? (bytes[at] as number) : uint16le(bytes, at);
    if (index < all.length) return index;
    throw new RowcastError('ROW_UNREADABLE', `an ENUM column holds label ${index}, but has ${labels.length} labels`);
  };
  const writerOf = (encoded: readonly Buffer[]): ColumnWriter => {
    const constants = encoded.map(sharedConstant);
    return (bytes, at, out) => {
      out.constant(constants[indexOf(bytes, at)] as Constant);
      return at + width;
    };
  };
  return {
    ...fixedWidth(width),
    read: (bytes, at) => all[indexOf(bytes, at)] as string,
    writer(as) {
      if (as === 'text') return writerOf(all.map((label) => Buffer.from(label)));
      if (as === 'number') return writerOf(all.map((_, index) => Buffer.from(String(index))));
      return as === 'string' ? writerOf(all.map(jsonStringBytes)) : undefined;
    },
  };
}

/** SET: one bit a label in 1, 2, 3, 4 or 8 bytes, the first label in the lowest bit. */
export function setCodec(width: number, labels: readonly string[]): ColumnCodec {
  const check = (bytes: Buffer, at: number): void => {
    for (let bit = labels.length; bit < width * 8; bit++) {
      if (hasBit(bytes, at, bit)) throw new RowcastError('ROW_UNREADABLE', `a SET column holds label ${bit + 1}, but has ${labels.length} labels`);
    }
  };
  const writerOf = (encoded: readonly Buffer[], open: number, close: number): ColumnWriter => {
    return (bytes, at, out) => {
      check(bytes, at);
      if (open !== NOTHING) out.byte(open);
      writeLabels(encoded, bytes, at, out);
      if (close !== NOTHING) out.byte(close);
      return at + width;
    };
  };
  const bitmask: ColumnWriter = (bytes, at, out) => {
    check(bytes, at);
    if (width === 8) writeUint64(uint32le(bytes, at + 4), uint32le(bytes, at), out);
    else out.integer(lengthPrefix(bytes, at, width));
    return at + width;
  };
  return {
    ...fixedWidth(width),
    read(bytes, at) {
      check(bytes, at);
      return labels.filter((_, bit) => hasBit(bytes, at, bit));
    },
    writer(as) {
      if (as === 'text') return writerOf(labels.map((label) => Buffer.from(label)), NOTHING, NOTHING);
      if (as === 'string') return writerOf(labels.map((label) => jsonStringBytes(label).subarray(1, -1)), QUOTE, QUOTE);
      if (as === 'number') return bitmask;
      return as === 'list' ? writerOf(labels.map(jsonStringBytes), OPEN, CLOSE) : undefined;
    },
  };
}

const NOTHING = 0;

function hasBit(bytes: Uint8Array, at: number, bit: number): boolean {
  return ((bytes[at + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0;
}

function writeLabels(encoded: readonly Buffer[], bytes: Uint8Array, at: number, out: ByteWriter): void {
  let first = true;
  for (let bit = 0; bit < encoded.length; bit++) {
    if (!hasBit(bytes, at, bit)) continue;
    if (!first) out.byte(COMMA);
    first = false;
    out.raw(encoded[bit] as Buffer);
  }
}
