import { checkpointText, readCheckpointText } from '../../core/checkpoint-text.ts';
import type { Checkpoint, Logger } from '../../core/ports.ts';
import type { Cluster } from './cluster.ts';
import { newestCommitted, type KeptRecord } from './committed-log.ts';
import { CompactedTopic, ONLY_PARTITION } from './compacted-topic.ts';

export interface PositionTopicOptions {
  readonly topic: string;
  /** That of the daemon: several may share a topic. */
  readonly name: string;
  /** Make the topic where it does not exist. */
  readonly create: boolean;
  readonly requestTimeoutMs: number;
}

/** The one partition that positions are in. */
export const POSITION_PARTITION = ONLY_PARTITION;

/**
 * The compacted topic that keeps positions, one record a daemon, keyed `position:<name>`. A second key, `lease:<name>`, is
 * written again and again while a daemon runs, and taken away when it ends; a third, `owner:<name>`, tells who opened it last.
 */
export class PositionTopic {
  readonly #cluster: Cluster;
  readonly #name: string;
  /** The topic itself. */
  readonly log: CompactedTopic;

  constructor(cluster: Cluster, { name, ...options }: PositionTopicOptions, logger: Logger) {
    this.#cluster = cluster;
    this.#name = name;
    this.log = new CompactedTopic(cluster, { ...options, role: 'which checkpoint.topic names', keeps: 'positions' }, logger);
  }

  get topic(): string {
    return this.log.name;
  }

  get positionKey(): string {
    return `position:${this.#name}`;
  }

  get leaseKey(): string {
    return `lease:${this.#name}`;
  }

  get ownerKey(): string {
    return `owner:${this.#name}`;
  }

  /** Who wrote itself down as the owner last. @throws RowcastError SINK_* */
  async owner(): Promise<string | null> {
    return (await this.#newest(this.ownerKey))?.value?.toString() ?? null;
  }

  /** The position that was committed last. @throws RowcastError SINK_*, CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN */
  async load(): Promise<Checkpoint | null> {
    if (!(await this.log.exists())) return null;
    const text = (await this.#newest(this.positionKey))?.value ?? null;
    return text === null ? null : readCheckpointText(text.toString(), `topic ${this.topic}, key ${this.positionKey}`, this.#name);
  }

  /** A checkpoint as the value of its record. */
  textOf(checkpoint: Checkpoint): Buffer {
    return Buffer.from(checkpointText(this.#name, checkpoint));
  }

  /** Where the lease was last renewed, by offset; null where none is held. */
  async lease(): Promise<bigint | null> {
    if (!(await this.log.exists())) return null;
    const record = await this.#newest(this.leaseKey);
    return record === undefined || record.value === null ? null : record.offset;
  }

  async #newest(key: string): Promise<KeptRecord | undefined> {
    return (await newestCommitted(this.#cluster, this.log.place, [key])).get(key);
  }
}
