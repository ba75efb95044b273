import type { Cursor } from './cursor.ts';

/** What a GTID event of any kind tells. */
export interface GtidEvent {
  /** 16 bytes, a view of the event; null for an anonymous transaction. */
  readonly sid: Buffer | null;
  readonly tag: string;
  readonly gno: number;
  /** Microseconds since 1970 when it was committed at its origin, 0 where the server does not tell. */
  readonly committedMicros: number;
  /** The same on the server whose binlog it is. */
  readonly immediateMicros: number;
}

const LOGICAL_TIMESTAMPS = 2;

/**
 * GTID and ANONYMOUS_GTID (MySQL `control_events.h`): 1 flags · 16 server uuid · 8 transaction number; from 5.7 on
 * 1 kind (2) · 8 last committed · 8 sequence number; from 8.0 on 7 immediate commit timestamp, whose highest bit says
 * that 7 original commit timestamp follow · then transaction length and server versions.
 */
export function readGtid(body: Cursor, anonymous: boolean): GtidEvent {
  body.skip(1);
  const sid = anonymous ? (body.skip(16), null) : body.slice(16);
  const gno = anonymous ? (body.skip(8), 0) : body.number64();
  return { sid, tag: '', gno, ...readCommitted(body) };
}

function readCommitted(body: Cursor): Pick<GtidEvent, 'committedMicros' | 'immediateMicros'> {
  if (body.left < 17 || body.u8() !== LOGICAL_TIMESTAMPS) return UNTOLD;
  body.skip(16);
  if (body.left < 7) return UNTOLD;
  const low = body.u32();
  const high = body.u16() + body.u8() * 0x10000;
  const immediateMicros = low + (high % HIGHEST) * 0x100000000;
  return { immediateMicros, committedMicros: high >= HIGHEST ? readMicros(body) : immediateMicros };
}

/** 7 bytes. */
function readMicros(body: Cursor): number {
  return body.u32() + (body.u16() + body.u8() * 0x10000) * 0x100000000;
}

const UNTOLD = { committedMicros: 0, immediateMicros: 0 };
/** The highest bit of 7 bytes, in the 3 upper ones. */
const HIGHEST = 2 ** 23;
