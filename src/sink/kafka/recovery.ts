import { Backoff } from '../../core/backoff.ts';
import { ERRORS, RowcastError } from '../../core/errors.ts';
import type { Logger, Metrics, SinkEvents } from '../../core/ports.ts';
import type { Batch } from './batch.ts';
import type { Cluster } from './cluster.ts';
import { aboutRecord, brokerError, connectionError } from './failures.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Partition } from './partition.ts';
import type { Producer } from './producer.ts';
import { errorName, reactionTo, UNDECIDED } from './protocol/error-codes.ts';
import type { TopicMetadata } from './protocol/metadata.ts';
import type { SendFailure, Sender, SenderEvents } from './sender.ts';
import { learnLimit, TOO_LARGE_HINT } from './topic-facts.ts';
import { TopicWatch } from './topic-watch.ts';

const FIRST_WAIT_MS = 50;
/** Kafka counts as down from the second round on, or after this long: a leader that has just moved, or a topic just made, is no outage. */
const QUIET_TRIES = 1;
const QUIET_MS = 250;
/** How often a single message is tried again that the broker calls too large although its limit is larger. */
const SIZE_TRIES = 5;

export interface RecoveryContext {
  readonly cluster: Cluster;
  readonly producer: Producer;
  readonly options: KafkaSinkOptions;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly events: SinkEvents;
  readonly senderOf: (node: number) => Sender | null;
  readonly failed: (error: RowcastError) => void;
  /** Told of what no retry within a transaction can heal; null without transactions. */
  readonly lost: ((error: RowcastError) => void) | null;
}

/**
 * Brings partitions back whose batches failed: waits until nothing of them is in flight, learns their leaders, applies the
 * remedy that the error asks for, and has everything not durable sent again in order. It goes on for ever, with waits that
 * double up to 3 s, except for errors that only an operator can end.
 */
export class Recovery implements SenderEvents {
  readonly #context: RecoveryContext;
  readonly #topics: TopicWatch;
  /** Those to bring back. */
  readonly #waiting = new Set<Partition>();
  /** Those that have failed and had nothing made durable since. */
  readonly #troubled = new Set<Partition>();
  /** What else cannot go on: topics that cannot be opened, a transaction that cannot begin. */
  readonly #hindered = new Set<string>();
  /** Rounds begun since messages last flowed. */
  readonly #backoff = new Backoff(FIRST_WAIT_MS);
  #lastError: RowcastError | null = null;
  /** Runs from the first failure on until messages flow again. */
  #patience: NodeJS.Timeout | null = null;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  /** The hint of the error that was told last; null while messages flow. */
  #down: string | null = null;
  #closed = false;

  constructor(context: RecoveryContext) {
    this.#context = context;
    this.#topics = new TopicWatch(context);
  }

