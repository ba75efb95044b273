import type { Cursor } from './cursor.ts';

/** Flags of a MariaDB GTID event. TRANSACTIONAL: all its rows are of tables with transactions; rows may be taken back without it, too, by ROLLBACK TO. */
export const MARIADB_FLAG = { STANDALONE: 1, TRANSACTIONAL: 4, PREPARED_XA: 64 } as const;

/** MariaDB GTID (162): 8 sequence number · 4 domain · 1 flags · more that is not needed. The server id is the header's. */
export function readMariadbGtid(body: Cursor): { readonly sequence: bigint; readonly domain: number; readonly flags: number } {
  return { sequence: body.u64(), domain: body.u32(), flags: body.u8() };
}
