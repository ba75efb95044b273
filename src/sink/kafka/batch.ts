import type { Ticket } from '../../core/ports.ts';
import type { BufferPool } from './buffer-pool.ts';
import { compressRecords } from './compress.ts';
import type { Compression } from './options.ts';
import { BATCH_HEADER, CODECS, sealBatch } from './record-batch.ts';

/** Who we are to the brokers. */
export interface ProducerId {
  readonly id: bigint;
  readonly epoch: number;
}

export type BatchState = 'packing' | 'ready' | 'sent' | 'done';

/** A closed batch of one partition. Its sequence is fixed when it is first sent and kept through every retry. */
export class Batch {
  readonly ticket: Ticket;
  readonly count: number;
  readonly timestamp: number;
  state: BatchState = 'packing';
  /** −1 until it is first sent. */
  sequence = -1;
  /** Told when it is durable. */
  waiters: (() => void)[] | null = null;
  #raw: Buffer | null;
  #records: Buffer;
  #codec = 0;

  constructor(raw: Buffer, end: number, facts: { ticket: Ticket; count: number; timestamp: number }) {
    this.#raw = raw;
    this.#records = raw.subarray(0, end);
    this.ticket = facts.ticket;
    this.count = facts.count;
    this.timestamp = facts.timestamp;
  }

  /** The batch as it goes to the broker. */
  get records(): Buffer {
    return this.#records;
  }

  get compressed(): boolean {
    return this.#codec !== 0;
  }

  /** Compresses the records, unless that makes them longer. */
  async compress(codec: Exclude<Compression, 'none'>, pool: BufferPool): Promise<void> {
    const packed = await compressRecords(codec, this.#records.subarray(BATCH_HEADER));
    const raw = this.#raw;
    if (raw === null || packed.length + BATCH_HEADER >= this.#records.length) return;
    const buffer = pool.take(packed.length + BATCH_HEADER);
    packed.copy(buffer, BATCH_HEADER);
    this.#records = buffer.subarray(0, packed.length + BATCH_HEADER);
    this.#codec = CODECS[codec];
    this.#raw = buffer;
    pool.give(raw);
  }

  /** Gives it its place in the order of its partition. */
  seal(producer: ProducerId, sequence: number): void {
    this.sequence = sequence;
    sealBatch(this.#records, { codec: this.#codec, count: this.count, timestamp: this.timestamp }, { ...producer, sequence });
  }

  /** Gives its memory back; nothing may read it any more. */
  release(pool: BufferPool): void {
    if (this.#raw !== null) pool.give(this.#raw);
    this.#raw = null;
  }
}
