import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RowcastError } from '../../core/errors.ts';
import type { PieceStore } from '../../core/notes.ts';
import type { Checkpoint, CheckpointStore, Logger } from '../../core/ports.ts';
import { Cluster } from './cluster.ts';
import { CompactedTopic } from './compacted-topic.ts';
import { TransactionCoordinator } from './coordinator.ts';
import { isLeased, Lease } from './lease.ts';
import type { KafkaSinkOptions } from './options.ts';
import { PieceTopic } from './piece-topic.ts';
import { PositionTopic } from './position-topic.ts';
import { Tenure } from './tenure.ts';

export interface KafkaCheckpointOptions extends KafkaSinkOptions {
  /** That of the daemon. */
  readonly name: string;
  readonly topic: string;
  /** Of positions. The schema history has the same one with `:schema` after it. */
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

/** One try, and one more with a new epoch: whoever saves positions tries again itself. */
const SAVE_TRIES = 2;

/**
 * Milliseconds in which the end looks whether the position is still ours. A transaction that was left open hides that until the brokers
 * abort it; then the lease is not given back, and is over by itself some seconds later.
 */
const GOODBYE_MS = 1_000;

/** The topic of the schema history beside that of positions. */
export function schemaTopicOf(topic: string): string {
  return `${topic}.schema`;
}

/** The transactional id of the schema history beside that of positions; no daemon's name has a colon. */
export function schemaTransactionalId(transactionalId: string): string {
  return `${transactionalId}:schema`;
}

/**
 * Checkpoints in a compacted topic, each in a transaction of its own, and the schema history in another one. Whoever opens it
 * fences the one that had it: that one's next write of either fails. Saving is not for a sink that writes positions with its
 * messages. The history has a transactional id of its own, since it must be durable before a transaction of the sink ends.
 */
export class KafkaCheckpointStore implements CheckpointStore {
  readonly #options: KafkaCheckpointOptions;
  readonly #context: KafkaCheckpointContext;
  readonly #cluster: Cluster;
  readonly #coordinator: TransactionCoordinator;
  readonly #topic: PositionTopic;
  readonly #schemaTopic: CompactedTopic;
  readonly #lease: Lease;
  readonly #positions: Tenure;
  readonly #schema: Tenure;
  /** The schema history. */
  readonly pieces: PieceStore;
  #mine = false;
  readonly #owner = randomUUID();

  constructor(options: KafkaCheckpointOptions, context: KafkaCheckpointContext) {
    const { name, topic, transactionalId, requestTimeoutMs, topics } = options;
    this.#options = options;
    this.#context = context;
    this.#cluster = new Cluster(options, context.logger);
    const common = { name, create: topics.create, requestTimeoutMs };
    this.#topic = new PositionTopic(this.#cluster, { ...common, topic }, context.logger);
    this.#schemaTopic = new CompactedTopic(this.#cluster, { ...common, topic: schemaTopicOf(topic), role: 'which keeps the schema history beside checkpoint.topic', keeps: 'pieces of the schema history' }, context.logger);
    this.#lease = new Lease(this.#topic, context.logger);
    this.#coordinator = this.#coordinatorOf(transactionalId);
    this.#positions = this.#tenure(transactionalId, this.#coordinator, this.#topic.log);
    const schemaId = schemaTransactionalId(transactionalId);
    this.#schema = this.#tenure(schemaId, this.#coordinatorOf(schemaId), this.#schemaTopic);
    this.pieces = new PieceTopic({ cluster: this.#cluster, topic: this.#schemaTopic, name, tenure: this.#schema, held: () => this.#mine, lost: (error) => { this.#fenced(error); } });
  }

  /** Takes position and history from whoever has them. @throws RowcastError SINK_* */
  async open(): Promise<void> {
    await this.#topic.log.prepare();
    await this.#schemaTopic.prepare();
    // Before the others are fenced, so that they find it.
    await this.#topic.log.write([{ key: this.#topic.ownerKey, value: Buffer.from(this.#owner) }], null);
    await this.#positions.begin();
    await this.#schema.begin();
    this.#mine = true;
    this.#lease.start();
  }

  load(): Promise<Checkpoint | null> {
    return this.#topic.load();
  }

  /** A new epoch for positions. @throws RowcastError SINK_FENCED, SINK_* */
  renew(): Promise<void> {
    return this.#positions.renew();
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
      await this.#positions.write([{ key: this.#topic.positionKey, value: this.#topic.textOf(checkpoint) }], { tries: SAVE_TRIES });
    } catch (error) {
      if (error instanceof RowcastError && error.code === 'SINK_FENCED') this.#fenced(error);
      throw error;
    }
  }

  /** Nobody else has taken it meanwhile, as far as the brokers tell. */
  async #isOwner(): Promise<boolean> {
    return this.#mine && (await this.#topic.owner().catch(() => null)) === this.#owner;
  }

  async close(): Promise<void> {
    await this.#lease.end(await Promise.race([this.#isOwner(), sleep(GOODBYE_MS, false, { ref: false })]));
    this.#mine = false;
    this.#cluster.close();
  }

  #fenced(error: RowcastError): void {
    this.#mine = false;
    this.#context.lost(error);
  }

  #coordinatorOf(transactionalId: string): TransactionCoordinator {
    const { transactionTimeoutMs, requestTimeoutMs } = this.#options;
    return new TransactionCoordinator(this.#cluster, { transactionalId, transactionTimeoutMs, patienceMs: requestTimeoutMs });
  }

  #tenure(transactionalId: string, coordinator: TransactionCoordinator, topic: CompactedTopic): Tenure {
    return new Tenure({ transactionalId, coordinator, topic, isOurs: async () => (await this.#topic.owner()) === this.#owner, logger: this.#context.logger });
  }
}
