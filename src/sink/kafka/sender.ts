import type { Histogram } from '../../core/ports.ts';
import type { Batch } from './batch.ts';
import type { BrokerConnection } from './connection.ts';
import type { Partition, PartitionSender } from './partition.ts';
import { DUPLICATE_SEQUENCE, NETWORK_EXCEPTION, NO_ERROR } from './protocol/error-codes.ts';
import { produceRequest, readProduce, type ProduceResult } from './protocol/produce.ts';

/** Why a batch was not written. */
export interface SendFailure {
  readonly code: number;
  /** The broker's, if it gave one. */
  readonly message: string | null;
  /** Number of the record that it complains of, if it named one. */
  readonly record: number | null;
  /** What ended the connection; null where the broker answered. */
  readonly cause: unknown;
  /** `host:port` of the broker. */
  readonly broker: string;
}

/** Told what the answers say. */
export interface SenderEvents {
  /** A batch was refused or lost. */
  refused(partition: Partition, batch: Batch, failure: SendFailure): void;
  /** A batch was written although one before it was not. */
  overtaken(partition: Partition, batch: Batch): void;
  /** A batch became durable. */
  delivered(partition: Partition): void;
  /** The broker cannot be reached. */
  unreachable(partitions: readonly Partition[], cause: unknown): void;
}

interface Sent {
  readonly partition: Partition;
  readonly batch: Batch;
}

/** Requests in flight to one broker; Kafka remembers the sequences of five batches of a partition. */
const MOST_IN_FLIGHT = 5;
/** What may be on its way while an open batch goes out at the end of its turn all the same. */
const LITTLE_BYTES = 16 * 1024;
/** Batches are added to a request until it has this many bytes. */
const REQUEST_BYTES = 8 * 1024 * 1024;

/** The part of the time for an answer that the broker may wait for its replicas: it should answer before we give up. */
const BROKER_PART = 0.75;

/**
 * Sends the batches of all partitions that one broker leads. With little in flight a batch goes out at the end of the
 * turn of the event loop in which it was opened; otherwise it fills until the requests before it are answered, or until
 * it is full. So a quiet stream waits for nothing and a busy one makes large batches, and no timer is needed.
 */
export class Sender implements PartitionSender {
  readonly connection: BrokerConnection;
  readonly #events: SenderEvents;
  readonly #timeoutMs: number;
  readonly #seconds: Histogram;
  readonly #transactionalId: string | null;
  readonly #active = new Set<Partition>();
  #sent = 0;
  #answered = 0;
  /** Of batches in the requests that are not answered. */
  #bytesInFlight = 0;
  #scheduled: NodeJS.Immediate | null = null;
  #opening = false;
  #closed = false;
  readonly #leads: () => boolean;
  #held: NodeJS.Timeout | null = null;

  constructor(connection: BrokerConnection, events: SenderEvents, limits: { timeoutMs: number; seconds: Histogram; transactionalId: string | null; leads?: (() => boolean) | undefined }) {
    this.connection = connection;
    this.#events = events;
    this.#timeoutMs = Math.ceil(limits.timeoutMs * BROKER_PART);
    this.#seconds = limits.seconds;
    this.#transactionalId = limits.transactionalId;
    this.#leads = limits.leads ?? ALWAYS;
  }

  filling(partition: Partition): void {
    const little = this.#bytesInFlight < LITTLE_BYTES;
    partition.openedAfter = little ? 0 : this.#sent;
    this.#active.add(partition);
    if (little) this.wake();
  }

  active(partition: Partition): void {
    this.#active.add(partition);
  }

