import { JSON_FALSE, JSON_TRUE } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeBase64 } from './base64.ts';
import { fixedWidth, int32le, uint16le, uint24le, uint32le } from './fixed-width.ts';
import { writeInt64, writeUint64 } from './int64.ts';
import { quoted } from './quoted.ts';

const QUOTE = 0x22;
const MAX_INT8 = 0x7f;
/** Bytes of a 64-bit number with room for a sign. */
const LONG_WITH_SIGN = 9;
/** High words of numbers below 2^53 are below this. */
const SAFE_HIGH = 0x200000;

/** How integers of up to 32 bits are read and written: a function for each width, for none of them is fast for two. */
interface Small {
  readonly read: (bytes: Uint8Array, at: number) => number;
  readonly write: ColumnWriter;
}

const int8: Small = {
  read: (bytes, at) => ((bytes[at] as number) << 24) >> 24,
  write(bytes, at, out) {
    out.integer(((bytes[at] as number) << 24) >> 24);
    return at + 1;
  },
};

const uint8: Small = {
  read: (bytes, at) => bytes[at] as number,
  write(bytes, at, out) {
    out.integer(bytes[at] as number);
    return at + 1;
  },
};

const int16: Small = {
  read: (bytes, at) => (uint16le(bytes, at) << 16) >> 16,
  write(bytes, at, out) {
    out.integer((uint16le(bytes, at) << 16) >> 16);
    return at + 2;
  },
};

const uint16: Small = {
  read: uint16le,
  write(bytes, at, out) {
    out.integer(uint16le(bytes, at));
    return at + 2;
  },
};

const int24: Small = {
  read: (bytes, at) => (uint24le(bytes, at) << 8) >> 8,
  write(bytes, at, out) {
    out.integer((uint24le(bytes, at) << 8) >> 8);
    return at + 3;
  },
};

const uint24: Small = {
  read: uint24le,
  write(bytes, at, out) {
    out.integer(uint24le(bytes, at));
    return at + 3;
  },
};

const int32: Small = {
  read: int32le,
  write(bytes, at, out) {
    out.integer(int32le(bytes, at));
    return at + 4;
  },
};

const uint32: Small = {
  read: uint32le,
  write(bytes, at, out) {
    out.integer(uint32le(bytes, at));
    return at + 4;
  },
};

const SMALL: Readonly<Record<1 | 2 | 3 | 4, { readonly signed: Small; readonly unsigned: Small }>> = {
  1: { signed: int8, unsigned: uint8 },
  2: { signed: int16, unsigned: uint16 },
  3: { signed: int24, unsigned: uint24 },
  4: { signed: int32, unsigned: uint32 },
};

/** TINYINT to BIGINT: little-endian two's complement. */
export function integerCodec(width: 1 | 2 | 3 | 4 | 8, unsigned: boolean): ColumnCodec {
  return width === 8 ? longCodec(unsigned) : smallCodec(width, SMALL[width][unsigned ? 'unsigned' : 'signed']);
}

function smallCodec(width: number, { read, write }: Small): ColumnCodec {
  return {
    ...fixedWidth(width),
    read: (bytes, at) => BigInt(read(bytes, at)),
    writer(as) {
      if (as === 'text' || as === 'number' || as === 'safe-number' || as === 'signed-number') return write;
      if (as === 'string') return quoted(write);
      return as === 'boolean' ? booleanWriter(width) : undefined;
    },
  };
}

function longCodec(unsigned: boolean): ColumnCodec {
  const number = unsigned ? unsignedLong : signedLong;
  return {
    ...fixedWidth(8),
    read: (bytes, at) => (unsigned ? bytes.readBigUInt64LE(at) : bytes.readBigInt64LE(at)),
    writer(as) {
      if (as === 'text' || as === 'number') return number;
      if (as === 'string') return quoted(number);
      if (as === 'safe-number') return unsigned ? safeUnsignedLong : safeSignedLong;
      if (as === 'signed-number') return signedLong;
      if (as === 'base64-unscaled') return unscaledLong(unsigned);
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

/** Base64 of the value in two's complement, big-endian, as short as it can be: nine bytes from 2^63 on. */
function unscaledLong(unsigned: boolean): ColumnWriter {
  const scratch = Buffer.alloc(LONG_WITH_SIGN);
  return (bytes, at, out) => {
    scratch[0] = !unsigned && (bytes[at + 7] as number) > MAX_INT8 ? 0xff : 0;
    for (let i = 0; i < 8; i++) scratch[8 - i] = bytes[at + i] as number;
    let start = 0;
    while (start < 8 && isSignOf(scratch[start] as number, scratch[start + 1] as number)) start++;
    out.byte(QUOTE);
    writeBase64(scratch, start, LONG_WITH_SIGN, out);
    out.byte(QUOTE);
    return at + 8;
  };
}

/** Whether a byte says no more than the sign that the first bit of the next one says. */
function isSignOf(byte: number, next: number): boolean {
  return (byte === 0 && next <= MAX_INT8) || (byte === 0xff && next > MAX_INT8);
}

function booleanWriter(width: number): ColumnWriter {
  return (bytes, at, out) => {
    let any = 0;
    for (let i = 0; i < width; i++) any |= bytes[at + i] as number;
    out.raw(any === 0 ? JSON_FALSE : JSON_TRUE);
    return at + width;
  };
}
