import { JSON_FALSE, JSON_TRUE } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeBase64 } from './base64.ts';
import { fixedWidth, uintBe } from './fixed-width.ts';
import { writeUint64 } from './int64.ts';
import { quoted } from './quoted.ts';

const QUOTE = 0x22;
const SAFE_HIGH = 0x200000;

/** BIT(n): ⌈n / 8⌉ bytes, big-endian. Its text is the decimal number. */
export function bitCodec(bits: number): ColumnCodec {
  const width = (bits + 7) >> 3;
  const highWidth = Math.max(0, width - 4);
  const number: ColumnWriter = (bytes, at, out) => {
    writeUint64(uintBe(bytes, at, highWidth), uintBe(bytes, at + highWidth, width - highWidth), out);
    return at + width;
  };
  const quotedNumber = quoted(number);
  return {
    ...fixedWidth(width),
    read: (bytes, at) => (BigInt(uintBe(bytes, at, highWidth)) << 32n) | BigInt(uintBe(bytes, at + highWidth, width - highWidth)),
    writer(as) {
      if (as === 'text' || as === 'number') return number;
      if (as === 'string') return quotedNumber;
      if (as === 'safe-number') return (bytes, at, out) => (uintBe(bytes, at, highWidth) >= SAFE_HIGH ? quotedNumber : number)(bytes, at, out);
      if (as === 'boolean') return booleanWriter(width);
      return as === 'base64-bits' ? base64Writer(width) : undefined;
    },
  };
}

function booleanWriter(width: number): ColumnWriter {
  return (bytes, at, out) => {
    out.raw(uintBe(bytes, at, Math.min(width, 4)) === 0 && uintBe(bytes, at + 4, width - 4) === 0 ? JSON_FALSE : JSON_TRUE);
    return at + width;
  };
}

function base64Writer(width: number): ColumnWriter {
  const reversed = Buffer.alloc(width);
  return (bytes, at, out) => {
    for (let i = 0; i < width; i++) reversed[i] = bytes[at + width - 1 - i] as number;
    out.byte(QUOTE);
    writeBase64(reversed, 0, width, out);
    out.byte(QUOTE);
    return at + width;
  };
}
