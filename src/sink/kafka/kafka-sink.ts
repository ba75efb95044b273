import { Backoff } from '../../core/backoff.ts';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Sink, SinkContext, TopicWriter } from '../../core/ports.ts';
import { BufferPool } from './buffer-pool.ts';
import { Cluster } from './cluster.ts';
import type { BrokerConnection } from './connection.ts';
import { NeglectWatch } from './neglect-watch.ts';
import type { KafkaSinkOptions } from './options.ts';
import { Partition, type BatchLedger, type PartitionContext } from './partition.ts';
import { Producer, type ProducerId } from './producer.ts';
import type { TopicMetadata } from './protocol/metadata.ts';
import { Pulse } from './pulse.ts';
import { Recovery } from './recovery.ts';
import { Sender } from './sender.ts';
import { learnLimit, type TopicFacts } from './topic-facts.ts';
import { KafkaTopicWriter, type MessageMarks } from './topic-writer.ts';

/** How often `max.message.bytes` is learnt anew, in milliseconds. */
const REFRESH_MS = 5 * 60_000;
/** A line to a broker on which nothing moves is given up after one `requestTimeout`, so that what waits for two has been forgotten. */
const NEGLECTED_TIMES = 2;
/** What is hindered where no transaction can begin; topics are so by their names, which have no blanks. */
const TRANSACTIONS = 'the transactions';
const NO_MARKS: MessageMarks = { extra: null };
/** A topic that was just created shows within some milliseconds. */
const TOPIC_WAIT_MS = 4;
/** What lasts longer is told. */
const TOPIC_QUIET_MS = 1_000;

/** A sink that writes to Kafka, idempotently and with acks=all. */
export function createKafkaSink(options: KafkaSinkOptions, context: SinkContext): Sink {
  return new KafkaSink(options, context, null);
}

/** What a sink has besides when all it sends is part of transactions. */
export interface TransactionalParts {
  /** Not closed by the sink. */
  readonly cluster: Cluster;
  readonly transactionalId: string;
  readonly identity: () => ProducerId;
  readonly batches: BatchLedger;
  readonly marks: MessageMarks;
  /** With what the open transaction was lost; null while it goes on. */
  readonly error: () => RowcastError | null;
  readonly lost: (error: RowcastError) => void;
}

export class KafkaSink implements Sink {
  readonly #options: KafkaSinkOptions;
  readonly #context: SinkContext;
  readonly #transactional: TransactionalParts | null;
  readonly #cluster: Cluster;
  readonly #producer: Producer;
  readonly #recovery: Recovery;
  readonly #pulse: Pulse;
  readonly #neglect: NeglectWatch<Partition>;
  readonly #senders = new Map<BrokerConnection, Sender>();
  readonly #topics = new Map<string, Promise<KafkaTopicWriter>>();
  readonly #opened: KafkaTopicWriter[] = [];
  readonly #shared: PartitionContext;
  readonly #stop = new AbortController();
  #refresh: NodeJS.Timeout | null = null;
  #failure: RowcastError | null = null;
  #flushes = new Set<(error: RowcastError) => void>();

