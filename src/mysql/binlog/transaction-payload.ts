import { RowcastError } from '../../core/errors.ts';

/** Where an event lies in a compressed transaction. */
export interface InnerPlace {
  /** Its offset among the uncompressed events. */
  readonly offset: number;
  /** No other comes after it. */
  readonly last: boolean;
}

/**
 * Receives the events of compressed transactions. `begins` first, with the header (19 bytes) of the TRANSACTION_PAYLOAD
 * event and, where all of it is here, the CRC32 of it; else that comes with `verify`, before the last of its events does.
 */
export interface PayloadHandler {
  begins(bytes: Buffer, start: number, crc: number | null): void;
  /** An event without a checksum; the rules are those of other events. */
  event(bytes: Buffer, range: { readonly start: number; readonly end: number }, place: InnerPlace): void | Promise<void>;
  /** An event that is too large, of a table that no route takes, has gone by: its first 27 bytes. */
  passed(bytes: Buffer, start: number, place: InnerPlace): void;
  verify(crc: number): void;
}

/** What a TRANSACTION_PAYLOAD event says of what it carries. */
export interface PayloadFields {
  readonly compressed: boolean;
  /** Bytes of the payload as it is in the event. */
  readonly size: number;
  /** Bytes of the events in it. */
  readonly uncompressed: number;
  /** Where the payload begins. */
  readonly at: number;
}

/** Types of the fields (MySQL `control_events.h`, Transaction_payload_event). */
const END = 0;
const SIZE = 1;
const COMPRESSION = 2;
const UNCOMPRESSED = 3;
const ZSTD = 0;
const NONE = 255;
/** The fields that are known need 30 bytes; more than this many would be none that any server writes. */
export const MAX_FIELDS = 256;

/**
 * TRANSACTION_PAYLOAD, after the header: fields of packed type · packed length · value, which is a packed integer in all
 * that are known; type 0 ends them, without a length. Then the payload: events without checksums, compressed together.
 * @returns null when `bytes[from, to)` ends before the fields do
 * @throws RowcastError EVENT_CORRUPT, EVENT_UNSUPPORTED for a compression that is not known
 */
export function readPayloadFields(bytes: Buffer, from: number, to: number): PayloadFields | null {
  const found = new Map<number, number>();
  const reader = { bytes, at: from, to };
  for (;;) {
    const type = packed(reader);
    if (type === END) return fieldsOf(found, reader.at);
    const length = type === null ? null : packed(reader);
    if (type === null || length === null || length > to - reader.at) {
      if (to - from >= MAX_FIELDS) throw new RowcastError('EVENT_CORRUPT', 'the fields of a compressed transaction have no end');
      return null;
    }
    const end = reader.at + length;
    const value = type <= UNCOMPRESSED ? packed({ bytes, at: reader.at, to: end }) : 0;
    if (value === null) throw new RowcastError('EVENT_CORRUPT', `field ${type} of a compressed transaction is too short`);
    found.set(type, value);
    reader.at = end;
  }
}

function fieldsOf(found: ReadonlyMap<number, number>, at: number): PayloadFields {
  const size = found.get(SIZE);
  const compression = found.get(COMPRESSION) ?? NONE;
  if (compression !== ZSTD && compression !== NONE) throw new RowcastError('EVENT_UNSUPPORTED', `a transaction is compressed by method ${compression}, which is not known`, { facts: { compression } });
  const uncompressed = found.get(UNCOMPRESSED) ?? (compression === NONE ? size : undefined);
  if (size === undefined || uncompressed === undefined) throw new RowcastError('EVENT_CORRUPT', 'a compressed transaction does not say how large it is');
  if (size === 0 || uncompressed === 0) throw new RowcastError('EVENT_CORRUPT', 'a compressed transaction is empty');
  return { compressed: compression === ZSTD, size, uncompressed, at };
}

/** MySQL's packed integer, and past it; null where it is cut off. */
function packed(reader: { readonly bytes: Buffer; at: number; readonly to: number }): number | null {
  const { bytes, at, to } = reader;
  const first = at < to ? (bytes[at] as number) : 255;
  const width = first < 251 ? 0 : first === 252 ? 2 : first === 253 ? 3 : 8;
  if (at >= to || at + 1 + width > to) return null;
  if (first === 251 || first === 255) throw new RowcastError('EVENT_CORRUPT', `a packed integer begins with ${first}`);
  reader.at = at + 1 + width;
  if (width === 0) return first;
  const value = width === 8 ? Number(bytes.readBigUInt64LE(at + 1)) : bytes.readUIntLE(at + 1, width);
  if (!Number.isSafeInteger(value)) throw new RowcastError('EVENT_CORRUPT', 'a number is larger than any that makes sense there');
  return value;
}
