import type { Ticket } from '../../core/ports.ts';
import type { Position } from '../../core/position.ts';
import type { Partition } from './partition.ts';

/** What goes into one Kafka transaction: whole transactions of the source. It is the ticket of each batch in it. */
export class Bundle implements Ticket {
  readonly before = null;
  /** Bundles are numbered as they follow each other. */
  readonly transaction: number;
  /** Partitions that have messages in it. */
  readonly touched = new Set<Partition>();
  /** Of them, those that are not part of the Kafka transaction yet. */
  readonly missing = new Set<Partition>();
  /** Batches that were opened, and those of them that are not durable. */
  opened = 0;
  pending = 0;
  /** Bytes of batches that are durable. */
  bytes = 0;
  /** Nothing more goes in. */
  closed = false;
  /** It is to be ended where the source's next transaction ends. */
  due = false;
  /** Where the source is at its end; null until it is closed, and of a part of a split one. */
  position: Position | null = null;
  /** When its Kafka transaction began, by the monotonic clock. */
  began = 0;

  constructor(transaction: number) {
    this.transaction = transaction;
  }

  /** A batch was opened. */
  take(partition: Partition): void {
    this.opened++;
    this.pending++;
    this.join(partition);
  }

  /** The partition is to be part of the Kafka transaction. */
  join(partition: Partition): void {
    if (this.touched.has(partition)) return;
    this.touched.add(partition);
    this.missing.add(partition);
  }

  /** No partition has filled a batch yet. */
  get small(): boolean {
    return this.opened <= this.touched.size;
  }
}
