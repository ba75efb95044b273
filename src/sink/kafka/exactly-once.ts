import { Backoff } from '../../core/backoff.ts';
import { ByteWriter } from '../../core/byte-writer.ts';
import { waitOr } from '../../core/deferred.ts';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Header, Sink, SinkContext, SinkEvents, TopicWriter } from '../../core/ports.ts';
import type { SourceSeam } from '../../core/source-seam.ts';
import type { Position } from '../../core/position.ts';
import type { KafkaCheckpointStore, KafkaSession } from './checkpoint-store.ts';
import { KafkaSink } from './kafka-sink.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { Partition } from './partition.ts';
import { POSITION_PARTITION } from './position-topic.ts';
import { Transactions } from './transactions.ts';

/** The source's places, as this sink moves them. */
export interface CommittedPlaces extends SourceSeam {
  /** The end of the last transaction of the source, whatever came after it. */
  last(): Position | null;
  committed(position: Position): void;
  /** What was handed over since `position` is taken back. */
  reset(position: Position | null): void;
  listen(listener: { between(): void; ended(): void }): void;
}

export interface ExactlyOnceOptions extends KafkaSinkOptions {
  /** Milliseconds after which the brokers abort a transaction that was not ended: `transaction.timeout.ms`. */
  readonly transactionTimeoutMs: number;
  /** A transaction of some size is ended after so many milliseconds, */
  readonly intervalMs: number;
  /** or so many bytes, where the source's next one ends. */
  readonly transactionBytes: number;
  /** What becomes of one of the source's that lasts longer than a transaction may. */
  readonly onTimeout: 'fail' | 'split';
}

export interface ExactlyOnceContext extends SinkContext {
  /** Opened by its owner, who closes it after the sink. */
  readonly store: KafkaCheckpointStore;
  readonly places: CommittedPlaces;
  /** The position that the topic had when the daemon started; null: none, or one from another place. */
  readonly committed: Position | null;
  /** `at`: milliseconds since 1970. */
  readonly saved: (position: Position, at: number) => void;
}

/** How often a position that moves without messages is committed, and an idle daemon looks whether it was fenced, in milliseconds. */
const TICK_MS = 1_000;
/** Milliseconds that the end of an open transaction may take when the daemon ends. */
const GIVE_UP_MS = 2_000;
const FIRST_WAIT_MS = 50;
/** Of the time that a transaction may last: when it is split, and when the daemon gives up instead. */
const SPLIT_PART = 0.5;
const FAIL_PART = 0.9;
/** Marks messages of a transaction of the source whose earlier messages were committed before: the value counts the parts, from 2 on. */
const SPLIT_HEADER = 'rowcast.part';

/**
 * A sink that commits messages and the position after them in one transaction of Kafka, or neither. What goes wrong in a
 * transaction is not mended in it: it is aborted, the position that was committed last is read from the topic, and reading
 * begins there again (Invariant 5). That answers, too, whether a commit without an answer was one.
 */
