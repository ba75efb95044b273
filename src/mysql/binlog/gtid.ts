import { RowcastError } from '../../core/errors.ts';
import { tooLarge, type Cursor } from './cursor.ts';
import { u16, u32 } from './header.ts';

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

/** Offsets in the body. */
const SID = 1;
const GNO = 17;
const KIND = 25;
const IMMEDIATE = 42;
const ORIGINAL = 49;
const LOGICAL_TIMESTAMPS = 2;

/**
 * GTID and ANONYMOUS_GTID (MySQL `control_events.h`): 1 flags · 16 server uuid · 8 transaction number; from 5.7 on
 * 1 kind (2) · 8 last committed · 8 sequence number; from 8.0 on 7 immediate commit timestamp, whose highest bit says
 * that 7 original commit timestamp follow · then transaction length and server versions.
 *
 * A stream has one for all its transactions, of which most are as small as one row.
 */
export class GtidFields {
  /** Where the server uuid begins. */
  sidAt = 0;
  gno = 0;
  committedMicros = 0;
  immediateMicros = 0;

  /** The body is `bytes[at, end)`. @throws RowcastError EVENT_CORRUPT */
  read(bytes: Buffer, { at, end }: Pick<Cursor, 'at' | 'end'>, anonymous: boolean): void {
    if (end - at < KIND) throw tooShort();
    this.sidAt = at + SID;
    this.gno = anonymous ? 0 : number64(bytes, at + GNO);
    this.committedMicros = this.immediateMicros = 0;
    if (end - at >= ORIGINAL && bytes[at + KIND] === LOGICAL_TIMESTAMPS) this.#times(bytes, at, end);
  }

  #times(bytes: Buffer, at: number, end: number): void {
    const low = u32(bytes, at + IMMEDIATE);
    const high = upper(bytes, at + IMMEDIATE);
    this.immediateMicros = low + (high % HIGHEST) * WORD;
    const differs = high >= HIGHEST;
    if (differs && end - at < ORIGINAL + TIME) throw tooShort();
    this.committedMicros = differs ? u32(bytes, at + ORIGINAL) + upper(bytes, at + ORIGINAL) * WORD : this.immediateMicros;
  }
}

/** The same as an object by itself. @throws RowcastError EVENT_CORRUPT */
export function readGtid(body: Cursor, anonymous: boolean): GtidEvent {
  const fields = new GtidFields();
  fields.read(body.bytes, body, anonymous);
  const { sidAt, gno, committedMicros, immediateMicros } = fields;
  return { sid: anonymous ? null : body.bytes.subarray(sidAt, sidAt + SID_BYTES), tag: '', gno, committedMicros, immediateMicros };
}

/** @throws RowcastError EVENT_CORRUPT from 2^53 on */
function number64(bytes: Buffer, at: number): number {
  const high = u32(bytes, at + 4);
  if (high > 0x1fffff) throw tooLarge();
  return u32(bytes, at) + high * WORD;
}

/** The upper 3 of 7 bytes. */
function upper(bytes: Buffer, at: number): number {
  return u16(bytes, at + 4) + (bytes[at + 6] as number) * 0x10000;
}

function tooShort(): RowcastError {
  return new RowcastError('EVENT_CORRUPT', 'a field runs past the end of the event');
}

export const SID_BYTES = 16;
const TIME = 7;
/** The highest bit of 7 bytes, in the 3 upper ones. */
const HIGHEST = 2 ** 23;
const WORD = 2 ** 32;
