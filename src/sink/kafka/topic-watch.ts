import { RowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import { brokerError } from './failures.ts';
import type { KafkaSinkOptions } from './options.ts';
import { reactionTo, UNKNOWN_TOPIC } from './protocol/error-codes.ts';
import type { TopicMetadata } from './protocol/metadata.ts';

/** How long a topic may be missing before that is an error of the operator and not of the moment, in milliseconds. */
const MISSING_LIMIT_MS = 60_000;
/** Where nobody could be asked for so long, Kafka was away, and the time counts anew. */
const UNSEEN_MS = 30_000;

interface Creator {
  create(topic: { readonly name: string }): Promise<void>;
}

/** Sees to topics that are deleted, or shrink, while messages are sent to them. */
export class TopicWatch {
  readonly #cluster: Creator;
  readonly #options: Pick<KafkaSinkOptions, 'topics'>;
  readonly #logger: Logger;
  /** When a topic was first and last seen to be missing, by the monotonic clock. */
  readonly #missing = new Map<string, { readonly since: number; readonly seen: number }>();

  constructor(parts: { readonly cluster: Creator; readonly options: Pick<KafkaSinkOptions, 'topics'>; readonly logger: Logger }) {
    this.#cluster = parts.cluster;
    this.#options = parts.options;
    this.#logger = parts.logger;
  }

  /**
   * Looks at what the brokers say of a topic of which these partitions are needed. Creates it again when it is gone and may
   * be created.
   * @throws RowcastError SINK_AUTH; SINK_REFUSED when it was missing for a minute, or too small, and nobody may create it; SINK_LOST
   */
  async look(name: string, topic: TopicMetadata | undefined, needed: readonly { readonly index: number }[]): Promise<void> {
    const error = topic?.error ?? UNKNOWN_TOPIC;
    if (reactionTo(error) === 'auth') throw brokerError(`Topic ${name}`, error, null);
    const known = new Set(topic?.partitions.map((one) => one.index));
    const fewer = known.size > 0;
    if ((fewer || error !== UNKNOWN_TOPIC) && (!fewer || needed.every((one) => known.has(one.index)))) {
      this.#missing.delete(name);
      return;
    }
    if (fewer || !this.#options.topics.create) {
      this.#limit(name, fewer);
      return;
    }
    await this.#cluster.create({ name });
    this.#logger.warn('a topic was deleted while messages were sent to it; it is created again', { topic: name });
  }

  #limit(name: string, fewer: boolean): void {
    const now = performance.now();
    const before = this.#missing.get(name);
    const since = before === undefined || now - before.seen > UNSEEN_MS ? now : before.since;
    this.#missing.set(name, { since, seen: now });
    if (now - since <= MISSING_LIMIT_MS) return;
    const what = fewer ? 'has fewer partitions than when it was opened' : 'does not exist any more';
    throw new RowcastError('SINK_REFUSED', `Topic ${name} ${what}`, { facts: { topic: name }, hint: 'Create the topic again with the partitions it had, or start Rowcast again to use it as it is now.' });
  }
}
