import { RowcastError } from '../../core/errors.ts';
import { Batch } from './batch.ts';
import type { BatchTicket, ContextOf, LedgerOf, SenderOf } from './partition-parts.ts';
import type { ProducerId } from './producer.ts';
import { varintWidth } from './protocol/wire.ts';
import { BATCH_HEADER, RecordWriter } from './record-batch.ts';
import { SMALLEST } from './slab.ts';
import { sequenceAfter, splitBatch } from './split.ts';
import { tooLarge, type TopicFacts } from './topic-facts.ts';

/** Has what partitions wait to send sent. */
export type PartitionSender = SenderOf<Partition>;
/** Knows the batches that are not durable. */
export type BatchLedger = LedgerOf<Partition>;
/** What all partitions of a sink share. */
export type PartitionContext = ContextOf<Partition>;

/** After this many milliseconds without a batch the brokers may have forgotten our sequence. */
const FORGOTTEN_MS = 60_000;

/**
 * The order of one partition: the batch being filled, the closed ones that wait, and those in flight. Sequences are given
 * when a batch is first sent; after a failure nothing is sent until every answer is in, and then all that is not durable
 * goes out again in order with the sequences it had.
 *
 * A broker that knows nothing of our sequence takes any batch, so that a second one in flight could be written where the
 * first failed. Hence a single batch goes first, whenever that may be so, and others follow once it is durable.
 */
export class Partition {
  readonly topic: TopicFacts;
  readonly index: number;
  readonly writer = new RecordWriter();
  /** Null while no leader is known. */
  sender: PartitionSender | null = null;
  /** Nothing is sent while this is set; the recovery clears it. */
  recovering = false;
  /** It has failed, and nothing became durable since. */
  troubled = false;
  /** What is to be done before the first batch goes out again: `renew` the sequence, or split what is too large (`size`). */
  remedy: 'renew' | 'size' | null = null;
  /** A message was refused for good: nothing is sent until all that waits was taken back. */
  refused = false;
  inFlight = 0;
  /** Batches of transactions up to this number may be sent; those without a transaction count as its number 0. */
  sendable = Infinity;
  /** The open batch goes out once its sender has had this many answers. */
  openedAfter = 0;
  /** In order: those in flight, then those that wait. */
  readonly queue: Batch[] = [];
  readonly #context: PartitionContext;
  #buffer: Buffer | null = null;
  #ticket: BatchTicket | null = null;
  #timestamp = Date.now();
  #capacity = SMALLEST;
  #producer: ProducerId;
  #nextSequence = 0;
  #known = false;
  #lastDurable = -Infinity;
  /** When a first message began to wait, or it was brought back. A double from the start, as all times here: a small integer that turns into one has V8 compile all this again. */
  #movedAt = -Infinity;

  constructor(topic: TopicFacts, index: number, parts: { context: PartitionContext; producer: ProducerId }) {
    this.topic = topic;
    this.index = index;
    this.#context = parts.context;
    this.#producer = parts.producer;
  }

  /** The identity its batches carry. */
  get producer(): ProducerId {
    return this.#producer;
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
    const size = at - writer.start;
    const limit = writer.count === 0 ? this.topic.maxBytes : this.topic.groupBytes;
    if (at > limit || writer.reach > writer.out.bytes.length) {
      this.#makeRoom(at, limit);
      return false;
    }
    writer.keep();
    if (writer.count === 1) this.#opened();
    if (at + size > this.topic.groupBytes) this.#full();
    return true;
  }

