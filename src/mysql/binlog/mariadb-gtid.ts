import { exact, type Cursor } from './cursor.ts';

/** Flags of a MariaDB GTID event. */
export const MARIADB_FLAG = { STANDALONE: 1, PREPARED_XA: 64 } as const;

/** MariaDB GTID (162): 8 sequence number · 4 domain · 1 flags · more that is not needed. The server id is the header's. */
export function readMariadbGtid(body: Cursor): { readonly sequence: bigint; readonly domain: number; readonly flags: number } {
  return { sequence: body.u64(), domain: body.u32(), flags: body.u8() };
}

/** MariaDB GTID_LIST (163): 4 count (low 28 bits) · each: 4 domain · 4 server id · 8 sequence number. As `domain-server-sequence,…`. */
export function readGtidList(body: Cursor): string {
  const count = body.u32() & 0x0fffffff;
  const parts: string[] = [];
  for (let i = 0; i < count; i++) parts.push(`${body.u32()}-${body.u32()}-${body.u64().toString()}`);
  return parts.join(',');
}

/**
 * MySQL PREVIOUS_GTIDS (35): 8 count, or, with tags, 1 · 6 count · 1 (both ones tell that tags follow) · each: 16 uuid ·
 * with tags: its tag's length and bytes · 8 number of intervals · each: 8 first · 8 after the last. As a GTID set's text.
 */
export function readPreviousGtids(body: Cursor): string {
  const head = body.u64();
  const tagged = head >> 56n === 1n;
  const count = exact(tagged ? (head >> 8n) & 0xffffffffffffn : head);
  const parts: string[] = [];
  for (let i = 0; i < count; i++) {
    const uuid = formatUuid(body.slice(16));
    const tag = tagged ? body.text(exact(body.varlen())) : '';
    parts.push(`${uuid}${tag === '' ? '' : `:${tag}`}${readIntervals(body)}`);
  }
  return parts.join(',');
}

function readIntervals(body: Cursor): string {
  let text = '';
  for (let left = body.number64(); left > 0; left--) {
    const first = body.number64();
    const last = body.number64() - 1;
    text += first === last ? `:${first}` : `:${first}-${last}`;
  }
  return text;
}

/** 16 bytes as `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
export function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
