import { RowcastError } from '../../core/errors.ts';
import { crc32 } from './crc32.ts';
import { FLAG, u32 } from './header.ts';

/** Bytes of the CRC32 (zlib's polynomial, little-endian) that ends an event where the FORMAT_DESCRIPTION says so. */
export const CHECKSUM = 4;

/** True when the last four bytes of the event are the CRC32 of those before. */
export function checksumFits(bytes: Buffer, start: number, end: number): boolean {
  return crc32(bytes, start, end - CHECKSUM) === u32(bytes, end - CHECKSUM);
}

/** @throws RowcastError EVENT_CORRUPT */
export function verifyChecksum(bytes: Buffer, start: number, end: number): void {
  if (!checksumFits(bytes, start, end)) throw new RowcastError('EVENT_CORRUPT', 'the checksum of the event is wrong');
}

/** @param crc of a whole event, its checksum included. @throws RowcastError EVENT_CORRUPT */
export function verifyWhole(crc: number): void {
  if (crc !== RESIDUE) throw new RowcastError('EVENT_CORRUPT', 'the checksum of the event is wrong');
}

/** The CRC32 of any bytes that end in their own CRC32. */
const RESIDUE = 0x2144df1c;

/** `verifyChecksum` for a FORMAT_DESCRIPTION event, whose "in use" flag was not set when its checksum was made. */
export function verifyDescriptionChecksum(bytes: Buffer, start: number, end: number): void {
  const copy = Buffer.from(bytes.subarray(start, end));
  copy[17] = (copy[17] as number) & ~FLAG.IN_USE;
  verifyChecksum(copy, 0, copy.length);
}
