import type { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeBase64 } from './base64.ts';
import { float32le, lengthPrefix } from './fixed-width.ts';
import { writeFloat } from './number-text.ts';
import { quoted } from './quoted.ts';

const QUOTE = 0x22;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;

/** VECTOR: a length of `prefix` bytes, then floats, little-endian. Its text is the list of them, each in its shortest form. */
export function vectorCodec(prefix: number): ColumnCodec {
  const list: ColumnWriter = (bytes, at, out) => {
    const end = endOf(bytes, at, prefix);
    writeList(bytes, at + prefix, end, out);
    return end;
  };
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read(bytes, at) {
      const end = endOf(bytes, at, prefix);
      return Float32Array.from({ length: (end - at - prefix) / 4 }, (_, i) => float32le(bytes, at + prefix + i * 4));
    },
    writer(as) {
      if (as === 'text' || as === 'list') return list;
      if (as === 'base64') return base64Writer(prefix);
      return as === 'string' ? quoted(list) : undefined;
    },
  };
}

function base64Writer(prefix: number): ColumnWriter {
  return (bytes, at, out) => {
    const end = endOf(bytes, at, prefix);
    out.byte(QUOTE);
    writeBase64(bytes, at + prefix, end, out);
    out.byte(QUOTE);
    return end;
  };
}

function endOf(bytes: Buffer, at: number, prefix: number): number {
  const length = lengthPrefix(bytes, at, prefix);
  if (length % 4 !== 0) throw new RowcastError('ROW_UNREADABLE', `a vector of ${length} bytes is no list of floats`);
  return at + prefix + length;
}

function writeList(bytes: Buffer, from: number, to: number, out: ByteWriter): void {
  out.byte(OPEN);
  for (let i = from; i < to; i += 4) {
    if (i > from) out.byte(COMMA);
    writeFloat(float32le(bytes, i), out);
  }
  out.byte(CLOSE);
}
