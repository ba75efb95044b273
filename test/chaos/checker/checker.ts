import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaFetcher, type KafkaFetcher } from '../../../scripts/kafka-reader.ts';
import { TABLES } from '../rows.ts';
import { Fold } from './fold.ts';

/** Milliseconds between two looks at partitions that had nothing. */
const IDLE_MS = 20;

/** Reads the writer's topics from outside, committed messages only, as they come, and folds them. */
export class Checker {
  readonly fold: Fold;
  readonly #brokers: readonly string[];
  readonly #topics: readonly string[];
  readonly #offsets = new Map<string, number>();
  readonly #stopped = new AbortController();
  #loops: Promise<void>[] = [];
  #failure: Error | null = null;
  #movedAt = performance.now();

  /** @param prefix what the names of the topics begin with, before the table's name */
  constructor(parts: { readonly brokers: readonly string[]; readonly prefix: string; readonly exactly: boolean }) {
    this.#brokers = parts.brokers;
    this.#topics = TABLES.map((table) => `${parts.prefix}.${table}`);
    this.fold = new Fold(parts.exactly);
  }

  /** Begins to read; topics that are not there yet are waited for. */
  start(): void {
    this.#loops = this.#topics.map((topic) => this.#follow(topic));
    for (const loop of this.#loops) loop.catch((error: unknown) => (this.#failure ??= error instanceof Error ? error : new Error(String(error))));
  }

  /** When a message was read last, on the monotonic clock. */
  get movedAt(): number {
    return this.#movedAt;
  }

  /** The offset that is read next. */
  reached(topic: string, partition: number): number {
    return this.#offsets.get(`${topic}[${String(partition)}]`) ?? 0;
  }

  /** @throws Error where a message cannot be understood */
  assertSound(): void {
    if (this.#failure !== null) throw new Error('the checker cannot go on', { cause: this.#failure });
  }

  /** The topic of a table was deleted: what comes is read from the beginning of the new one. */
  forget(table: string): void {
    this.fold.forget(table);
    for (const place of this.#offsets.keys()) if (place.startsWith(`${this.#topics.find((topic) => topic.endsWith(`.${table}`)) ?? ''}[`)) this.#offsets.set(place, 0);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#loops);
  }

  /** One connection a topic, so that a broker that is away holds up only what it leads. */
  async #follow(topic: string): Promise<void> {
    let fetcher: KafkaFetcher | null = null;
    while (!this.#stopped.signal.aborted) {
      try {
        fetcher ??= await inTime(openKafkaFetcher(this.#brokers));
        const read = await inTime(this.#round(fetcher, topic, await inTime(fetcher.partitions(topic))));
        if (read === 0) await sleep(IDLE_MS);
      } catch (error) {
        if (error instanceof SyntaxError || error instanceof TypeError) throw error;
        // The client may wait for ever for a connection that broke: the next round has one of its own.
        void fetcher?.close().catch(() => undefined);
        fetcher = null;
        await sleep(100);
      }
    }
    await fetcher?.close().catch(() => undefined);
  }

  async #round(fetcher: KafkaFetcher, topic: string, partitions: readonly number[]): Promise<number> {
    let read = 0;
    let failed: unknown = null;
    await Promise.all(partitions.map(async (partition) => {
      const place = `${topic}[${String(partition)}]`;
      const offset = this.#offsets.get(place) ?? 0;
      const part = await fetcher.fetch({ topic, partition, offset }).catch((error: unknown) => { failed = error; return null; });
      // The topic was deleted while this was asked.
      if (part === null || (this.#offsets.get(place) ?? 0) !== offset) return;
      this.#offsets.set(place, part.next);
      read += part.messages.length;
      for (const message of part.messages) this.fold.take(message);
    }));
    if (read > 0) this.#movedAt = performance.now();
    if (failed instanceof Error) throw failed;
    return read;
  }
}

/** @throws Error when it takes longer than any broker that is there */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([promise, sleep(ROUND_MS, null, { signal: late.signal }).then((): never => { throw new Error('no answer'); })]);
  } finally {
    late.abort();
  }
}

const ROUND_MS = 8_000;
