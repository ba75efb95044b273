import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { Kafka, logLevel, type Admin, type SeekEntry } from 'kafkajs';

/** One message as a consumer of another process sees it. */
export interface TopicMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** Null: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Looks into a Kafka from outside the daemon. */
export interface KafkaReader {
  topics(): Promise<string[]>;
  /** Creates a topic; `configs` are topic settings such as max.message.bytes. */
  createTopic(topic: string, partitions: number, configs?: Readonly<Record<string, string>>): Promise<void>;
  /** The end offset of each partition, by partition. Transactions' markers take an offset each. */
  endOffsets(topic: string): Promise<number[]>;
  /** Messages of one partition from an offset on, as many as one fetch brings, and where to go on. */
  fetch(topic: string, partition: number, offset: number): Promise<{ readonly messages: TopicMessage[]; readonly next: number }>;
  /** All messages up to the end offsets of now, partition after partition in offset order. Committed ones only. */
  read(topic: string): Promise<TopicMessage[]>;
  close(): Promise<void>;
}

/** Where the next fetch of a partition begins. */
export interface FetchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Reads partitions from many brokers, also while some of them are away. */
export interface KafkaFetcher {
  /** The partitions of a topic; empty where there is none. */
  partitions(topic: string): Promise<number[]>;
  /** Committed messages from an offset on, as many as one fetch brings, and where to go on. @throws Error while the leader is away */
  fetch(place: FetchPlace): Promise<{ readonly messages: TopicMessage[]; readonly next: number }>;
  close(): Promise<void>;
}

/** Opens connections to brokers, `host:port` each. */
export async function openKafkaFetcher(brokers: readonly string[]): Promise<KafkaFetcher> {
  const cluster = openCluster(brokers, 3_000);
  await cluster.connect();
  return {
    partitions: async (topic) => {
      await cluster.addTargetTopic(topic);
      return cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
    },
    fetch: (place) => fetchFrom(cluster, place, 50),
    close: () => cluster.disconnect(),
  };
}

/** Opens connections to a broker, `host:port`. */
export async function openKafkaReader(broker: string): Promise<KafkaReader> {
  const kafka = new Kafka({ brokers: [broker], clientId: 'reader', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const cluster = openCluster([broker]);
  await cluster.connect();
  const endOffsets = async (topic: string): Promise<number[]> => (await topicOffsets(admin, topic)).map(({ high }) => Number(high));
  const fetch = (topic: string, partition: number, offset: number): ReturnType<KafkaReader['fetch']> => fetchFrom(cluster, { topic, partition, offset });
  return {
    topics: async () => (await admin.listTopics()).filter((name) => !name.startsWith('__')),
    createTopic: async (topic, partitions, configs = {}) => {
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions, configEntries }] });
    },
    endOffsets,
    fetch,
    read: async (topic) => {
      const messages: TopicMessage[] = [];
      for (const [partition, end] of (await endOffsets(topic)).entries()) {
        for (let offset = 0; offset < end; ) {
          const part = await fetch(topic, partition, offset);
          for (const message of part.messages) if (message.offset < end) messages.push(message);
          offset = part.next;
        }
      }
      return messages;
    },
    close: async () => {
      await admin.disconnect();
      await cluster.disconnect();
    },
  };
}

/**
 * The first and the end offset of each partition, by partition. A broker tells of a new topic before it leads its partitions,
 * and answers NOT_LEADER meanwhile, also where a producer has written to others of them: it is asked again for up to 20 s.
 */
export async function topicOffsets(admin: Admin, topic: string): Promise<(SeekEntry & { readonly high: string; readonly low: string })[]> {
  const deadline = Date.now() + LEADERS_MS;
  for (;;) {
    try {
      return (await admin.fetchTopicOffsets(topic)).sort((a, b) => a.partition - b.partition);
    } catch (error) {
      if (!(error instanceof kafkajs.KafkaJSError) || !error.retriable || Date.now() > deadline) throw error;
    }
    await sleep(20);
  }
}

async function fetchFrom(cluster: VendorCluster, from: FetchPlace, maxWaitTime = 500): ReturnType<KafkaReader['fetch']> {
  const { topic, partition, offset } = from;
  await cluster.addTargetTopic(topic);
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`${topic}[${partition}] has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  const answer = await broker.fetch({
    maxWaitTime,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    isolationLevel: READ_COMMITTED,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: FETCH_BYTES }] }],
  });
  const data = answer.responses[0]?.partitions[0];
  if (data === undefined) throw new Error(`no answer about ${topic}[${partition}]`);
  const batch = new Batch(topic, String(offset), data);
  const last = data.messages.at(-1);
  return {
    next: last === undefined ? offset : Math.max(offset, Number(last.offset) + 1),
    messages: batch.messages.map((message) => ({
      topic,
      partition,
      offset: Number(message.offset),
      timestamp: Number(message.timestamp),
      key: message.key,
      value: message.value,
      headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()])),
    })),
  };
}

const LEADERS_MS = 20_000;
const FETCH_BYTES = 16 * 1024 * 1024;
const READ_COMMITTED = 1;

/*
 * kafkajs publishes no way to fetch from an offset without a consumer group, so its insides are used; the version is
 * pinned.
 */
interface VendorMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

interface VendorPartition {
  readonly messages: readonly VendorMessage[];
}

interface VendorCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findTopicPartitionMetadata(topic: string): { readonly partitionId: number }[];
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(which: { nodeId: string }): Promise<{ fetch(request: object): Promise<{ responses: { partitions: VendorPartition[] }[] }> }>;
}

const vendor = createRequire(import.meta.url);
const Batch = vendor('kafkajs/src/consumer/batch') as new (topic: string, offset: string, data: VendorPartition) => { readonly messages: readonly VendorMessage[] };

function openCluster(brokers: readonly string[], requestTimeout = 30_000): VendorCluster {
  const Cluster = vendor('kafkajs/src/cluster') as new (options: object) => VendorCluster;
  const loggers = vendor('kafkajs/src/loggers') as { createLogger(options: object): object };
  const socketFactory = vendor('kafkajs/src/network/socketFactory') as () => object;
  return new Cluster({
    logger: loggers.createLogger({ level: logLevel.NOTHING, logCreator: () => () => undefined }),
    socketFactory: socketFactory(),
    brokers,
    clientId: 'reader',
    connectionTimeout: Math.min(5000, requestTimeout),
    requestTimeout,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    retry: {},
  });
}
