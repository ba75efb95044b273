import { RowcastError } from '../../core/errors.ts';
import type { Logger, Metrics, SinkEvents } from '../../core/ports.ts';
import type { Batch } from './batch.ts';
import type { Cluster } from './cluster.ts';
import { brokerError, connectionError } from './failures.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Partition } from './partition.ts';
import { errorName, OUT_OF_ORDER_SEQUENCE, reactionTo } from './protocol/error-codes.ts';
import type { Sender, SenderEvents } from './sender.ts';

/** How long a topic may be missing before that is an error of the operator and not of the moment, in milliseconds. */
const MISSING_LIMIT_MS = 60_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

export interface RecoveryContext {
  readonly cluster: Cluster;
  readonly options: KafkaSinkOptions;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly events: SinkEvents;
  readonly senderOf: (node: number) => Sender | null;
  readonly failed: (error: RowcastError) => void;
}

/**
 * Brings partitions back whose batches failed: waits until nothing of them is in flight, learns their leaders, gets a new
 * producer id where the old one is of no use, and has everything not durable sent again in order. It goes on for ever,
 * with waits that double up to 5 s, except for errors that only an operator can end.
 */
export class Recovery implements SenderEvents {
  readonly #context: RecoveryContext;
  readonly #partitions = new Set<Partition>();
  readonly #missingSince = new Map<string, number>();
  #tries = 0;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #down = false;
  #closed = false;

  constructor(context: RecoveryContext) {
    this.#context = context;
  }

  refused(partition: Partition, batch: Batch, failure: { code: number; message: string | null; cause: unknown }): void {
    const name = errorName(failure.code);
    this.#context.metrics.counter('rowcast_sink_retries_total', { reason: name }).add(1);
    const where = `Topic ${partition.topic.name}, partition ${String(partition.index)}`;
    const error = failure.cause === null ? brokerError(where, failure.code, failure.message) : connectionError(where, failure.cause);
    switch (reactionTo(failure.code)) {
      case 'auth':
      case 'refused':
        this.#context.failed(error);
        return;
      case 'size':
        this.#tooLarge(partition, batch, name);
        return;
      case 'bump':
        if (failure.code !== OUT_OF_ORDER_SEQUENCE || partition.queue[0] === batch) partition.bump = true;
        break;
      case 'again':
        break;
    }
    this.add(partition, error);
  }

  unreachable(partitions: readonly Partition[], cause: unknown): void {
    const error = connectionError('A broker cannot be reached', cause);
    if (!error.retry) this.#context.failed(error);
    else for (const partition of partitions) this.add(partition, error);
  }

  delivered(): void {
    if (this.#partitions.size > 0) return;
    this.#tries = 0;
    this.upAgain();
  }

  /** Tells that messages flow again, if it was told that they do not. */
  upAgain(): void {
    if (!this.#down) return;
    this.#down = false;
    this.#context.events.up();
    this.#context.logger.info('Kafka takes messages again');
  }

  /** Tells once that messages do not flow. */
  wentDown(error: RowcastError): void {
    if (this.#down) return;
    this.#down = true;
    this.#context.events.down(error);
  }

  /** Takes a partition into recovery. */
  add(partition: Partition, error: RowcastError): void {
    partition.recovering = true;
    this.#partitions.add(partition);
    this.wentDown(error);
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #tooLarge(partition: Partition, batch: Batch, name: string): void {
    const { topic } = partition;
    const bytes = batch.records.length;
    const facts = { topic: topic.name, bytes, limit: topic.maxBytes, error: name };
    if (batch.count === 1) {
      this.#context.failed(new RowcastError('ROW_TOO_LARGE', `Topic ${topic.name} refused a message of ${String(bytes)} bytes: ${name}. Its max.message.bytes was ${String(topic.maxBytes)} when it was last read`, { facts }));
      return;
    }
    this.#context.failed(new RowcastError('SINK_REFUSED', `Topic ${topic.name} refused a batch of ${String(bytes)} bytes: ${name}. Its max.message.bytes was ${String(topic.maxBytes)} when it was last read and is less now`, {
      facts,
      hint: 'Start Rowcast again: it reads max.message.bytes at its start and makes its batches fit. No row is lost.',
    }));
  }

  #schedule(): void {
    if (this.#closed || this.#running || this.#timer !== null) return;
    const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#tries++, 10));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#running = true;
      void this.#run().finally(() => {
        this.#running = false;
        if (this.#partitions.size > 0) this.#schedule();
      });
    }, full * (0.5 + Math.random() / 2));
  }

  async #run(): Promise<void> {
    try {
      const names = new Set([...this.#partitions].map((partition) => partition.topic.name));
      const metadata = await this.#context.cluster.metadata([...names]);
      for (const name of names) {
        const topic = metadata.topics.find((one) => one.name === name);
        const leaders = new Map(topic?.partitions.map((one) => [one.index, one.leader]));
        await this.#bringBack(name, leaders);
      }
    } catch (error) {
      const failure = connectionError('Kafka', error);
      if (!failure.retry && !this.#closed) this.#context.failed(failure);
    }
  }

  async #bringBack(name: string, leaders: ReadonlyMap<number, number>): Promise<void> {
    let missing = false;
    for (const partition of [...this.#partitions].filter((one) => one.topic.name === name)) {
      const leader = leaders.get(partition.index);
      if (leader === undefined) missing = true;
      else if (partition.inFlight === 0 && leader >= 0) await this.#release(partition, leader);
    }
    if (missing) await this.#missing(name, leaders.size > 0);
    else this.#missingSince.delete(name);
  }

  async #release(partition: Partition, leader: number): Promise<void> {
    const sender = this.#context.senderOf(leader);
    if (sender === null) return;
    if (partition.bump) {
      this.#context.logger.warn('the broker does not know the sequence of our messages any more; a new producer id is used', { topic: partition.topic.name, partition: partition.index });
      partition.restart(await this.#context.cluster.producerId());
    }
    if (this.#closed) return;
    this.#partitions.delete(partition);
    partition.recovering = false;
    partition.sender = sender;
    partition.openedAfter = 0;
    sender.active(partition);
    sender.wake();
  }

  /** The topic, or one of its partitions, is gone. */
  async #missing(name: string, fewer: boolean): Promise<void> {
    const now = performance.now();
    const since = this.#missingSince.get(name) ?? now;
    this.#missingSince.set(name, since);
    if (now - since > MISSING_LIMIT_MS) {
      const what = fewer ? 'has fewer partitions than when it was opened' : 'does not exist any more';
      this.#context.failed(new RowcastError('SINK_REFUSED', `Topic ${name} ${what}`, { facts: { topic: name }, hint: 'Create the topic again with the partitions it had, or start Rowcast again to use it as it is now.' }));
      return;
    }
    if (fewer || !this.#context.options.topics.create) return;
    this.#context.logger.warn('a topic was deleted while messages were sent to it; it is created again', { topic: name });
    await this.#context.cluster.create(name);
  }
}
