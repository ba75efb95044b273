import { inflateRawSync, inflateSync } from 'node:zlib';
import { RowcastError } from '../../core/errors.ts';
import type { ColumnCodec, ColumnValue, Representation } from '../../core/table.ts';
import { lengthPrefix, uintBe } from './fixed-width.ts';
import type { RangeWriter } from './quoted.ts';

const ZLIB = 0x80;
const WITHOUT_WRAPPER = 0x08;
const LENGTH_MASK = 0x07;

/** How the uncompressed bytes show. */
export interface Contents {
  writer(as: Representation): RangeWriter | undefined;
  read(bytes: Buffer): ColumnValue;
}

/**
 * A COMPRESSED column of MariaDB: a length of `prefix` bytes, then a byte of method: 0 before bytes that are not
 * compressed; else 0x80 for zlib, plus 8 where its wrapper is left out, plus how many bytes of original length follow,
 * big-endian. Nothing at all is the empty value.
 */
export function compressedCodec(prefix: number, contents: Contents): ColumnCodec {
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read: (bytes, at) => contents.read(uncompressed(bytes, at + prefix, lengthPrefix(bytes, at, prefix))),
    writer(as) {
      const write = contents.writer(as);
      if (write === undefined) return undefined;
      return (bytes, at, out) => {
        const length = lengthPrefix(bytes, at, prefix);
        const value = uncompressed(bytes, at + prefix, length);
        write(value, 0, value.length, out);
        return at + prefix + length;
      };
    },
  };
}

function uncompressed(bytes: Buffer, start: number, length: number): Buffer {
  const end = start + length;
  if (length === 0) return bytes.subarray(start, end);
  const method = bytes[start] as number;
  if (method === 0) return bytes.subarray(start + 1, end);
  const lengthBytes = method & LENGTH_MASK;
  if ((method & 0xf0) !== ZLIB || lengthBytes === 0 || lengthBytes >= length) throw unreadable(`method 0x${method.toString(16)}`);
  const original = uintBe(bytes, start + 1, lengthBytes);
  const inflate = (method & WITHOUT_WRAPPER) === 0 ? inflateSync : inflateRawSync;
  const value = inflateOrRefuse(() => inflate(bytes.subarray(start + 1 + lengthBytes, end), { maxOutputLength: Math.max(1, original) }));
  if (value.length !== original) throw unreadable(`${value.length} bytes instead of ${original}`);
  return value;
}

function inflateOrRefuse(inflate: () => Buffer): Buffer {
  try {
    return inflate();
  } catch (cause) {
    throw new RowcastError('ROW_UNREADABLE', 'a compressed column cannot be uncompressed', { cause });
  }
}

function unreadable(what: string): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a compressed column cannot be uncompressed: ${what}`);
}
