import { randomUUID } from 'node:crypto';
import { RowcastError } from '../../core/errors.ts';
import type { Checkpoint, CheckpointStore, Logger } from '../../core/ports.ts';
import { Cluster } from './cluster.ts';
import { TransactionCoordinator } from './coordinator.ts';
import { isLeased, Lease } from './lease.ts';
import type { KafkaSinkOptions } from './options.ts';
import { POSITION_PARTITION, PositionTopic } from './position-topic.ts';

export interface KafkaCheckpointOptions extends KafkaSinkOptions {
  /** That of the daemon. */
  readonly name: string;
  readonly topic: string;
  readonly transactionalId: string;
  /** Milliseconds after which the brokers abort a transaction that was not ended. */
  readonly transactionTimeoutMs: number;
}

/** Connections, identity and topic, shared by the store and the sink. */
export interface KafkaSession {
  readonly cluster: Cluster;
  readonly coordinator: TransactionCoordinator;
  readonly topic: PositionTopic;
  readonly transactionalId: string;
}

export interface KafkaCheckpointContext {
  readonly logger: Logger;
  /** Told when another daemon of the name took over. */
  readonly lost: (error: RowcastError) => void;
}

/**
 * Checkpoints in a compacted topic, each in a transaction of its own. Whoever opens it fences the one that had it: that
 * one's next save fails. Not for a sink that writes positions with its messages.
 */
export class KafkaCheckpointStore implements CheckpointStore {
  readonly #options: KafkaCheckpointOptions;
  readonly #context: KafkaCheckpointContext;
  readonly #cluster: Cluster;
  readonly #coordinator: TransactionCoordinator;
  readonly #topic: PositionTopic;
  readonly #lease: Lease;
  /** Null: nobody knows what the brokers have, so an epoch begins before the next save. */
  #sequence: number | null = null;
  #mine = false;
  readonly #owner = randomUUID();

  constructor(options: KafkaCheckpointOptions, context: KafkaCheckpointContext) {
    const { name, topic, transactionalId, transactionTimeoutMs, requestTimeoutMs, topics } = options;
    this.#options = options;
    this.#context = context;
    this.#cluster = new Cluster(options, context.logger);
    this.#coordinator = new TransactionCoordinator(this.#cluster, { transactionalId, transactionTimeoutMs, patienceMs: requestTimeoutMs });
    this.#topic = new PositionTopic(this.#cluster, { topic, name, create: topics.create, requestTimeoutMs }, context.logger);
    this.#lease = new Lease(this.#topic, context.logger);
  }

  /** Takes the position from whoever has it. @throws RowcastError SINK_* */
  async open(): Promise<void> {
    await this.#topic.prepare();
    // Before the others are fenced, so that they find it.
    await this.#topic.write(this.#topic.ownerKey, Buffer.from(this.#owner), null);
    await this.#coordinator.begin();
    this.#sequence = 0;
    this.#mine = true;
    this.#lease.start();
  }

  load(): Promise<Checkpoint | null> {
    return this.#topic.load();
  }

  /**
   * A new epoch. A coordinator that has moved, or was started again, forgets which epoch it raised by itself, and then calls
   * us fenced although nobody took over: who wrote itself down as the owner last, tells.
   * @throws RowcastError SINK_FENCED, SINK_*
   */
  async renew(): Promise<void> {
    try {
      await this.#coordinator.begin();
    } catch (error) {
      if (!(error instanceof RowcastError) || error.code !== 'SINK_FENCED' || (await this.#topic.owner()) !== this.#owner) throw error;
      this.#context.logger.warn('the brokers take this daemon for another one since their coordinator moved; nobody else has taken the position, so it goes on', { transactionalId: this.#options.transactionalId });
      this.#coordinator.forget();
      await this.#coordinator.begin();
    }
  }

  /** What a sink needs that commits positions with its messages, once this is open. */
  get session(): KafkaSession {
    return { cluster: this.#cluster, coordinator: this.#coordinator, topic: this.#topic, transactionalId: this.#options.transactionalId };
  }

  /** Whether a daemon has it now, or was killed some seconds ago. @throws RowcastError SINK_* */
  isHeld(): Promise<boolean> {
    return isLeased(this.#topic);
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    if (!this.#mine) throw new RowcastError('CHECKPOINT_LOCKED', `the position in topic ${this.#options.topic} is not held`);
    try {
      await this.#save(checkpoint);
    } catch (error) {
      // A new epoch tells whether another daemon took over, or the transaction was just too slow.
      if (!(error instanceof RowcastError) || error.code !== 'TRANSACTION_LOST') throw error;
      await this.#save(checkpoint);
    }
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    const { topic, transactionalId } = this.#options;
    if (this.#sequence === null) await this.#renew();
    const sequence = this.#sequence ?? 0;
    this.#sequence = null;
    await this.#coordinator.add([{ topic, partition: POSITION_PARTITION }]);
    await this.#topic.write(this.#topic.positionKey, this.#topic.textOf(checkpoint), { transactionalId, producer: this.#coordinator.identity, sequence });
    await this.#coordinator.end(true);
    this.#sequence = sequence + 1;
  }

  async #renew(): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      if (error instanceof RowcastError && error.code === 'SINK_FENCED') {
        this.#mine = false;
        this.#context.lost(error);
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#lease.end(this.#mine);
    this.#mine = false;
    this.#cluster.close();
  }
}
