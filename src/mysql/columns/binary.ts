import { writeLatin1String } from '../../core/json-text.ts';
import type { ColumnCodec, Representation } from '../../core/table.ts';
import { writeBase64, writeBase64Url, writeHex } from './base64.ts';
import { lengthPrefix } from './fixed-width.ts';
import { QUOTE } from './quoted.ts';
import type { RangeWriter } from './quoted.ts';

/** VARBINARY, BLOB and their kind: a length of `prefix` bytes, then the bytes. */
export function binaryCodec(prefix: number): ColumnCodec {
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read(bytes, at) {
      const start = at + prefix;
      return copyOf(bytes.subarray(start, start + lengthPrefix(bytes, at, prefix)));
    },
    writer(as) {
      const write = bytesWriter(as);
      if (write === undefined) return undefined;
      return (bytes, at, out) => {
        const start = at + prefix;
        const end = start + lengthPrefix(bytes, at, prefix);
        write(bytes, start, end, out);
        return end;
      };
    },
  };
}

/** BINARY(n): as `binaryCodec`; the zero bytes at the end, which the binlog leaves out, are put back. */
export function fixedBinaryCodec(prefix: number, size: number): ColumnCodec {
  const padded = Buffer.alloc(size);
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read(bytes, at) {
      loadPadded(bytes, at, prefix, padded);
      return copyOf(padded);
    },
    writer(as) {
      const write = bytesWriter(as);
      if (write === undefined) return undefined;
      return (bytes, at, out) => {
        const next = loadPadded(bytes, at, prefix, padded);
        write(padded, 0, size, out);
        return next;
      };
    },
  };
}

/** A copy that outlives the bytes it was taken from. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** Fills `value` with the bytes that start at `at` and zeros behind them; returns where the next column starts. */
export function loadPadded(bytes: Buffer, at: number, prefix: number, value: Buffer): number {
  const start = at + prefix;
  const length = lengthPrefix(bytes, at, prefix);
  for (let i = 0; i < value.length; i++) value[i] = i < length ? (bytes[start + i] as number) : 0;
  return start + length;
}

/** How binary types show: `text` is their bytes; the others are JSON strings. */
export function bytesWriter(as: Representation): RangeWriter | undefined {
  if (as === 'text') return rawWriter;
  if (as === 'base64') return inQuotes(writeBase64);
  if (as === 'latin1-string') return writeLatin1String;
  if (as === 'base64-url') return inQuotes(writeBase64Url);
  return as === 'hex' ? inQuotes(writeHex) : undefined;
}

const rawWriter: RangeWriter = (bytes, from, to, out) => {
  out.range(bytes, from, to);
};

function inQuotes(write: RangeWriter): RangeWriter {
  return (bytes, from, to, out) => {
    out.byte(QUOTE);
    write(bytes, from, to, out);
    out.byte(QUOTE);
  };
}