export class ExactlyOnceSink implements Sink {
  readonly #options: ExactlyOnceOptions;
  readonly #context: ExactlyOnceContext;
  readonly #session: KafkaSession;
  readonly #inner: KafkaSink;
  readonly #transactions: Transactions;
  readonly #marks: { extra: Header | null } = { extra: null };
  readonly #key: ByteWriter;
  readonly #stop = new AbortController();
  #part = 1;
  /** When Kafka was last seen to be away, or back, by the monotonic clock. */
  #troubledAt = -Infinity;
  #unpinned: boolean;
  #positions: { readonly writer: TopicWriter; readonly partition: Partition } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ExactlyOnceOptions, context: ExactlyOnceContext) {
    const { store, places, committed } = context;
    this.#options = options;
    this.#context = context;
    this.#session = store.session;
    this.#unpinned = committed === null;
    this.#key = keyOf(this.#session.topic.positionKey);
    this.#transactions = new Transactions({
      life: this.#session.coordinator,
      seam: places,
      events: {
        committed: (position, seconds) => { this.#committed(position, seconds); },
        lost: (error) => { this.#lost(error); },
        overlong: () => { this.#overlong(); },
      },
      limits: { intervalMs: options.intervalMs, bytes: options.transactionBytes, overlongMs: options.transactionTimeoutMs * (options.onTimeout === 'split' ? SPLIT_PART : FAIL_PART) },
      positions: () => this.#opened().partition,
      write: (position) => { this.#write(position); },
    }, committed);
    places.listen({ between: () => { this.#between(); }, ended: () => { this.#transactions.ended(); } });
    this.#inner = new KafkaSink(options, { ...context, events: this.#watched() }, {
      cluster: this.#session.cluster,
      transactionalId: this.#session.transactionalId,
      identity: () => this.#session.coordinator.identity,
      batches: { open: (partition) => this.#transactions.open(partition), settle: (ticket, bytes) => { this.#transactions.settle(ticket, bytes); } },
      marks: this.#marks,
      error: () => this.#transactions.error,
      lost: (error) => { this.#transactions.lose(error); },
    });
  }

  async open(): Promise<void> {
    await this.#inner.open();
    const { topic } = this.#session.topic;
    this.#positions = { writer: await this.#inner.topic(topic), partition: await this.#inner.partition(topic, POSITION_PARTITION) };
  }

  topic(name: string): Promise<TopicWriter> {
    return this.#inner.topic(name);
  }

  /** Commits all that was handed over; what cannot be committed is taken back. Nobody hands anything over meanwhile. */
  async flush(): Promise<void> {
    try {
      if (this.#transactions.error === null) await this.#transactions.finish();
      else await this.#recover();
    } catch (thrown) {
      const error = asRowcastError(thrown);
      if (!error.retry) throw error;
      await this.#recover();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.stop();
    const open = this.#transactions.stop();
    await this.#inner.close();
    if (open) await this.#giveUp();
  }

  /** Begins to commit positions that move without messages. */
  start(): void {
    this.#timer ??= setInterval(() => { this.#transactions.tick(); }, TICK_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** The first position of all is committed by itself, before any message (Invariant 1); later ones go with their messages. @throws RowcastError SINK_* */
  async save(): Promise<void> {
    const { places, store, saved } = this.#context;
    const position = places.last();
    if (!this.#unpinned || position === null) return;
    try {
      const savedAt = Date.now();
      await store.save({ position, savedAt });
      // The store has used a sequence of the partition.
      await store.renew();
      await this.#inner.adopt();
      this.#unpinned = false;
      places.committed(position);
      saved(position, savedAt);
    } catch (error) {
      this.#transactions.lose(asRowcastError(error));
      throw error;
    }
    this.#transactions.pinned(position);
  }

  /** Consumers that read what is committed would wait for a transaction that is left open, until the brokers end it. */
  async #giveUp(): Promise<void> {
    const { logger } = this.#context;
    const done = this.#session.coordinator.end(false).catch((error: unknown) => { logger.debug('the open transaction could not be ended', { error: asRowcastError(error).message }); });
    await waitOr(GIVE_UP_MS, done);
  }

  #opened(): { readonly writer: TopicWriter; readonly partition: Partition } {
    if (this.#positions === null) throw new RowcastError('INTERNAL', 'a transaction began before the sink was open');
    return this.#positions;
  }

  #write(position: Position): void {
    const { writer } = this.#opened();
    const text = this.#session.topic.textOf({ position, savedAt: Date.now() });
    do writer.begin(this.#key, POSITION_PARTITION).raw(text);
    while (!writer.end([]));
  }

  #between(): void {
    this.#marks.extra = null;
    this.#part = 1;
    this.#transactions.between();
  }

  #committed(position: Position | null, seconds: number): void {
    const { metrics, places, saved } = this.#context;
    metrics.counter('rowcast_kafka_transactions_total', { outcome: 'committed' }).add(1);
    metrics.histogram('rowcast_kafka_transaction_seconds').observe(seconds);
    if (position === null) return;
    places.committed(position);
    saved(position, Date.now());
  }

  #lost(error: RowcastError): void {
    this.#context.metrics.counter('rowcast_kafka_transactions_total', { outcome: 'lost' }).add(1);
    if (!error.retry) this.#inner.fail(error);
    else this.#context.events.lost?.(error);
  }

  #watched(): SinkEvents {
    const { events } = this.#context;
    const noted = (): void => { this.#troubledAt = performance.now(); };
    return {
      ...events,
      down: (error) => {
        noted();
        events.down(error);
      },
      up: () => {
        noted();
        events.up();
      },
    };
  }

  /** The open transaction lasts about as long as it may. Where the source is between two, it is only slow to end. */
  #overlong(): void {
    const { places, logger } = this.#context;
    if (places.whole) return;
    const { onTimeout, transactionTimeoutMs } = this.#options;
    if (onTimeout === 'fail' && this.#troubledAt > performance.now() - transactionTimeoutMs) {
      this.#transactions.lose(new RowcastError('TRANSACTION_LOST', 'Kafka was away for a part of the time that the transaction may last'));
      return;
    }
    if (onTimeout === 'fail') {
      this.#inner.fail(new RowcastError('TRANSACTION_TIMEOUT', `a transaction of the source, after ${places.last()?.label ?? 'the start'}, takes longer to deliver than the ${String(transactionTimeoutMs / 1000)} s that a Kafka transaction may last`, { facts: { timeoutMs: transactionTimeoutMs } }));
      return;
    }
    this.#part++;
    logger.warn('a transaction of the source lasts longer than a Kafka transaction may, and is split', { after: places.last()?.label, part: this.#part });
    this.#transactions.split();
    this.#marks.extra = { name: SPLIT_HEADER, value: Buffer.from(String(this.#part)) };
  }

  /** Ends what is open, and begins again after what was committed. Goes on for as long as Kafka cannot be reached. @throws RowcastError SINK_FENCED, SINK_AUTH, SINK_REFUSED */
  async #recover(): Promise<void> {
    for (const backoff = new Backoff(FIRST_WAIT_MS); ; ) {
      try {
        await this.#begin();
        this.#inner.hindered(null);
        return;
      } catch (thrown) {
        const error = asRowcastError(thrown);
        if (!error.retry || this.#stop.signal.aborted) throw error;
        this.#inner.hindered(error);
      }
      await backoff.pause(this.#stop.signal);
    }
  }

  async #begin(): Promise<void> {
    const { places, logger } = this.#context;
    this.#inner.silence();
    await this.#context.store.renew();
    const kept = await this.#session.topic.load();
    await this.#inner.restart();
    this.#unpinned = kept === null;
    this.#marks.extra = null;
    this.#part = 1;
    places.reset(kept?.position ?? null);
    this.#transactions.restart(kept?.position ?? null);
    logger.info('what was not committed is taken back', { position: kept?.position.label ?? 'none' });
  }
}

function keyOf(text: string): ByteWriter {
  const key = new ByteWriter(Buffer.byteLength(text));
  key.utf8(text);
  return key;
}
