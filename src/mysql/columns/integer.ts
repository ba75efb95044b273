import { JSON_FALSE, JSON_TRUE } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { int32le, uint16le, uint24le, uint32le } from './fixed-width.ts';
import { writeInt64, writeUint64 } from './int64.ts';
import { quoted } from './quoted.ts';

const QUOTE = 0x22;
/** High words of numbers below 2^53 are below this. */
const SAFE_HIGH = 0x200000;

type Read = (bytes: Uint8Array, at: number) => number;

const READ: Readonly<Record<1 | 2 | 3 | 4, { signed: Read; unsigned: Read }>> = {
  1: { signed: (bytes, at) => ((bytes[at] as number) << 24) >> 24, unsigned: (bytes, at) => bytes[at] as number },
  2: { signed: (bytes, at) => (uint16le(bytes, at) << 16) >> 16, unsigned: uint16le },
  3: { signed: (bytes, at) => (uint24le(bytes, at) << 8) >> 8, unsigned: uint24le },
  4: { signed: int32le, unsigned: uint32le },
};

/** TINYINT to BIGINT: little-endian two's complement. */
export function integerCodec(width: 1 | 2 | 3 | 4 | 8, unsigned: boolean): ColumnCodec {
  return width === 8 ? longCodec(unsigned) : smallCodec(width, READ[width][unsigned ? 'unsigned' : 'signed']);
}

function smallCodec(width: number, read: Read): ColumnCodec {
  const number: ColumnWriter = (bytes, at, out) => {
    out.integer(read(bytes, at));
    return at + width;
  };
  return {
    skip: (_bytes, at) => at + width,
    read: (bytes, at) => BigInt(read(bytes, at)),
    writer(as) {
      if (as === 'text' || as === 'number' || as === 'safe-number' || as === 'signed-number') return number;
      if (as === 'string') return quoted(number);
      return as === 'boolean' ? booleanWriter(width) : undefined;
    },
  };
}

function longCodec(unsigned: boolean): ColumnCodec {
  const number = unsigned ? unsignedLong : signedLong;
  return {
    skip: (_bytes, at) => at + 8,
    read: (bytes, at) => (unsigned ? bytes.readBigUInt64LE(at) : bytes.readBigInt64LE(at)),
    writer(as) {
      if (as === 'text' || as === 'number') return number;
      if (as === 'string') return quoted(number);
      if (as === 'safe-number') return unsigned ? safeUnsignedLong : safeSignedLong;
      if (as === 'signed-number') return signedLong;
      return as === 'boolean' ? booleanWriter(8) : undefined;
    },
  };
}

const unsignedLong: ColumnWriter = (bytes, at, out) => {
  writeUint64(uint32le(bytes, at + 4), uint32le(bytes, at), out);
  return at + 8;
};

const signedLong: ColumnWriter = (bytes, at, out) => {
  writeInt64(int32le(bytes, at + 4), int32le(bytes, at), out);
  return at + 8;
};

const safeUnsignedLong: ColumnWriter = (bytes, at, out) => {
  const high = uint32le(bytes, at + 4);
  const quote = high >= SAFE_HIGH;
  if (quote) out.byte(QUOTE);
  writeUint64(high, uint32le(bytes, at), out);
  if (quote) out.byte(QUOTE);
  return at + 8;
};

const safeSignedLong: ColumnWriter = (bytes, at, out) => {
  const high = int32le(bytes, at + 4);
  const low = int32le(bytes, at);
  const quote = high >= SAFE_HIGH || high < -SAFE_HIGH || (high === -SAFE_HIGH && low === 0);
  if (quote) out.byte(QUOTE);
  writeInt64(high, low, out);
  if (quote) out.byte(QUOTE);
  return at + 8;
};

function booleanWriter(width: number): ColumnWriter {
  return (bytes, at, out) => {
    let any = 0;
    for (let i = 0; i < width; i++) any |= bytes[at + i] as number;
    out.raw(any === 0 ? JSON_FALSE : JSON_TRUE);
    return at + width;
  };
}
