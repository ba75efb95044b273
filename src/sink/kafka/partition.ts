import { RowcastError } from '../../core/errors.ts';
import type { Counter, Ledger, Ticket } from '../../core/ports.ts';
import { Batch, type ProducerId } from './batch.ts';
import { SMALLEST, type BufferPool } from './buffer-pool.ts';
import type { Compression } from './options.ts';
import { BATCH_HEADER, RecordWriter } from './record-batch.ts';
import type { Sender } from './sender.ts';

/** What the partitions of one topic share. */
export interface TopicFacts {
  readonly name: string;
  /** The topic's `max.message.bytes`, as last learnt. */
  maxBytes: number;
  readonly messages: Counter;
  readonly bytes: Counter;
}

/** What all partitions of a sink share. */
export interface PartitionContext {
  readonly ledger: Ledger;
  readonly pool: BufferPool;
  readonly compression: Compression;
  readonly batchBytes: number;
  /** The producer id that new partitions begin with. */
  readonly producer: () => ProducerId;
  readonly failed: (error: RowcastError) => void;
}

/**
 * The order of one partition: the batch being filled, the closed ones that wait, and those in flight. Sequences are given
 * when a batch is first sent; after a failure nothing is sent until every answer is in, and then all that is not durable
 * goes out again in order with the sequences it had.
 */
export class Partition {
  readonly topic: TopicFacts;
  readonly index: number;
  readonly writer = new RecordWriter();
  /** Null while no leader is known. */
  sender: Sender | null = null;
  /** Nothing is sent while this is set; the recovery clears it. */
  recovering = false;
  /** The broker does not know our sequences any more: begin again under a new producer id. */
  bump = false;
  inFlight = 0;
  /** The open batch goes out once its sender has had this many answers. */
  openedAfter = 0;
  readonly queue: Batch[] = [];
  readonly #context: PartitionContext;
  #buffer: Buffer | null = null;
  #ticket: Ticket | null = null;
  #timestamp = 0;
  #capacity = SMALLEST;
  #producer: ProducerId;
  #nextSequence = 0;

  constructor(topic: TopicFacts, index: number, context: PartitionContext) {
    this.topic = topic;
    this.index = index;
    this.#context = context;
    this.#producer = context.producer();
  }

  /** Makes sure that there is a buffer to write into. */
  open(): void {
    if (this.#buffer !== null) return;
    this.#buffer = this.#context.pool.take(this.#capacity);
    this.#timestamp = Date.now();
    this.writer.reset(this.#buffer);
  }

  /** After a record was ended: keeps it (true), or makes room for it to be written again (false). @throws RowcastError ROW_TOO_LARGE */
  keep(): boolean {
    const writer = this.writer;
    const at = writer.out.at;
    const limit = writer.count === 0 ? this.topic.maxBytes : Math.min(this.#context.batchBytes, this.topic.maxBytes);
    if (at > limit || writer.out.overflowed) {
      this.#makeRoom(at, limit);
      return false;
    }
    if (writer.count++ === 0) this.#opened();
    if (at + (at - writer.start) > limit) this.#full();
    return true;
  }

  /** Closes the open batch, if it holds anything. */
  close(): void {
    const buffer = this.#buffer;
    const ticket = this.#ticket;
    if (buffer === null || ticket === null) return;
    const batch = new Batch(buffer, this.writer.out.at, { ticket, count: this.writer.count, timestamp: this.#timestamp });
    this.#buffer = null;
    this.#ticket = null;
    this.queue.push(batch);
    this.#pack(batch);
  }

  /** True when the open batch holds records. */
  get filling(): boolean {
    return this.#ticket !== null;
  }

  /** The batch to send next; null while there is none or it is still being compressed. */
  next(): Batch | null {
    if (this.recovering) return null;
    for (const batch of this.queue) {
      if (batch.state === 'ready') return batch;
      if (batch.state === 'packing') return null;
    }
    return null;
  }

  /** Anything not yet sent. */
  get waiting(): boolean {
    if (this.filling) return true;
    for (const batch of this.queue) if (batch.state === 'ready' || batch.state === 'packing') return true;
    return false;
  }

  /** Gives a batch its sequence, unless it has one, and marks it sent. */
  sending(batch: Batch): void {
    if (batch.sequence < 0) {
      batch.seal(this.#producer, this.#nextSequence);
      this.#nextSequence = (this.#nextSequence + batch.count) % 0x80000000;
    }
    batch.state = 'sent';
    this.inFlight++;
  }

  /** The batch is durable. */
  acknowledged(batch: Batch): void {
    this.topic.messages.add(batch.count);
    this.topic.bytes.add(batch.records.length);
    batch.state = 'done';
    const at = this.queue.indexOf(batch);
    if (at >= 0) this.queue.splice(at, 1);
    batch.release(this.#context.pool);
    this.#context.ledger.settle(batch.ticket);
    if (batch.waiters !== null) for (const tell of batch.waiters) tell();
  }

  /** Begins again at sequence 0 under another producer id. Only while nothing is in flight. */
  restart(producer: ProducerId): void {
    this.#producer = producer;
    this.#nextSequence = 0;
    this.bump = false;
    for (const batch of this.queue) batch.sequence = -1;
  }

  /** Gives up everything and its memory. */
  abandon(): void {
    if (this.#buffer !== null) this.#context.pool.give(this.#buffer);
    this.#buffer = null;
    this.#ticket = null;
    for (const batch of this.queue) batch.release(this.#context.pool);
    this.queue.length = 0;
  }

  #opened(): void {
    this.#ticket = this.#context.ledger.open();
    this.sender?.filling(this);
  }

  #full(): void {
    this.close();
    this.sender?.pump();
  }

  #makeRoom(at: number, limit: number): void {
    const writer = this.writer;
    const size = at - writer.start;
    writer.undo();
    if (BATCH_HEADER + size > this.topic.maxBytes) throw tooLarge(this.topic, BATCH_HEADER + size);
    if (at > limit) {
      this.#capacity = Math.max(SMALLEST, BATCH_HEADER + size);
      this.#full();
      return;
    }
    const old = this.#buffer;
    const larger = this.#context.pool.take(at);
    if (old !== null) {
      old.copy(larger, BATCH_HEADER, BATCH_HEADER, writer.start);
      this.#context.pool.give(old);
    }
    this.#buffer = larger;
    writer.out.bytes = larger;
    this.#capacity = SMALLEST;
  }

  #pack(batch: Batch): void {
    const { compression, pool, failed } = this.#context;
    if (compression === 'none') {
      batch.state = 'ready';
      return;
    }
    batch.compress(compression, pool).then(
      () => {
        batch.state = 'ready';
        this.sender?.active(this);
        this.sender?.pump();
      },
      (error: unknown) => { failed(new RowcastError('INTERNAL', `a batch could not be compressed with ${compression}`, { cause: error })); },
    );
  }
}

function tooLarge(topic: TopicFacts, bytes: number): RowcastError {
  return new RowcastError('ROW_TOO_LARGE', `A message for topic ${topic.name} makes a batch of ${String(bytes)} bytes; the topic takes ${String(topic.maxBytes)} (max.message.bytes)`, {
    facts: { topic: topic.name, bytes, limit: topic.maxBytes },
  });
}