  constructor(options: KafkaSinkOptions, context: SinkContext, transactional: TransactionalParts | null) {
    const { ledger, gate, logger, metrics, events } = context;
    this.#options = options;
    this.#context = context;
    this.#transactional = transactional;
    this.#cluster = transactional?.cluster ?? new Cluster(options, logger);
    const failed = (error: RowcastError): void => { this.#fail(error); };
    this.#producer = new Producer(() => (transactional === null ? this.#cluster.producerId() : Promise.resolve(transactional.identity())));
    this.#recovery = new Recovery({ cluster: this.#cluster, producer: this.#producer, options, logger, metrics, events, failed, lost: transactional?.lost ?? null, senderOf: (node) => this.#senderOf(node) });
    this.#pulse = new Pulse(this.#cluster, this.#recovery, failed);
    this.#neglect = new NeglectWatch(options.requestTimeoutMs * NEGLECTED_TIMES, () => this.#opened.flatMap(({ partitions }) => partitions), (partition, ms) => { this.#neglected(partition, ms); });
    this.#shared = { ledger: transactional?.batches ?? ledger, pool: new BufferPool(gate, options.memory), compression: options.compression, failed };
  }

  async open(): Promise<void> {
    await this.#cluster.metadata([]);
    await this.#producer.begin();
    this.#pulse.start();
    this.#neglect.start();
    this.#refresh = setInterval(() => { void this.#learnAgain(); }, REFRESH_MS);
    this.#refresh.unref();
  }

  topic(name: string): Promise<TopicWriter> {
    let writer = this.#topics.get(name);
    if (writer === undefined) {
      writer = this.#open(name);
      this.#topics.set(name, writer);
      writer.catch(() => this.#topics.delete(name));
    }
    return writer;
  }

  async flush(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await this.#settled();
    for (const { partitions } of this.#opened) {
      for (const partition of partitions) if (partition.refused) partition.takeBack(await this.#producer.after(partition.producer));
    }
  }

  /** Waits until all is durable that can be. */
  async #settled(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      let left = 1;
      const done = (): void => {
        if (--left > 0) return;
        this.#flushes.delete(reject);
        resolve();
      };
      this.#flushes.add(reject);
      for (const { partitions } of this.#opened) {
        for (const partition of partitions) {
          if (partition.refused) continue;
          partition.close();
          for (const batch of partition.queue) {
            left++;
            (batch.waiters ??= []).push(done);
          }
        }
      }
      for (const sender of this.#senders.values()) sender.pump();
      done();
    });
  }

  /** The partition of a topic that was opened. */
  async partition(topic: string, index: number): Promise<Partition> {
    await this.topic(topic);
    const found = this.#opened.find(({ facts }) => facts.name === topic)?.partitions[index];
    if (found === undefined) throw new RowcastError('SINK_REFUSED', `Topic ${topic} has no partition ${String(index)}`);
    return found;
  }

  /** Sends nothing more and lets go of all that is not durable, until `restart`. */
  silence(): void {
    this.#recovery.restart();
    for (const sender of this.#senders.values()) sender.close();
    this.#senders.clear();
    for (const { partitions } of this.#opened) for (const partition of partitions) partition.restart(this.#producer.current);
  }

  /** Begins anew under the identity of now. @throws RowcastError SINK_* */
  async restart(): Promise<void> {
    const identity = await this.#producer.renew();
    const metadata = await this.#cluster.metadata(this.#opened.map(({ facts }) => facts.name));
    for (const { facts, partitions } of this.#opened) {
      const leaders = new Map(metadata.topics.find(({ name }) => name === facts.name)?.partitions.map((one) => [one.index, one.leader]));
      for (const partition of partitions) {
        partition.restart(identity);
        this.#assign(partition, leaders.get(partition.index) ?? -1);
      }
    }
    this.#recovery.answering();
  }

  /** Goes on under the identity of now; nothing was sent under the one before. */
  async adopt(): Promise<void> {
    const identity = await this.#producer.renew();
    for (const { partitions } of this.#opened) for (const partition of partitions) partition.renew(identity);
  }

  /** No transaction can begin for now; null: one has. */
  hindered(error: RowcastError | null): void {
    if (error === null) this.#recovery.eased(TRANSACTIONS);
    else this.#recovery.hindered(TRANSACTIONS, error);
  }

  /** Ends it with an error that no retry heals. */
  fail(error: RowcastError): void {
    this.#fail(error);
  }

  close(): Promise<void> {
    this.#shutDown(new RowcastError('SINK_LOST', 'the sink was closed before all was durable'));
    for (const { partitions } of this.#opened) for (const partition of partitions) partition.abandon();
    this.#opened.length = 0;
    return Promise.resolve();
  }

  #shutDown(error: RowcastError): void {
    this.#failure ??= error;
    this.#stop.abort();
    if (this.#refresh !== null) clearInterval(this.#refresh);
    this.#recovery.close();
    this.#pulse.stop();
    this.#neglect.stop();
    for (const sender of this.#senders.values()) sender.close();
    if (this.#transactional === null) this.#cluster.close();
    for (const reject of this.#flushes) reject(this.#failure);
    this.#flushes.clear();
  }

  #fail(error: RowcastError): void {
    if (this.#failure !== null) return;
    this.#shutDown(error);
    this.#context.events.failed(error);
  }

  #senderOf(node: number): Sender | null {
    const connection = this.#cluster.node(node);
    if (connection === null) return null;
    let sender = this.#senders.get(connection);
    if (sender === undefined) {
      sender = new Sender(connection, this.#recovery, { timeoutMs: this.#options.requestTimeoutMs, seconds: this.#context.metrics.histogram('rowcast_send_seconds'), transactionalId: this.#transactional?.transactionalId ?? null, leads: this.#transactional === null ? this.#context.leads : undefined });
      this.#senders.set(connection, sender);
    }
    return sender;
  }

  /** Goes on for as long as Kafka cannot be reached. @throws RowcastError SINK_AUTH, SINK_REFUSED */
  async #open(name: string): Promise<KafkaTopicWriter> {
    const quietUntil = performance.now() + TOPIC_QUIET_MS;
    for (const backoff = new Backoff(TOPIC_WAIT_MS); ; ) {
      try {
        const opened = await this.#tryOpen(name);
        if (opened instanceof KafkaTopicWriter) {
          this.#recovery.eased(name);
          return opened;
        }
        if (performance.now() > quietUntil) this.#recovery.hindered(name, opened);
      } catch (error) {
        const failure = asRowcastError(error);
        if (this.#failure !== null) throw this.#failure;
        if (!failure.retry) throw failure;
        this.#recovery.hindered(name, failure);
      }
      await backoff.pause(this.#stop.signal);
      if (this.#stop.signal.aborted) throw this.#failure ?? new RowcastError('SINK_LOST', 'the sink was closed');
    }
  }

  /** The writer, or what is still to come before there can be one. @throws RowcastError SINK_LOST, SINK_AUTH, SINK_REFUSED */
  async #tryOpen(name: string): Promise<KafkaTopicWriter | RowcastError> {
    const topic = await this.#cluster.needed(name);
    if (topic === null) {
      if (!this.#options.topics.create) throw new RowcastError('SINK_REFUSED', `Topic ${name} does not exist and sink.topics.create is false`, { facts: { topic: name }, hint: 'Create the topic, or set sink.topics.create.' });
      await this.#cluster.create({ name });
      return new RowcastError('SINK_LOST', `Topic ${name} was created, and the brokers do not know it yet`);
    }
    if (topic.partitions.length === 0) return new RowcastError('SINK_LOST', `Topic ${name} has no partitions yet`);
    const headless = topic.partitions.find((one) => this.#senderOf(one.leader) === null);
    if (headless !== undefined) return leaderless(name, headless.index);
    const maxBytes = await this.#cluster.maxMessageBytes(name);
    return this.#writer(topic, maxBytes);
  }

  #writer(topic: TopicMetadata, maxBytes: number): KafkaTopicWriter {
    const { metrics } = this.#context;
    const labels = { topic: topic.name };
    const facts: TopicFacts = { name: topic.name, maxBytes, refusedBytes: Infinity, groupBytes: Math.min(maxBytes, this.#options.batchBytes), messages: metrics.counter('rowcast_messages_sent_total', labels), bytes: metrics.counter('rowcast_sent_bytes_total', labels) };
    const partitions = [...topic.partitions].sort((a, b) => a.index - b.index).map((one) => {
      const partition = new Partition(facts, one.index, { context: this.#shared, producer: this.#producer.current });
      if (this.#transactional !== null) partition.sendable = -1;
      this.#assign(partition, one.leader);
      return partition;
    });
    const writer = new KafkaTopicWriter(facts, partitions, { broken: () => this.#failure ?? this.#transactional?.error() ?? null, marks: this.#transactional?.marks ?? NO_MARKS });
    this.#opened.push(writer);
    return writer;
  }

  /** A leader that is not among the brokers any more, since others have learnt of its end meanwhile, is looked for. */
  #assign(partition: Partition, leader: number): void {
    partition.sender = this.#senderOf(leader);
    if (partition.sender === null) this.#recovery.add(partition, leaderless(partition.topic.name, partition.index));
  }

  /** Nothing that is known leads here but a line so slow that others took all of it; it is told, and mended in any case. */
  #neglected(partition: Partition, ms: number): void {
    if (this.#context.leads?.() === false) return;
    const { name } = partition.topic;
    this.#context.logger.warn('messages of a partition waited although nothing had failed; where the line to Kafka is not slow, this is a defect: please report it. They are sent anew', { topic: name, partition: partition.index, waitedMs: Math.round(ms) });
    this.#recovery.add(partition, new RowcastError('SINK_LOST', `Topic ${name}, partition ${String(partition.index)}: messages have waited for ${String(Math.round(ms / 1000))} s with none of them on its way`));
  }

  async #learnAgain(): Promise<void> {
    try {
      for (const { facts } of this.#opened) {
        learnLimit(facts, await this.#cluster.maxMessageBytes(facts.name), this.#options.batchBytes);
      }
    } catch (error) {
      this.#context.logger.debug('max.message.bytes could not be read again', { error: asRowcastError(error).message });
    }
  }
}

/** Its brokers are away, or it is about to get one. */
function leaderless(topic: string, partition: number): RowcastError {
  return new RowcastError('SINK_LOST', `Topic ${topic}, partition ${String(partition)} has no leader`, { hint: 'Start the brokers that hold its replicas; Rowcast goes on by itself then.' });
}
