import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../core/ports.ts';
import { RowcastError } from '../../core/errors.ts';
import { parseAddress } from './addresses.ts';
import { BrokerConnection } from './connection.ts';
import { brokerError, connectionError } from './failures.ts';
import type { KafkaSinkOptions } from './options.ts';
import { createTopicRequest, initProducerRequest, readCreateTopic, readInitProducer, readTopicSetting, topicSettingRequest, type NewTopic } from './protocol/admin.ts';
import { INVALID_REPLICATION_FACTOR, LEADER_NOT_AVAILABLE, NO_ERROR, TOPIC_ALREADY_EXISTS, UNKNOWN_TOPIC } from './protocol/error-codes.ts';
import { metadataRequest, permissionsRequest, readMetadata, readPermissions, type ClusterMetadata, type TopicMetadata, type TopicPermissions } from './protocol/metadata.ts';
import type { ProducerId } from './producer.ts';
import type { Request } from './protocol/requests.ts';
import { findCoordinatorRequest, readCoordinator } from './protocol/transactions.ts';
import type { WireReader } from './protocol/wire.ts';

/** Where Kafka's default for `max.message.bytes` lies. */
const DEFAULT_MAX_MESSAGE = 1_048_588;

/** A broker that was away may know nothing of a topic for some seconds after it is back: milliseconds until one counts as missing. */
const MISSING_MS = 5_000;
const MISSING_WAIT_MS = 250;

const PRODUCER_ID_TRIES = 50;
const PRODUCER_ID_WAIT_MS = 100;

/** Where a broker is. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The brokers: which there are, the one connection to each, and the small requests that any of them answers. */
export class Cluster {
  readonly #options: KafkaSinkOptions;
  readonly #logger: Logger;
  readonly #bootstrap: readonly Address[];
  readonly #connections = new Map<string, BrokerConnection>();
  #nodes = new Map<number, Address>();
  #controller = -1;
  #turn = 0;
  #closed = false;

  constructor(options: KafkaSinkOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    this.#bootstrap = options.brokers.map(parseAddress);
  }

  /** The connection to a node of the last metadata; null when it is not among them. */
  node(id: number): BrokerConnection | null {
    const address = this.#nodes.get(id);
    return address === undefined ? null : this.#connection(address);
  }

