import { crc32 as addCrc32 } from '@node-rs/crc32';
import { RowcastError } from '../../core/errors.ts';
import { EVENT } from '../binlog/header.ts';
import { beyondLimit, eventLimit } from '../binlog/row-limit.ts';

/** Event types that matter to the framing (MySQL's `binlog_event.h`; 23 to 25 and 30 to 32 are rows events, 39 a partial one, from 166 MariaDB's compressed ones). */
const UPDATES = new Set([24, 31, 39, 167, 170]);
const ROWS = new Set([23, 24, 25, 30, 31, 32, 39, 166, 167, 168, 169, 170, 171]);
/** A compressed transaction (TRANSACTION_PAYLOAD). */
export const PAYLOAD = 40;
const HEADER = 19;

/** What must be known of a rows event to judge it by its head. */
export interface HeadContext {
  /** The table of a table id, as the last TABLE_MAP event with it said; undefined without one. */
  table(id: number): { readonly database: string; readonly name: string; readonly captured: boolean } | undefined;
  /** The text of statements is not wanted: an ANNOTATE_ROWS event may go by, however large. @default false */
  readonly skipsText?: boolean;
  /** Where the event begins that comes next, for messages. */
  next(): { readonly file: string; readonly position: number };
}

/**
 * The first bytes of an event that is being put together: the OK byte of its packet, the common header (timestamp 4, type
 * 1, server id 4, length 4, position 4, flags 2), and the table id (6) and flags (2) of a rows event. It judges an event
 * before the rest of it is read. `rowLimit` is the largest row image in bytes: a WRITE or DELETE event may have one and
 * 64 KiB, any other two and 64 KiB. A rows event above that is left unread where no route takes its table.
 */
export class EventHead {
  readonly length = 1 + HEADER + 8;
  readonly bytes: Buffer = Buffer.alloc(1 + HEADER + 8);
  /** No event of up to this many bytes can be too large. */
  readonly sure: number;
  readonly #rowLimit: number;
  readonly #context: HeadContext;
  #crc = 0;

  constructor(rowLimit: number, context: HeadContext) {
    this.#rowLimit = rowLimit;
    this.#context = context;
    this.sure = eventLimit(rowLimit, 1);
  }

  /** CRC32 of what was passed over since `passes` said so, the head included. */
  get crc(): number {
    return this.#crc;
  }

  /**
   * The length of the event, which must agree with `payload`, the size of its packets (−1: not known yet).
   * @throws RowcastError EVENT_CORRUPT
   */
  announced(payload: number): number {
    const length = this.bytes.readUInt32LE(1 + 9);
    if (payload >= 0 && length + 1 !== payload) {
      throw new RowcastError('EVENT_CORRUPT', `the server's packets cannot be read: an event announced ${length} bytes in a packet of ${payload - 1}`);
    }
    return length;
  }

  /** True for a compressed transaction of `length` bytes that is to be read as it comes. */
  streams(length: number): boolean {
    return this.bytes[1 + 4] === PAYLOAD && length > Math.min(WHOLE_PAYLOAD, this.sure);
  }

  /** True for an event of `length` bytes that is too large to be held and may be passed over. @throws RowcastError ROW_TOO_LARGE where it may not */
  passes(length: number): boolean {
    const type = this.bytes[1 + 4] as number;
    const images = ROWS.has(type) && !UPDATES.has(type) ? 1 : 2;
    if (length <= eventLimit(this.#rowLimit, images)) return false;
    if (type === EVENT.ANNOTATE_ROWS && this.#context.skipsText === true) return this.#passing();
    const table = ROWS.has(type) ? this.#context.table(this.bytes.readUIntLE(1 + HEADER, 6)) : undefined;
    if (table === undefined || table.captured) throw this.#tooLarge(length, images, table);
    return this.#passing();
  }

  #passing(): boolean {
    this.#crc = addCrc32(this.bytes.subarray(1));
    return true;
  }

  /** More of the event that is passed over. */
  pass(bytes: Buffer, from: number, to: number): void {
    this.#crc = addCrc32(bytes.subarray(from, to), this.#crc);
  }

  #tooLarge(bytes: number, images: 1 | 2, table: { readonly database: string; readonly name: string } | undefined): RowcastError {
    const type = this.bytes[1 + 4] as number;
    const { file, position } = this.#context.next();
    const place = `${file}:${position}`;
    const label = table === undefined ? null : `${table.database}.${table.name}`;
    const subject = label === null ? `a binlog event of type ${type}` : `a rows event of ${label}`;
    return beyondLimit(this.#rowLimit, { subject: `${subject} at ${place}`, bytes, images, facts: { eventType: type, position: place, ...(label === null ? {} : { table: label }) } });
  }
}

/** Compressed transactions of up to this many bytes are put together first, so that a damaged one is noticed before it is read. */
const WHOLE_PAYLOAD = 1 << 20;
