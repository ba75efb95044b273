import type { PayloadHandler } from '../binlog/transaction-payload.ts';
import type { HeadContext } from './event-head.ts';

/**
 * Receives what a dump sends. `event`: one whole binlog event is `bytes[start, end)`; the bytes are valid until the call
 * returns or the promise that it returns settles, and nothing more is handed over until then. Throwing ends the dump.
 */
export interface PacketHandler extends HeadContext {
  event(bytes: Buffer, start: number, end: number): void | Promise<void>;
  /**
   * A rows event that is too large, of a table that no route takes, has gone by. `bytes` holds its first 27 bytes (header,
   * table id, flags) from `start` on until the call returns; `crc` is the CRC32 of all of it, its own checksum included.
   */
  passed(bytes: Buffer, start: number, crc: number): void;
  /** Takes the events of compressed transactions; such a transaction never comes to `event`. */
  readonly payload: PayloadHandler;
  /** An error packet, from its first byte (0xff) on. */
  refused(bytes: Buffer, start: number, end: number): void;
  /** The server ended the dump. */
  eof(): void;
  /** The framing broke, or `event` threw: nothing more comes. */
  failed(error: unknown): void;
  /** The framer takes no more chunks, or takes them again: the socket should follow. */
  flow(held: boolean): void;
}
