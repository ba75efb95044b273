import type { ByteWriter } from '../../core/byte-writer.ts';
import type { RowcastError } from '../../core/errors.ts';
import type { Header, TopicWriter } from '../../core/ports.ts';
import { partitionOf } from './murmur2.ts';
import type { Partition } from './partition.ts';
import { loneSize } from './record-batch.ts';
import { tooLarge, type TopicFacts } from './topic-facts.ts';

/** What every message has besides its own headers, for now; null for nothing. */
export interface MessageMarks {
  readonly extra: Header | null;
}

/**
 * Spreads the messages of one topic over its partitions: by key as Java's producer does, and all without a key to one
 * partition, so that they keep their order. The partitions are those the topic had when it was opened: when more are added
 * later, keys stay where they are until the daemon starts again.
 */
export class KafkaTopicWriter implements TopicWriter {
  readonly facts: TopicFacts;
  readonly partitions: readonly Partition[];
  readonly #keyless: number;
  readonly #broken: () => RowcastError | null;
  readonly #marks: MessageMarks;
  #current: Partition;

  constructor(facts: TopicFacts, partitions: readonly Partition[], state: { broken: () => RowcastError | null; marks: MessageMarks }) {
    const name = Buffer.from(facts.name);
    this.facts = facts;
    this.partitions = partitions;
    this.#broken = state.broken;
    this.#marks = state.marks;
    this.#keyless = partitionOf(name, name.length, partitions.length);
    this.#current = partitions[this.#keyless] as Partition;
  }

  /** @throws RowcastError with which the sink failed, once it has */
  begin(key: ByteWriter | null, choice?: number): ByteWriter {
    const error = this.#broken();
    if (error !== null) throw error;
    const at = choice === undefined ? this.#byKey(key) : Math.abs(choice) % this.partitions.length;
    const partition = this.partitions[at] as Partition;
    this.#current = partition;
    partition.open();
    return partition.writer.begin(key);
  }

  #byKey(key: ByteWriter | null): number {
    return key === null ? this.#keyless : partitionOf(key.bytes, key.at, this.partitions.length);
  }

  end(headers: readonly Header[]): boolean {
    const partition = this.#current;
    const { extra } = this.#marks;
    partition.writer.end(extra === null ? headers : [...headers, extra]);
    return partition.keep();
  }

  fit(key: number, value: number, headers: readonly Header[]): void {
    const bytes = loneSize(key, value, headers);
    if (bytes > this.facts.maxBytes) throw tooLarge(this.facts, bytes);
  }

  tombstone(key: ByteWriter | null, headers: readonly Header[], partition?: number): void {
    let kept = false;
    while (!kept) {
      this.begin(key, partition);
      const { extra } = this.#marks;
      this.#current.writer.endNull(extra === null ? headers : [...headers, extra]);
      kept = this.#current.keep();
    }
  }
}
