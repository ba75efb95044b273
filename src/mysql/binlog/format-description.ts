import { RowcastError } from '../../core/errors.ts';
import { verifyDescriptionChecksum } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { EVENT, HEADER } from './header.ts';

/** What the FORMAT_DESCRIPTION event of a file says of the events after it. */
export interface FormatDescription {
  readonly serverVersion: string;
  readonly checksums: boolean;
  /** The server began with this file: it was started anew, after an end of any kind. */
  readonly started: boolean;
  /** Length of the fixed part after the header, by event type; 0 where the server knows no such type. */
  readonly postHeader: (type: number) => number;
}

/**
 * FORMAT_DESCRIPTION (MySQL `control_events.h`): 2 binlog version (4) · 50 server version, zero-filled · 4 created (0 where
 * the file goes on after another without a start of the server) ·
 * 1 header length (19) · n post-header lengths, one for each type from 1; since MySQL 5.6.1 and MariaDB 5.3 then
 * 1 checksum algorithm (0 none, 1 CRC32) · 4 checksum, there even when the algorithm is none.
 * @throws RowcastError EVENT_CORRUPT, EVENT_UNSUPPORTED
 */
export function readFormatDescription(bytes: Buffer, start: number, end: number): FormatDescription {
  const cursor = new Cursor(bytes, start + HEADER, end);
  const version = cursor.u16();
  const serverVersion = cursor.text(50).replace(/\0.*$/su, '');
  const started = cursor.u32() !== 0;
  const headerLength = cursor.u8();
  if (version !== 4 || headerLength !== HEADER) throw new RowcastError('EVENT_UNSUPPORTED', `binlog version ${version} with headers of ${headerLength} bytes; only version 4 is read`);
  const footed = hasFooter(serverVersion);
  const lengths = Buffer.from(cursor.slice(cursor.left - (footed ? 5 : 0)));
  const algorithm = footed ? cursor.u8() : 0;
  if (algorithm > 1) throw new RowcastError('EVENT_CORRUPT', `checksum algorithm ${algorithm} is not known`);
  if (algorithm === 1) verifyDescriptionChecksum(bytes, start, end);
  const postHeader = (type: number) => lengths[type - 1] ?? 0;
  if (postHeader(EVENT.FORMAT_DESCRIPTION) === 0) throw new RowcastError('EVENT_CORRUPT', 'the FORMAT_DESCRIPTION event does not describe itself');
  return { serverVersion, checksums: algorithm === 1, started, postHeader };
}

function hasFooter(serverVersion: string): boolean {
  const [major = 0, minor = 0, patch = 0] = serverVersion.split(/[.\-+]/u).map((part) => Number.parseInt(part, 10) || 0);
  const number = major * 10000 + minor * 100 + patch;
  return number >= (/mariadb/iu.test(serverVersion) ? 50300 : 50601);
}