  refused(partition: Partition, batch: Batch, failure: SendFailure): void {
    this.#context.metrics.counter('rowcast_sink_retries_total', { reason: errorName(failure.code) }).add(1);
    const where = `Topic ${partition.topic.name}, partition ${String(partition.index)}, broker ${failure.broker}`;
    const error = failure.cause === null ? brokerError(where, failure.code, failure.message) : connectionError(where, failure.cause);
    if (failure.cause !== null || UNDECIDED.has(failure.code)) batch.doubtful = true;
    const reaction = reactionTo(failure.code);
    if (reaction === 'auth') {
      this.#context.failed(error);
      return;
    }
    if (reaction === 'refused') {
      partition.recovering = true;
      void aboutRecord(error, batch, failure.record).then(this.#context.failed);
      return;
    }
    if (reaction === 'renew' && this.#lose(partition, error)) return;
    // What is said of a later batch follows from the failure of the first one.
    if ((reaction === 'renew' || reaction === 'size') && partition.queue[0] === batch) partition.remedy = reaction;
    this.add(partition, error);
  }

  overtaken(partition: Partition, batch: Batch): void {
    const { topic, index } = partition;
    if (this.#lose(partition, new RowcastError('SINK_LOST', `Topic ${topic.name}, partition ${String(index)}: messages were written out of order`))) return;
    this.#context.logger.error('Kafka has written messages although earlier ones of the partition had failed; all of them are sent once more, in order', { topic: topic.name, partition: index, messages: batch.count });
    batch.doubtful = true;
    partition.remedy = 'renew';
    this.add(partition, new RowcastError('SINK_LOST', `Topic ${topic.name}, partition ${String(index)}: messages were written out of order`));
  }

  unreachable(partitions: readonly Partition[], cause: unknown): void {
    const error = connectionError('A broker cannot be reached', cause);
    if (!error.retry) this.#context.failed(error);
    else for (const partition of partitions) this.add(partition, error);
  }

  delivered(partition: Partition): void {
    if (!partition.troubled) return;
    partition.troubled = false;
    this.#troubled.delete(partition);
    this.answering();
  }

  /** In a transaction nothing is sent again under another sequence: all of it ends. False without transactions. */
  #lose(partition: Partition, error: RowcastError): boolean {
    const { lost } = this.#context;
    if (lost === null) return false;
    partition.recovering = true;
    lost(error.code === 'ROW_REFUSED' ? error : new RowcastError('TRANSACTION_LOST', error.message, { cause: error, facts: error.facts }));
    return true;
  }

  /** Forgets all partitions: they begin anew. */
  restart(): void {
    this.#waiting.clear();
    this.#troubled.clear();
    this.#backoff.reset();
    this.#beCalm();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Kafka answers; messages flow unless something is in trouble. */
  answering(): void {
    if (this.#troubled.size > 0 || this.#hindered.size > 0) return;
    this.#backoff.reset();
    this.#beCalm();
    if (this.#down === null) return;
    this.#down = null;
    this.#context.events.up();
  }

  /** Something that messages wait for cannot go on, which counts until it is `eased`, whatever else Kafka answers. */
  hindered(what: string, error: RowcastError): void {
    this.#hindered.add(what);
    this.wentDown(error);
  }

  eased(what: string): void {
    this.#hindered.delete(what);
    this.answering();
  }

  /** Tells once that messages do not flow, and again where something comes to be known that an operator can do about it. */
  wentDown(error: RowcastError): void {
    if (this.#closed || (this.#down !== null && (error.hint === this.#down || error.hint === ERRORS[error.code].hint))) return;
    this.#down = error.hint;
    this.#context.events.down(error);
  }

  /** Takes a partition into recovery. */
  add(partition: Partition, error: RowcastError): void {
    partition.recovering = true;
    partition.troubled = true;
    this.#waiting.add(partition);
    this.#troubled.add(partition);
    this.#lastError = error;
    this.#patience ??= setTimeout(() => { this.wentDown(this.#lastError ?? error); }, QUIET_MS);
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#beCalm();
  }

  #beCalm(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #schedule(): void {
    if (this.#closed || this.#running || this.#timer !== null) return;
    const wait = this.#backoff.next();
    if (this.#backoff.tries > QUIET_TRIES && this.#lastError !== null) this.wentDown(this.#lastError);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#running = true;
      void this.#run().finally(() => {
        this.#running = false;
        if (this.#waiting.size > 0) this.#schedule();
      });
    }, wait);
  }

  async #run(): Promise<void> {
    try {
      const names = new Set([...this.#waiting].map((partition) => partition.topic.name));
      const metadata = await this.#context.cluster.metadata([...names]);
      // One topic's failure must not hold the others back.
      for (const name of names) await this.#bringBack(name, metadata.topics.find((one) => one.name === name)).catch((error: unknown) => { this.#notYet(error); });
    } catch (error) {
      this.#notYet(error);
    }
  }

  #notYet(error: unknown): void {
    const failure = connectionError('Kafka', error);
    if (!failure.retry && !this.#closed) {
      this.#context.failed(failure);
      return;
    }
    this.#lastError = failure;
    if (this.#down !== null) this.wentDown(failure);
    this.#context.logger.debug('no recovery yet', { error: failure.message });
  }

  async #bringBack(name: string, topic: TopicMetadata | undefined): Promise<void> {
    const leaders = new Map(topic?.partitions.map((one) => [one.index, one.leader]));
    const partitions = [...this.#waiting].filter((one) => one.topic.name === name);
    await this.#topics.look(name, topic, partitions);
    for (const partition of partitions) {
      const leader = leaders.get(partition.index) ?? -1;
      const sender = leader < 0 ? null : this.#context.senderOf(leader);
      if (sender !== null && partition.inFlight === 0 && (await this.#cure(partition)) && !this.#closed) this.#release(partition, sender);
    }
  }

  /** Applies the remedy; false when there is none. Nothing is in flight, and nothing is sent meanwhile. */
  async #cure(partition: Partition): Promise<boolean> {
    if (partition.remedy === 'renew') await this.#renew(partition);
    return partition.remedy !== 'size' || this.#shrink(partition);
  }

  async #renew(partition: Partition): Promise<void> {
    const { producer, logger } = this.#context;
    const repeated = partition.queue.filter((batch) => batch.doubtful).reduce((sum, batch) => sum + batch.count, 0);
    const next = await producer.after(partition.producer);
    logger.error('Kafka does not know the sequence of our messages any more, and may have lost some that it had confirmed (was an unclean leader elected, or its data removed?); a new sequence begins', {
      topic: partition.topic.name, partition: partition.index, mayRepeat: repeated,
    });
    partition.renew(next);
  }

  /** Learns the limit again and makes what waits fit. */
  async #shrink(partition: Partition): Promise<boolean> {
    const { topic } = partition;
    const batch = partition.queue[0];
    if (batch === undefined) return true;
    const bytes = batch.records.length;
    const told = await this.#context.cluster.maxMessageBytes(topic.name);
    learnLimit(topic, told, topic.groupBytes);
    // The broker may have a limit that it does not tell: then half of what it refused.
    const limit = topic.maxBytes < bytes ? topic.maxBytes : bytes >> 1;
    topic.groupBytes = Math.min(topic.groupBytes, limit);
    if (batch.count === 1) {
      if (told >= bytes && batch.sends < SIZE_TRIES) return true;
      if (told >= bytes) topic.refusedBytes = Math.min(topic.refusedBytes, bytes);
      learnLimit(topic, told, topic.groupBytes);
      this.#refuse(partition, `Topic ${topic.name} refused a message of ${String(bytes)} bytes; its max.message.bytes is ${String(told)}`, { topic: topic.name, bytes, limit: topic.maxBytes });
      return false;
    }
    this.#context.logger.warn('a topic takes smaller batches than before; what waits is split', { topic: topic.name, partition: partition.index, bytes, limit });
    await partition.fit(limit);
    return true;
  }

  /** The message is gone from where it was written, and only its row can be told otherwise: the source tells it again. */
  #refuse(partition: Partition, message: string, facts: Readonly<Record<string, string | number>>): void {
    if (this.#lose(partition, new RowcastError('ROW_REFUSED', message, { facts }))) {
      this.#waiting.delete(partition);
      return;
    }
    const { events, failed } = this.#context;
    if (events.lost === undefined) {
      failed(new RowcastError('ROW_TOO_LARGE', message, { facts, hint: TOO_LARGE_HINT }));
      return;
    }
    this.#waiting.delete(partition);
    partition.refuse();
    this.delivered(partition);
    events.lost(new RowcastError('ROW_REFUSED', message, { facts }));
  }

  #release(partition: Partition, sender: Sender): void {
    this.#waiting.delete(partition);
    partition.recovered(sender);
    // Nothing of it will be delivered, so nothing could end its trouble.
    if (!partition.waiting) this.delivered(partition);
  }
}