  /** Closes the open batch, if it holds anything; a buffer that holds nothing is given back. */
  close(): void {
    const buffer = this.#buffer;
    const ticket = this.#ticket;
    if (buffer === null) return;
    this.#buffer = null;
    this.#ticket = null;
    if (ticket === null) {
      this.#context.pool.give(buffer);
      return;
    }
    // The next one is most often about as large: it begins in a buffer of that size and does not grow into it step by step.
    this.#capacity = Math.max(this.writer.start, this.#capacity >> 1);
    const batch = new Batch(buffer, this.writer.start, { ticket, transaction: ticket.transaction ?? 0, count: this.writer.count, timestamp: this.#timestamp });
    this.queue.push(batch);
    this.#pack(batch);
  }

  /** True when the open batch holds records. */
  get filling(): boolean {
    return this.#ticket !== null;
  }

  /** The open batch belongs to a transaction that has not begun here. */
  get held(): boolean {
    return (this.#ticket?.transaction ?? 0) > this.sendable;
  }

  /** True while nothing may be sent: it recovers, or the broker has not shown that it knows our sequence. */
  get blocked(): boolean {
    return this.recovering || (!this.#known && this.inFlight > 0);
  }

  /** The batch to send next; null while there is none, it may not be sent, or it is still being compressed. */
  next(): Batch | null {
    if (this.blocked) return null;
    for (const batch of this.queue) {
      if (batch.state === 'ready') return batch.transaction > this.sendable ? null : batch;
      if (batch.state === 'packing') return null;
    }
    return null;
  }

  /** Anything not yet sent. */
  get waiting(): boolean {
    if (this.filling) return true;
    const last = this.queue.at(-1);
    return last !== undefined && (last.state === 'ready' || last.state === 'packing');
  }

  /** How long what may be sent has waited, with nothing on its way: milliseconds up to `now` of the monotonic clock. */
  waitedMs(now: number): number {
    if (this.recovering || this.refused || this.inFlight > 0 || !this.waiting) return 0;
    return (this.queue[0]?.transaction ?? this.#ticket?.transaction ?? 0) > this.sendable ? 0 : now - Math.max(this.#movedAt, this.#lastDurable);
  }

  /** Gives a batch its sequence, unless it has one, and marks it sent. */
  sending(batch: Batch): void {
    if (batch.sequence < 0) {
      batch.sequence = this.#nextSequence;
      this.#nextSequence = sequenceAfter(this.#nextSequence, batch.count);
    }
    if (batch.sends++ === 0) batch.seal(this.#producer, batch.sequence);
    batch.state = 'sent';
    if (this.inFlight++ === 0 && performance.now() - this.#lastDurable > FORGOTTEN_MS) this.#known = false;
  }

  /** The first batch of the queue is durable. */
  acknowledged(batch: Batch): void {
    this.topic.messages.add(batch.count);
    const bytes = batch.records.length;
    this.topic.bytes.add(bytes);
    this.#known = true;
    this.#lastDurable = performance.now();
    batch.state = 'done';
    this.queue.shift();
    batch.release(this.#context.pool);
    if (batch.ticket !== null) this.#context.ledger.settle(batch.ticket, bytes);
    if (batch.waiters !== null) for (const tell of batch.waiters) tell();
  }

  /** Begins again at sequence 0 under another identity. Only while nothing is in flight. */
  renew(producer: ProducerId): void {
    this.#producer = producer;
    this.#nextSequence = 0;
    for (const batch of this.queue) {
      batch.sequence = -1;
      batch.sends = 0;
    }
  }

  /** Splits waiting batches of more than `limit` bytes, where they hold several records. Only while nothing is in flight. */
  async fit(limit: number): Promise<void> {
    const { pool } = this.#context;
    for (const batch of [...this.queue]) {
      if (batch.state !== 'ready' || batch.count === 1 || batch.records.length <= limit) continue;
      const pieces = await splitBatch(batch, limit, pool);
      const at = this.queue.indexOf(batch);
      if (at < 0) {
        for (const piece of pieces) piece.release(pool);
        return;
      }
      this.queue.splice(at, 1, ...pieces);
      batch.release(pool);
      for (const piece of pieces) this.#pack(piece);
    }
  }

  /** What failed may be sent again, by `sender`; a single batch first, as nobody knows what the broker knows. */
  recovered(sender: PartitionSender): void {
    this.recovering = false;
    this.remedy = null;
    this.sender = sender;
    this.openedAfter = 0;
    this.#known = false;
    this.#movedAt = performance.now();
    sender.active(this);
    sender.wake();
  }

  /** The message at the front cannot be sent, so nothing behind it is; nobody waits for these any more. */
  refuse(): void {
    this.refused = true;
    for (const { waiters } of this.queue) if (waiters !== null) for (const tell of waiters) tell();
  }

  /** Gives up what waits behind a refused message, and begins anew under another identity. Its tickets stay open (Invariant 1). Only while nothing is in flight. */
  takeBack(producer: ProducerId): void {
    this.abandon();
    this.renew(producer);
    this.refused = false;
    this.recovering = false;
    this.remedy = null;
    this.openedAfter = 0;
    this.#known = false;
  }

  /** Gives up everything and begins anew under another identity; answers that are still to come must not reach it. */
  restart(producer: ProducerId): void {
    this.takeBack(producer);
    this.sender = null;
    this.troubled = false;
    this.inFlight = 0;
    this.sendable = -1;
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
    this.#ticket = this.#context.ledger.open(this);
    if (this.queue.length === 0) this.#movedAt = performance.now();
    this.sender?.filling(this);
  }

  #full(): void {
    this.close();
    this.sender?.pump();
  }

  #makeRoom(at: number, limit: number): void {
    const writer = this.writer;
    const size = at - writer.start;
    // Alone in a batch its number in it is one byte.
    const alone = BATCH_HEADER + size + 1 - varintWidth(writer.count);
    if (alone > this.topic.maxBytes) throw tooLarge(this.topic, alone);
    if (at > limit) {
      this.#full();
      this.#capacity = Math.max(this.#capacity, BATCH_HEADER + size);
      return;
    }
    const old = this.#buffer;
    const larger = this.#context.pool.take(writer.reach);
    if (old !== null) {
      old.copy(larger, BATCH_HEADER, BATCH_HEADER, writer.start);
      this.#context.pool.give(old);
    }
    this.#buffer = larger;
    writer.out.use(larger);
  }

  #pack(batch: Batch): void {
    const { compression, failed } = this.#context;
    if (compression === 'none') {
      batch.state = 'ready';
      return;
    }
    batch.compress(compression).then(
      () => {
        batch.state = 'ready';
        this.sender?.active(this);
        this.sender?.pump();
      },
      (error: unknown) => { failed(new RowcastError('INTERNAL', `a batch could not be compressed with ${compression}`, { cause: error })); },
    );
  }
}
