import type { ByteWriter } from './byte-writer.ts';
import type { RowMessage } from './change.ts';

/** A part of a value, by offsets from its start, and what the last row of a transaction has in its place. */
export interface LastRow {
  readonly from: number;
  readonly to: number;
  readonly instead: Uint8Array;
}

/** Gathers rows of one event and one operation for one message without a key. */
export interface RowGatherer {
  /** Adds a row. False: its bytes and those gathered are more than `room`, and it was not added. */
  add(message: RowMessage, room: number): boolean;
  /** The value of the message; may be asked more than once. */
  write(out: ByteWriter): void;
  clear(): void;
}
