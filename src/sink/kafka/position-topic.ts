import { setTimeout as sleep } from 'node:timers/promises';
import { checkpointText, readCheckpointText } from '../../core/checkpoint-text.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Checkpoint, Logger } from '../../core/ports.ts';
import type { Cluster } from './cluster.ts';
import type { BrokerConnection } from './connection.ts';
import { newestCommitted } from './committed-log.ts';
import { brokerError, connectionError } from './failures.ts';
import { LEADER_NOT_AVAILABLE, NO_ERROR } from './protocol/error-codes.ts';
import type { TopicMetadata } from './protocol/metadata.ts';
import { produceRequest, readProduce } from './protocol/produce.ts';
import { batchOf, type Writer } from './small-batch.ts';

export interface PositionTopicOptions {
  readonly topic: string;
  /** That of the daemon: several may share a topic. */
  readonly name: string;
  /** Make the topic where it does not exist. */
  readonly create: boolean;
  readonly requestTimeoutMs: number;
}

/** The one partition that positions are in. */
export const POSITION_PARTITION = 0;

const SHOWN_TRIES = 100;
const SHOWN_WAIT_MS = 20;

/** Small segments: only closed ones are compacted. */
const SETTINGS = { 'cleanup.policy': 'compact', 'segment.bytes': String(16 * 1024 * 1024), 'min.cleanable.dirty.ratio': '0.1' };

/**
 * The compacted topic that keeps positions, one record a daemon, keyed `position:<name>`. A second key, `lease:<name>`, is
 * written again and again while a daemon runs, and taken away when it ends.
 */
export class PositionTopic {
  readonly #cluster: Cluster;
  readonly #options: PositionTopicOptions;
  readonly #logger: Logger;

  constructor(cluster: Cluster, options: PositionTopicOptions, logger: Logger) {
    this.#cluster = cluster;
    this.#options = options;
    this.#logger = logger;
  }

  get topic(): string {
    return this.#options.topic;
  }

  get positionKey(): string {
    return `position:${this.#options.name}`;
  }

  get leaseKey(): string {
    return `lease:${this.#options.name}`;
  }

  get ownerKey(): string {
    return `owner:${this.#options.name}`;
  }

  /** Who wrote itself down as the owner last. @throws RowcastError SINK_* */
  async owner(): Promise<string | null> {
    const { topic } = this.#options;
    const record = (await newestCommitted(this.#cluster, { topic, partition: POSITION_PARTITION }, [this.ownerKey])).get(this.ownerKey);
    return record?.value?.toString() ?? null;
  }

  /** Makes the topic, or looks whether the one that is there keeps positions. @throws RowcastError SINK_REFUSED, SINK_LOST, SINK_AUTH */
  async prepare(): Promise<void> {
    const { topic: name, create } = this.#options;
    if ((await this.#cluster.topic(name)) === null) {
      if (!create) throw new RowcastError('SINK_REFUSED', `Topic ${name}, which checkpoint.topic names, does not exist, and sink.topics.create is false`, { facts: { topic: name }, hint: `Create it with one partition and cleanup.policy=compact, or set sink.topics.create.` });
      await this.#cluster.create({ name, partitions: 1, settings: SETTINGS });
    }
    const topic = await this.#shown();
    if (topic.partitions.length !== 1) throw this.#unfit(`has ${String(topic.partitions.length)} partitions, not one`);
    const { value } = await this.#cluster.setting(name, 'cleanup.policy');
    if (value === null) this.#logger.warn('cleanup.policy of the topic of positions could not be read; unless it is compact, the position may be deleted', { topic: name });
    else if (value !== 'compact') throw this.#unfit(`has cleanup.policy=${value}, which deletes positions after a while`);
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

  /** The position that was committed last. @throws RowcastError SINK_*, CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN */
  async load(): Promise<Checkpoint | null> {
    const { topic, name } = this.#options;
    if ((await this.#cluster.topic(topic)) === null) return null;
    const text = (await newestCommitted(this.#cluster, { topic, partition: POSITION_PARTITION }, [this.positionKey])).get(this.positionKey)?.value ?? null;
    return text === null ? null : readCheckpointText(text.toString(), `topic ${topic}, key ${this.positionKey}`, name);
  }

  /** A checkpoint as the value of its record. */
  textOf(checkpoint: Checkpoint): Buffer {
    return Buffer.from(checkpointText(this.#options.name, checkpoint));
  }

  /** Where the lease was last renewed, by offset; null where none is held. */
  async lease(): Promise<bigint | null> {
    const { topic } = this.#options;
    if ((await this.#cluster.topic(topic)) === null) return null;
    const record = (await newestCommitted(this.#cluster, { topic, partition: POSITION_PARTITION }, [this.leaseKey])).get(this.leaseKey);
    return record === undefined || record.value === null ? null : record.offset;
  }

  /** Writes one record; durable when it resolves. @throws RowcastError SINK_*, TRANSACTION_LOST */
  async write(key: string, value: Buffer | null, writer: Writer | null): Promise<void> {
    const { topic, requestTimeoutMs } = this.#options;
    const leader = await this.#leader();
    const part = { topic, partition: POSITION_PARTITION, records: batchOf(key, value, writer) };
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

  #unfit(what: string): RowcastError {
    const { topic } = this.#options;
    return new RowcastError('SINK_REFUSED', `Topic ${topic}, which checkpoint.topic names, ${what}`, { facts: { topic }, hint: 'Name a topic with one partition and cleanup.policy=compact in checkpoint.topic; one that does not exist is made so.' });
  }
}
