import type { Cursor } from './cursor.ts';

/**
 * MariaDB GTID_LIST (163): 4 count (low 28 bits) · each: 4 domain · 4 server id · 8 sequence number. As
 * `domain-server-sequence,…`; of a domain that comes more than once the last entry is the newest.
 * @throws RowcastError EVENT_CORRUPT
 */
export function readGtidList(body: Cursor): string {
  const count = body.u32() & 0x0fffffff;
  const parts: string[] = [];
  for (let i = 0; i < count; i++) parts.push(`${body.u32()}-${body.u32()}-${body.u64().toString()}`);
  return parts.join(',');
}
