import type { Cursor } from './cursor.ts';

/** Flags of a MariaDB GTID event. TRANSACTIONAL (4) does not tell whether rows may be taken back: groups without it hold ROLLBACK TO. */
export const MARIADB_FLAG = { STANDALONE: 1, PREPARED_XA: 64 } as const;

/** MariaDB GTID (162): 8 sequence number · 4 domain · 1 flags · more that is not needed. The server id is the header's. */
export function readMariadbGtid(body: Cursor): { readonly sequence: bigint; readonly domain: number; readonly flags: number } {
  return { sequence: body.u64(), domain: body.u32(), flags: body.u8() };
}
