import { RowcastError } from '../../core/errors.ts';
import { exact, type Cursor } from './cursor.ts';
import type { GtidEvent } from './gtid.ts';

/**
 * GTID_TAGGED (type 42, from MySQL 8.3), in the form of MySQL's serialization library: version (1) · size of the whole ·
 * last field that must be understood · then fields, each its number and its value, all in variable length: 0 flags, 1 uuid (16 integers),
 * 2 transaction number, 3 tag (length, bytes), 4 last committed, 5 sequence number, 6 immediate commit timestamp,
 * 7 original commit timestamp (left out when the same), 8 transaction length, 9 and 10 server versions, 11 commit group ticket.
 */
export function readTaggedGtid(body: Cursor): GtidEvent & { readonly sid: Buffer } {
  const version = body.varlen();
  if (version !== 1n) throw new RowcastError('EVENT_UNSUPPORTED', `a tagged GTID event of serialization version ${version.toString()}`);
  body.varlen();
  body.varlen();
  const fields = new Map<number, bigint>();
  let sid = Buffer.alloc(16);
  let tag = '';
  while (body.left > 0) {
    const field = exact(body.varlen());
    if (field === 1) sid = readUuid(body);
    else if (field === 3) tag = body.text(exact(body.varlen()));
    else fields.set(field, body.varlen());
    if (field >= 7) break;
  }
  const gno = fields.get(2);
  if (gno === undefined) throw new RowcastError('EVENT_CORRUPT', 'a tagged GTID event without a transaction number');
  const immediate = fields.get(6) ?? 0n;
  return { sid, tag, gno: exact(gno >> 1n), committedMicros: exact(fields.get(7) ?? immediate), immediateMicros: exact(immediate) };
}

function readUuid(body: Cursor): Buffer<ArrayBuffer> {
  const sid = Buffer.alloc(16);
  for (let i = 0; i < 16; i++) sid[i] = Number(body.varlen() & 0xffn);
  return sid;
}
