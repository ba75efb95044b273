import type { Ticket } from '../../core/ports.ts';
import type { BufferPool } from './buffer-pool.ts';
import { compressRecords, decompressRecords } from './compress.ts';
import type { Compression } from './options.ts';
import type { ProducerId } from './producer.ts';
import { BATCH_HEADER, CODECS, sealBatch } from './record-batch.ts';

export type BatchState = 'packing' | 'ready' | 'sent' | 'done';

export interface BatchOrigin {
  /** Null for all but the last of the pieces that a batch was split into. */
  readonly ticket: Ticket | null;
  /** Number of the transaction that it belongs to; 0 without transactions. */
  readonly transaction: number;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A closed batch of one partition. Its sequence is fixed when it is first sent and kept through every retry. */
export class Batch {
  readonly ticket: Ticket | null;
  readonly transaction: number;
  readonly count: number;
  readonly timestamp: number;
  state: BatchState = 'packing';
  /** −1 until it is first sent. */
  sequence = -1;
  /** How often it was sent under the sequence it has. */
  sends = 0;
  /** It failed in a way that does not tell whether it was written. */
  doubtful = false;
  /** Told when it is durable. */
  waiters: (() => void)[] | null = null;
  #raw: Buffer | null;
  #records: Buffer;
  #codec: Compression = 'none';

  constructor(raw: Buffer, end: number, origin: BatchOrigin) {
    this.#raw = raw;
    this.#records = raw.subarray(0, end);
    this.ticket = origin.ticket;
    this.transaction = origin.transaction;
    this.count = origin.count;
    this.timestamp = origin.timestamp;
  }

  /** The batch as it goes to the broker. */
  get records(): Buffer {
    return this.#records;
  }

  /** Compresses the records where they lie, unless that makes them longer. Another buffer for them would be one more size to keep. */
  async compress(codec: Exclude<Compression, 'none'>): Promise<void> {
    const packed = await compressRecords(codec, this.#records.subarray(BATCH_HEADER));
    const raw = this.#raw;
    if (raw === null || packed.length + BATCH_HEADER >= this.#records.length) return;
    packed.copy(raw, BATCH_HEADER);
    this.#records = raw.subarray(0, packed.length + BATCH_HEADER);
    this.#codec = codec;
  }

  /** The records without compression, behind a header with anything in it. */
  async plain(): Promise<Buffer> {
    if (this.#codec === 'none') return this.#records;
    return Buffer.concat([Buffer.alloc(BATCH_HEADER), await decompressRecords(this.#codec, this.#records.subarray(BATCH_HEADER))]);
  }

  /** Gives it its place in the order of its partition. */
  seal(producer: ProducerId, sequence: number): void {
    this.sequence = sequence;
    sealBatch(this.#records, { codec: CODECS[this.#codec], count: this.count, timestamp: this.timestamp }, { ...producer, sequence });
  }

  /** Gives its memory back; nothing may read it any more. */
  release(pool: BufferPool): void {
    if (this.#raw !== null) pool.give(this.#raw);
    this.#raw = null;
  }
}
