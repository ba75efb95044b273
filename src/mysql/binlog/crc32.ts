import { crc32 as native } from '@node-rs/crc32';
import { viewOf } from '../../core/words.ts';

/** Up to this many bytes the tables are faster than a call of native code; a binlog of small transactions is full of such events. */
const SMALL = 240;

/** CRC32 (zlib's polynomial) of `bytes[start, end)`. */
export function crc32(bytes: Buffer, start: number, end: number): number {
  return end - start > SMALL ? native(bytes.subarray(start, end)) : byTables(bytes, start, end);
}

/** Eight bytes at a time, then four, then one. */
function byTables(bytes: Buffer, start: number, end: number): number {
  const words = viewOf(bytes);
  let crc = -1;
  let at = start;
  for (const last = end - 8; at <= last; at += 8) {
    crc ^= words.getInt32(at, true);
    const next = words.getInt32(at + 4, true);
    crc =
      (TABLES[1792 + (crc & 0xff)] as number) ^
      (TABLES[1536 + ((crc >>> 8) & 0xff)] as number) ^
      (TABLES[1280 + ((crc >>> 16) & 0xff)] as number) ^
      (TABLES[1024 + (crc >>> 24)] as number) ^
      (TABLES[768 + (next & 0xff)] as number) ^
      (TABLES[512 + ((next >>> 8) & 0xff)] as number) ^
      (TABLES[256 + ((next >>> 16) & 0xff)] as number) ^
      (TABLES[next >>> 24] as number);
  }
  if (at + 4 <= end) {
    crc ^= words.getInt32(at, true);
    at += 4;
    crc =
      (TABLES[768 + (crc & 0xff)] as number) ^
      (TABLES[512 + ((crc >>> 8) & 0xff)] as number) ^
      (TABLES[256 + ((crc >>> 16) & 0xff)] as number) ^
      (TABLES[crc >>> 24] as number);
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ (TABLES[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** What a byte does to the checksum, and what it does one to seven bytes later: 256 entries each. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256] as number;
    tables[at] = (before >>> 8) ^ (tables[before & 0xff] as number);
  }
  return tables;
}
