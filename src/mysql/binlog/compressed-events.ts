import { inflateSync } from 'node:zlib';
import { RowcastError } from '../../core/errors.ts';
import { EVENT } from './header.ts';

const FLAG_COMPRESSED = 0x80;
const ALGORITHM = 0x70;
const LENGTH_BYTES = 0x07;

/** True for MariaDB's WRITE, UPDATE and DELETE_ROWS_COMPRESSED, versions 1 and 2. */
export function isCompressedRows(type: number): boolean {
  return type >= EVENT.WRITE_ROWS_COMPRESSED_V1 && type <= EVENT.DELETE_ROWS_COMPRESSED;
}

/** The type that the rows event would have without compression. */
export function plainRowsType(type: number): number {
  if (!isCompressedRows(type)) return type;
  return type < EVENT.WRITE_ROWS_COMPRESSED ? type - EVENT.WRITE_ROWS_COMPRESSED_V1 + EVENT.WRITE_ROWS_V1 : type - EVENT.WRITE_ROWS_COMPRESSED + EVENT.WRITE_ROWS;
}

/**
 * What MariaDB compressed (`log_bin_compress`, `log_event.cc`): 1 byte: 0x80, the algorithm (0: zlib) in the three bits
 * below and the length of the next field in the last three · the uncompressed length, big-endian · a zlib stream.
 * @throws RowcastError EVENT_CORRUPT; EVENT_UNSUPPORTED for an algorithm that is not known
 */
export function uncompressedLength(bytes: Buffer, at: number, end: number): number {
  const head = at < end ? (bytes[at] as number) : 0;
  const width = head & LENGTH_BYTES;
  if ((head & FLAG_COMPRESSED) === 0 || width === 0 || width > 4 || at + 1 + width > end) throw damaged('its head is not what it should be');
  if ((head & ALGORITHM) !== 0) throw new RowcastError('EVENT_UNSUPPORTED', `an event is compressed by method ${(head & ALGORITHM) >> 4}, which is not known`);
  return bytes.readUIntBE(at + 1, width);
}

/** The uncompressed bytes. No more than they are said to be is ever held. @throws RowcastError as `uncompressedLength` */
export function inflate(bytes: Buffer, at: number, end: number): Buffer {
  const length = uncompressedLength(bytes, at, end);
  const start = at + 1 + ((bytes[at] as number) & LENGTH_BYTES);
  const inflated = inflateOrRefuse(bytes.subarray(start, end), length);
  if (inflated.length !== length) throw damaged(`it holds ${inflated.length} bytes instead of ${length}`);
  return inflated;
}

function inflateOrRefuse(bytes: Buffer, length: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    throw damaged('it cannot be uncompressed', cause);
  }
}

function damaged(what: string, cause?: unknown): RowcastError {
  return new RowcastError('EVENT_CORRUPT', `a compressed event cannot be read: ${what}`, { cause });
}