  /** Leaders of these topics, and nothing of any other. @throws RowcastError SINK_LOST, SINK_AUTH */
  async metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const metadata = await this.#ask(metadataRequest(topics), readMetadata);
    this.#controller = metadata.controller;
    if (metadata.brokers.length > 0) this.#nodes = new Map(metadata.brokers.map((broker) => [broker.node, broker]));
    return metadata;
  }

  /** What the brokers say of one topic; null when it does not exist. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async topic(name: string): Promise<TopicMetadata | null> {
    const topic = (await this.metadata([name])).topics.find((one) => one.name === name);
    if (topic === undefined || topic.error === UNKNOWN_TOPIC) return null;
    if (topic.error !== NO_ERROR && topic.error !== LEADER_NOT_AVAILABLE) throw brokerError(`Topic ${name}`, topic.error, null);
    return topic;
  }

  /** The same of a topic that is needed; null where it is to be made, or has been missing for some seconds and may not be. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async needed(name: string): Promise<TopicMetadata | null> {
    for (const deadline = performance.now() + (this.#options.topics.create ? 0 : MISSING_MS); ; ) {
      const topic = await this.topic(name);
      if (topic !== null || performance.now() >= deadline || this.#closed) return topic;
      await sleep(MISSING_WAIT_MS);
    }
  }

  /** What we may do with a topic. @throws RowcastError SINK_LOST, SINK_AUTH */
  permissions(topic: string): Promise<TopicPermissions> {
    return this.#ask(permissionsRequest(topic), readPermissions);
  }

  /** Whether a topic could be made, by the broker's error. Makes nothing. @throws RowcastError SINK_LOST, SINK_AUTH */
  creatable(topic: NewTopic): Promise<{ readonly error: number; readonly message: string | null }> {
    return this.#ask(this.#creation(topic, true), readCreateTopic, this.node(this.#controller));
  }

  /** Creates a topic, as `sink.topics` says where it does not say itself; one that exists by now is fine. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async create(topic: NewTopic): Promise<void> {
    const { error, message } = await this.#ask(this.#creation(topic, false), readCreateTopic, this.node(this.#controller));
    if (error !== NO_ERROR && error !== TOPIC_ALREADY_EXISTS) throw this.uncreated(topic.name, error, message);
  }

  /** Why a topic is not created. Whether brokers are away that it needs, or there never were as many, nobody can tell: it is tried again, and both are named. */
  uncreated(name: string, error: number, message: string | null): RowcastError {
    const failure = brokerError(`Topic ${name} could not be created`, error, message);
    if (error !== INVALID_REPLICATION_FACTOR) return failure;
    const { replicationFactor } = this.#options.topics;
    const wanted = replicationFactor === undefined ? 'the default.replication.factor of the brokers' : `sink.topics.replicationFactor, ${String(replicationFactor)},`;
    return new RowcastError(failure.code, `${failure.message}. Either brokers are away (${String(this.#nodes.size)} answer), and it is created once they are back, or ${wanted} is more than the cluster has`, {
      facts: { ...failure.facts, topic: name, brokers: this.#nodes.size },
      hint: 'Start the brokers that are away; nothing else is to be done then, and no row is lost meanwhile. Where none is, lower sink.topics.replicationFactor (or default.replication.factor of the brokers) and start Rowcast again.',
    });
  }

  #creation(topic: NewTopic, validateOnly: boolean): Request {
    const { partitions, replicationFactor } = this.#options.topics;
    return createTopicRequest({ partitions, replicationFactor, ...topic }, this.#options.requestTimeoutMs, validateOnly);
  }

  /** The topic's `max.message.bytes`; Kafka's default, with a warning, where we may not read it. */
  async maxMessageBytes(topic: string): Promise<number> {
    const { error, value } = await this.setting(topic, 'max.message.bytes');
    const bytes = Number(value ?? 0);
    if (bytes > 0) return bytes;
    const failure = brokerError(`max.message.bytes of topic ${topic} could not be read`, error, null);
    if (failure.code === 'SINK_LOST') throw failure;
    this.#logger.warn(`${failure.message}; Kafka's default is assumed. Grant DescribeConfigs on the topic`, { topic, assumed: DEFAULT_MAX_MESSAGE });
    return DEFAULT_MAX_MESSAGE;
  }

  /** What a topic's setting is; null, with the broker's error, where it does not tell. @throws RowcastError SINK_LOST, SINK_AUTH */
  setting(topic: string, name: string): Promise<{ readonly error: number; readonly value: string | null }> {
    return this.#ask(topicSettingRequest(topic, name), readTopicSetting);
  }

  /** Where the broker is that coordinates a group, or the transactions of an id. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async seek(key: string, of: 'group' | 'transactions'): Promise<Address> {
    const { error, message, host, port } = await this.#ask(findCoordinatorRequest(key, of), readCoordinator);
    if (error !== NO_ERROR) throw brokerError(`The coordinator of the ${of} ${key}`, error, message);
    return { host, port };
  }

  /** That broker's connection, which is opened. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async coordinator(key: string, of: 'group' | 'transactions'): Promise<BrokerConnection> {
    const connection = this.#connection(await this.seek(key, of));
    await connection.open().catch((cause: unknown) => { throw connectionError(`Broker ${connection.address}`, cause); });
    return connection;
  }

  /** A producer id, new to the brokers; one that has just started is given some seconds. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async producerId(): Promise<ProducerId> {
    for (let left = PRODUCER_ID_TRIES; ; left--) {
      const { error, id, epoch } = await this.#ask(initProducerRequest({ id: -1n, epoch: -1 }, null), readInitProducer);
      if (error === NO_ERROR) return { id, epoch };
      const failure = brokerError('No producer id was given', error, null);
      if (!failure.retry || left === 0 || this.#closed) throw failure;
      await sleep(PRODUCER_ID_WAIT_MS);
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
  }

  #connection(address: Address): BrokerConnection {
    const key = `${address.host}:${String(address.port)}`;
    let connection = this.#connections.get(key);
    if (connection === undefined || (connection.closed && !this.#closed)) {
      connection = new BrokerConnection(address, this.#options, this.#logger, () => { this.#renew(); });
      this.#connections.set(key, connection);
    }
    return connection;
  }

  /** Where one line has died without a word, others may have, too: those on which nothing waits cost nothing to open anew. */
  #renew(): void {
    for (const connection of this.#connections.values()) connection.renew();
  }

  /** Asks any broker: `first`, then the connected ones, then those known, then those of the configuration, and last those that owe an answer for long. */
  async #ask<T>(request: Request, read: (answer: WireReader) => T, first: BrokerConnection | null = null): Promise<T> {
    const known = [...this.#nodes.values(), ...this.#bootstrap].map((address) => this.#connection(address));
    const rotated = known.map((_, index) => known[(index + this.#turn) % known.length]).filter((one) => one !== undefined);
    const rank = (one: BrokerConnection): number => (one.silent ? 3 : one === first ? 0 : one.usable ? 1 : 2);
    const order = [...new Set(first === null ? rotated : [first, ...rotated])].sort((one, other) => rank(one) - rank(other));
    let failure: RowcastError | null = null;
    for (const connection of order) {
      try {
        await connection.open();
        return await connection.send(request, read);
      } catch (error) {
        this.#turn++;
        failure = connectionError(`Broker ${connection.address}`, error);
        if (failure.code === 'SINK_AUTH') throw failure;
      }
    }
    throw failure ?? new RowcastError('SINK_LOST', 'no broker is configured');
  }
}
