import { setTimeout as sleep } from 'node:timers/promises';
import { RowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import type { Cluster } from './cluster.ts';
import type { BrokerConnection } from './connection.ts';
import { brokerError, connectionError } from './failures.ts';
import type { NewTopic } from './protocol/admin.ts';
import { LEADER_NOT_AVAILABLE, NO_ERROR, reactionTo } from './protocol/error-codes.ts';
import type { TopicMetadata } from './protocol/metadata.ts';
import { produceRequest, readProduce } from './protocol/produce.ts';
import type { TopicPartition } from './protocol/transactions.ts';
import { batchOf, type KeyedRecord, type Writer } from './small-batch.ts';

export interface CompactedTopicOptions {
  readonly topic: string;
  /** What it is to the configuration, for errors: `which checkpoint.topic names`. */
  readonly role: string;
  /** What it keeps, for errors: `positions`. */
  readonly keeps: string;
  /** Make the topic where it does not exist. */
  readonly create: boolean;
  readonly requestTimeoutMs: number;
}

/** The one partition that everything is in. */
export const ONLY_PARTITION = 0;

/** What is to be done about a topic that is unfit. */
export const UNFIT_HINT = 'It must have one partition and cleanup.policy=compact; one that does not exist is made so. Change it, or name another one in checkpoint.topic.';

const SHOWN_TRIES = 100;
const SHOWN_WAIT_MS = 20;

/** How it is made. Small segments: only closed ones are compacted. */
const SETTINGS = { 'cleanup.policy': 'compact', 'segment.bytes': String(16 * 1024 * 1024), 'min.cleanable.dirty.ratio': '0.1' };

/** The topic as it is made where it does not exist. */
export function newCompactedTopic(name: string): NewTopic {
  return { name, partitions: 1, settings: SETTINGS };
}

/** Why a topic of so many partitions and this `cleanup.policy` (null: nobody knows) keeps nothing for long; null where it does. */
export function unfitness(partitions: number, policy: string | null, keeps: string): string | null {
  if (partitions !== 1) return `has ${String(partitions)} partitions, not one`;
  return policy === null || policy === 'compact' ? null : `has cleanup.policy=${policy}, which deletes ${keeps} after a while`;
}

/** A topic of one partition that keeps the newest record of each key. */
export class CompactedTopic {
  readonly #cluster: Cluster;
  readonly #options: CompactedTopicOptions;
  readonly #logger: Logger;

  constructor(cluster: Cluster, options: CompactedTopicOptions, logger: Logger) {
    this.#cluster = cluster;
    this.#options = options;
    this.#logger = logger;
  }

  get name(): string {
    return this.#options.topic;
  }

  get place(): TopicPartition {
    return { topic: this.#options.topic, partition: ONLY_PARTITION };
  }

  async exists(): Promise<boolean> {
    return (await this.#cluster.topic(this.#options.topic)) !== null;
  }

  /** Makes the topic, or looks whether the one that is there keeps what is put into it. @throws RowcastError SINK_REFUSED, SINK_LOST, SINK_AUTH */
  async prepare(): Promise<void> {
    const { topic: name, create, role, keeps } = this.#options;
    if ((await this.#cluster.needed(name)) === null) {
      if (!create) throw new RowcastError('SINK_REFUSED', `Topic ${name}, ${role}, does not exist, and sink.topics.create is false`, { facts: { topic: name }, hint: `Create it with one partition and cleanup.policy=compact, or set sink.topics.create.` });
      await this.#cluster.create(newCompactedTopic(name));
    }
    const { partitions } = await this.#shown();
    const { error, value } = await this.#cluster.setting(name, 'cleanup.policy');
    if (error !== NO_ERROR && reactionTo(error) === 'again') throw brokerError(`cleanup.policy of topic ${name}`, error, null);
    if (value === null) this.#logger.warn(`cleanup.policy of the topic of ${keeps} could not be read; unless it is compact, they may be deleted`, { topic: name });
    const unfit = unfitness(partitions.length, value, keeps);
    if (unfit !== null) throw new RowcastError('SINK_REFUSED', `Topic ${name}, ${role}, ${unfit}`, { facts: { topic: name }, hint: UNFIT_HINT });
  }

  /** A topic that was just made shows within some milliseconds. */
  async #shown(): Promise<TopicMetadata> {
    const { topic: name } = this.#options;
    for (let left = SHOWN_TRIES; ; left--) {
      const topic = await this.#cluster.topic(name);
      if (topic !== null && topic.partitions.length > 0 && topic.partitions.every(({ leader }) => this.#cluster.node(leader) !== null)) return topic;
      if (left === 0) throw brokerError(`Topic ${name}`, LEADER_NOT_AVAILABLE, null);
      await sleep(SHOWN_WAIT_MS);
    }
  }

  /** Writes records as one batch; durable when it resolves, in a transaction once that is committed. @throws RowcastError SINK_* */
  async write(records: readonly KeyedRecord[], writer: Writer | null): Promise<void> {
    const { topic, requestTimeoutMs } = this.#options;
    const leader = await this.#leader();
    const part = { topic, partition: ONLY_PARTITION, records: batchOf(records, writer) };
    const results = await leader.send(produceRequest([part], requestTimeoutMs, writer?.transactionalId ?? null), readProduce).catch((cause: unknown) => { throw connectionError(`Broker ${leader.address}`, cause); });
    const error = results[0]?.error ?? LEADER_NOT_AVAILABLE;
    if (error !== NO_ERROR) throw brokerError(`Topic ${topic}`, error, results[0]?.message ?? null);
  }

  async #leader(): Promise<BrokerConnection> {
    const { topic } = this.#options;
    const partition = (await this.#cluster.topic(topic))?.partitions[0];
    const leader = partition === undefined ? null : this.#cluster.node(partition.leader);
    if (leader === null) throw brokerError(`Topic ${topic}`, LEADER_NOT_AVAILABLE, null);
    await leader.open().catch((cause: unknown) => { throw connectionError(`Broker ${leader.address}`, cause); });
    return leader;
  }
}
