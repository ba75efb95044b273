import { RowcastError } from '../../core/errors.ts';
import { damagedNotes } from '../../core/notes-text.ts';
import type { PieceStore } from '../../core/notes.ts';
import type { Cluster } from './cluster.ts';
import { allCommitted } from './committed-log.ts';
import type { CompactedTopic } from './compacted-topic.ts';
import { BATCH_HEADER } from './record-batch.ts';
import { mostBytes, type KeyedRecord } from './small-batch.ts';
import { persist, type Patience, type Tenure } from './tenure.ts';

export interface PieceTopicOptions {
  readonly cluster: Cluster;
  readonly topic: CompactedTopic;
  /** That of the daemon: several may share a topic. */
  readonly name: string;
  readonly tenure: Tenure;
  /** False: not opened, or another daemon took over. */
  readonly held: () => boolean;
  /** Told when another daemon of the name took over. */
  readonly lost: (error: RowcastError) => void;
}

/** Bytes of a piece, where the topic takes as many. */
const LARGEST_PIECE = 512 * 1024;
/** A write is tried for some seconds, so that a leader that moves does not end the stream of the source; what lasts longer ends it, and it begins again with backoff. */
const PATIENCE: Patience = { tries: 50, forMs: 10_000 };

/**
 * Pieces in a compacted topic, a record each, keyed `<name>:<number>`. What is replaced has the same keys, what is too much
 * is taken away, all in one transaction: whoever reads committed records sees all of it or nothing, and what compaction
 * leaves is the text.
 */
export class PieceTopic implements PieceStore {
  readonly #options: PieceTopicOptions;
  /** How many pieces are there; null: nobody knows. */
  #count: number | null = null;

  constructor(options: PieceTopicOptions) {
    this.#options = options;
  }

  get label(): string {
    return `topic ${this.#options.topic.name}`;
  }

  async read(): Promise<readonly Uint8Array[]> {
    const { cluster, topic, name } = this.#options;
    const pieces = new Map<number, Uint8Array>();
    const prefix = `${name}:`;
    if (await topic.exists()) {
      await allCommitted(cluster, topic.place, (key, { value }) => {
        if (!key.startsWith(prefix)) return;
        const number = Number(key.slice(prefix.length));
        // A copy: the answer that it is in holds megabytes.
        if (value === null) pieces.delete(number);
        else pieces.set(number, Uint8Array.from(value));
      });
    }
    // Of a text that has a hole all numbers count, so that the next write takes them away.
    this.#count = Math.max(-1, ...pieces.keys()) + 1;
    return Array.from({ length: this.#count }, (_, number) => pieces.get(number) ?? this.#missing(number));
  }

  async write(from: number, text: Uint8Array): Promise<number> {
    const { cluster, topic, tenure } = this.#options;
    this.#mustBeHeld();
    const had = this.#count ?? (await persist(() => this.#counted(), PATIENCE));
    const batchBytes = await persist(() => cluster.maxMessageBytes(topic.name), PATIENCE);
    const room = Math.min(LARGEST_PIECE, batchBytes - BATCH_HEADER - mostBytes({ key: this.#key(Number.MAX_SAFE_INTEGER), value: null }));
    const records: KeyedRecord[] = [];
    for (let at = 0; at < text.length; at += room) records.push({ key: this.#key(from + records.length), value: text.subarray(at, at + room) });
    const count = from + records.length;
    for (let number = count; number < had; number++) records.push({ key: this.#key(number), value: null });
    this.#count = null;
    if (records.length > 0) await this.#told(tenure.write(records, { ...PATIENCE, batchBytes: Math.min(batchBytes, LARGEST_PIECE) }));
    this.#count = count;
    return count;
  }

  #key(number: number): string {
    return `${this.#options.name}:${String(number)}`;
  }

  #mustBeHeld(): void {
    if (!this.#options.held()) throw new RowcastError('CHECKPOINT_LOCKED', `the schema history in ${this.label} is not held`);
  }

  /** What cannot be read as a text has pieces all the same. */
  async #counted(): Promise<number> {
    await this.read().catch((error: unknown) => {
      if (!(error instanceof RowcastError) || error.code !== 'HISTORY_DAMAGED') throw error;
    });
    return this.#count ?? 0;
  }

  async #told(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (error instanceof RowcastError && error.code === 'SINK_FENCED') this.#options.lost(error);
      throw error;
    }
  }

  #missing(number: number): never {
    throw damagedNotes(this.label, `piece ${String(number)} of ${this.#options.name} is missing`);
  }
}
