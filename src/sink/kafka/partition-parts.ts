import type { RowcastError } from '../../core/errors.ts';
import type { Ticket } from '../../core/ports.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { Compression } from './options.ts';

/** A ticket of a batch that belongs to a transaction, which has a number. */
export interface BatchTicket extends Ticket {
  readonly transaction?: number;
}

/** Knows the batches that are not durable, with their bytes. */
export interface LedgerOf<P> {
  open(partition: P): BatchTicket;
  settle(ticket: Ticket, bytes: number): void;
}

/** What all partitions of a sink share. */
export interface ContextOf<P> {
  readonly ledger: LedgerOf<P>;
  readonly pool: BufferPool;
  readonly compression: Compression;
  readonly failed: (error: RowcastError) => void;
}

/** Sends what partitions have; told when there is more. */
export interface SenderOf<P> {
  /** A batch was opened. */
  filling(partition: P): void;
  /** There is something to send in this partition. */
  active(partition: P): void;
  /** Sends at the end of this turn of the event loop. */
  wake(): void;
  /** Sends what may be sent now. */
  pump(): void;
}
