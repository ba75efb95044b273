import { TYPE } from './description.ts';

/** How a TABLE_MAP event says the values of a column lie in a row image. */
export interface ColumnStorage {
  /** Type code; ENUM and SET, which the event hides in STRING, have their own, all variable strings VARCHAR, all blobs BLOB. */
  readonly code: number;
  /** Bytes of the length before the value, 0 for values of fixed width. */
  readonly prefix: number;
  /** Strings: the largest value in bytes. ENUM and SET: their width. BIT: bits. Dates and times: digits after the second. */
  readonly size: number;
  /** MariaDB's COMPRESSED columns. */
  readonly compressed: boolean;
}

const ENUM_BITS = 0x30;

/** Reads type code and metadata (first byte | second byte << 8) of a TABLE_MAP event. */
export function storageOf(typeCode: number, meta: number): ColumnStorage {
  const first = meta & 0xff;
  const second = meta >> 8;
  switch (typeCode) {
    case TYPE.STRING:
      return stringStorage(first, second);
    case TYPE.ENUM:
    case TYPE.SET:
      return fixed(typeCode, second);
    case TYPE.VARCHAR:
    case TYPE.VAR_STRING:
      return { ...fixed(TYPE.VARCHAR, meta), prefix: meta > 255 ? 2 : 1 };
    case TYPE.VARCHAR_COMPRESSED:
      return { code: TYPE.VARCHAR, prefix: meta > 255 ? 2 : 1, size: meta - 1, compressed: true };
    case TYPE.TINY_BLOB:
    case TYPE.MEDIUM_BLOB:
    case TYPE.LONG_BLOB:
    case TYPE.BLOB:
      return { ...fixed(TYPE.BLOB, 256 ** first - 1), prefix: first };
    case TYPE.BLOB_COMPRESSED:
      return { ...fixed(TYPE.BLOB, 256 ** first - 1), prefix: first, compressed: true };
    case TYPE.JSON:
    case TYPE.GEOMETRY:
    case TYPE.VECTOR:
      return { ...fixed(typeCode, 256 ** first - 1), prefix: first };
    case TYPE.BIT:
      return fixed(typeCode, second * 8 + first);
    case TYPE.TIME2:
    case TYPE.DATETIME2:
    case TYPE.TIMESTAMP2:
      return fixed(typeCode, first);
    default:
      return fixed(typeCode, 0);
  }
}

/** The first byte is the real type; for CHAR above 255 bytes two bits of the length are folded into it, inverted. */
function stringStorage(first: number, second: number): ColumnStorage {
  const folded = (first & ENUM_BITS) !== ENUM_BITS;
  const code = folded ? first | ENUM_BITS : first;
  const size = folded ? second | (((first & ENUM_BITS) ^ ENUM_BITS) << 4) : second;
  if (code === TYPE.ENUM || code === TYPE.SET) return fixed(code, size);
  return { ...fixed(TYPE.STRING, size), prefix: size > 255 ? 2 : 1 };
}

function fixed(code: number, size: number): ColumnStorage {
  return { code, prefix: 0, size, compressed: false };
}