  wake(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = null;
      this.pump();
    });
  }

  pump(): void {
    if (this.#closed || this.#active.size === 0) return;
    if (!this.connection.usable) {
      this.#open();
      return;
    }
    while (this.#sent - this.#answered < MOST_IN_FLIGHT) {
      if (!this.#leads()) {
        this.#hold();
        return;
      }
      const batches = this.#collect();
      if (batches.length === 0) return;
      this.#send(batches);
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    if (this.#held !== null) clearTimeout(this.#held);
    this.connection.close();
  }

  /** Another daemon may lead: it is looked at again until that is known. */
  #hold(): void {
    this.#held ??= setTimeout(() => {
      this.#held = null;
      this.pump();
    }, HELD_MS);
  }

  #open(): void {
    if (this.#opening) return;
    this.#opening = true;
    this.connection.open().then(
      () => {
        this.#opening = false;
        this.pump();
      },
      (error: unknown) => {
        this.#opening = false;
        const partitions = [...this.#active];
        this.#active.clear();
        if (!this.#closed) this.#events.unreachable(partitions, error);
      },
    );
  }

  /** One batch of each partition, as far as a request holds; those served go to the end of the line. */
  #collect(): Sent[] {
    const batches: Sent[] = [];
    let bytes = 0;
    for (const partition of this.#active) {
      if (partition.sender !== this || partition.recovering || !partition.waiting) {
        this.#active.delete(partition);
        continue;
      }
      if (bytes >= REQUEST_BYTES) break;
      const batch = this.#take(partition);
      if (batch === null) continue;
      bytes += batch.records.length;
      batches.push({ partition, batch });
    }
    if (this.#active.size > batches.length) {
      for (const { partition } of batches) {
        this.#active.delete(partition);
        this.#active.add(partition);
      }
    }
    return batches;
  }

  #take(partition: Partition): Batch | null {
    const ready = partition.next();
    if (ready !== null || !partition.filling) return ready;
    if (partition.openedAfter > this.#answered || partition.blocked || partition.held) return null;
    partition.close();
    return partition.next();
  }

  #send(batches: readonly Sent[]): void {
    this.#sent++;
    let bytes = 0;
    for (const { partition, batch } of batches) {
      partition.sending(batch);
      bytes += batch.records.length;
    }
    this.#bytesInFlight += bytes;
    const started = performance.now();
    const parts = batches.map(({ partition, batch }) => ({ topic: partition.topic.name, partition: partition.index, records: batch.records }));
    this.connection.send(produceRequest(parts, this.#timeoutMs, this.#transactionalId), readProduce).then(
      (results) => {
        this.#bytesInFlight -= bytes;
        this.#seconds.observe((performance.now() - started) / 1000);
        this.#answer(batches, lookup(results), null);
      },
      (error: unknown) => {
        this.#bytesInFlight -= bytes;
        this.#answer(batches, () => ({ error: NETWORK_EXCEPTION, message: null, record: null }), error);
      },
    );
  }

  #answer(batches: readonly Sent[], result: (partition: Partition) => Answer, cause: unknown): void {
    this.#answered++;
    if (this.#closed) return;
    for (const { partition, batch } of batches) {
      partition.inFlight--;
      const { error, message, record } = result(partition);
      if (error !== NO_ERROR && error !== DUPLICATE_SEQUENCE) {
        batch.state = 'ready';
        this.#events.refused(partition, batch, { code: error, message, record, cause, broker: this.connection.address });
      } else if (partition.queue[0] === batch) {
        partition.acknowledged(batch);
        this.#events.delivered(partition);
      } else {
        batch.state = 'ready';
        this.#events.overtaken(partition, batch);
      }
    }
    this.pump();
  }
}

interface Answer {
  readonly error: number;
  readonly message: string | null;
  readonly record: number | null;
}

const ALWAYS = (): boolean => true;
/** Milliseconds. */
const HELD_MS = 100;

/** The answers by partition; a partition that is not among them counts as lost. */
function lookup(results: readonly ProduceResult[]): (partition: Partition) => Answer {
  const only = results.length === 1 ? results[0] : undefined;
  if (only !== undefined) return (partition) => (only.partition === partition.index && only.topic === partition.topic.name ? only : MISSING);
  const answers = new Map(results.map((result) => [`${String(result.partition)} ${result.topic}`, result]));
  return (partition) => answers.get(`${String(partition.index)} ${partition.topic.name}`) ?? MISSING;
}

const MISSING: Answer = { error: NETWORK_EXCEPTION, message: 'not in the answer', record: null };
