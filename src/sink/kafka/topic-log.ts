import { setTimeout as sleep } from 'node:timers/promises';
import { RowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import { Cluster } from './cluster.ts';
import { fetchCommitted, leaderOf, offsetOf } from './committed-log.ts';
import type { KafkaSinkOptions } from './options.ts';
import type { EndKind } from './protocol/fetch.ts';
import { LOG_END, LOG_START } from './protocol/fetch.ts';

/** A lost broker, or a leader that moved, is tried again so often. */
const TRIES = 60;
const WAIT_MS = 500;
const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Reads the committed records of topics, without a consumer group: nothing is written there. */
export class TopicLogs {
  readonly #cluster: Cluster;

  constructor(options: KafkaSinkOptions) {
    this.#cluster = new Cluster(options, SILENT);
  }

  /** The first offset of each partition that is still there; none where there is no such topic. @throws RowcastError SINK_* */
  starts(topic: string): Promise<readonly bigint[]> {
    return this.#offsets(topic, LOG_START, 'high');
  }

  /** The end of each partition; none where there is no such topic. @throws RowcastError SINK_* */
  ends(topic: string, kind: EndKind): Promise<readonly bigint[]> {
    return this.#offsets(topic, LOG_END, kind);
  }

  /** Committed records from an offset on, some megabytes at most and perhaps none, and the offset behind them. @throws RowcastError SINK_* */
  fetch(at: { readonly topic: string; readonly partition: number }, from: bigint): ReturnType<typeof fetchCommitted> {
    return this.#patiently(async () => fetchCommitted(await leaderOf(this.#cluster, at), at, from));
  }

  close(): void {
    this.#cluster.close();
  }

  async #offsets(topic: string, time: bigint, kind: EndKind): Promise<readonly bigint[]> {
    const count = (await this.#patiently(() => this.#cluster.topic(topic)))?.partitions.length ?? 0;
    const offsets: bigint[] = [];
    for (let partition = 0; partition < count; partition++) {
      const at = { topic, partition };
      offsets.push(await this.#patiently(async () => offsetOf(await leaderOf(this.#cluster, at), at, time, kind)));
    }
    return offsets;
  }

  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let left = TRIES; ; left--) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof RowcastError) || !error.retry || left === 0) throw error;
        await sleep(WAIT_MS);
      }
    }
  }
}
