import { setTimeout as sleep } from 'node:timers/promises';
import { asRowcastError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import type { PositionTopic } from './position-topic.ts';

/** How often a running daemon says that it runs, in milliseconds. */
const RENEW_MS = 3_000;
/** A lease that is not renewed for so many periods is that of a daemon that was killed. */
const PATIENCE = 2.5;

/** Tells others, in the topic of positions, that a daemon uses a position now. It keeps nobody out: fencing does. */
export class Lease {
  readonly #topic: PositionTopic;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(topic: PositionTopic, logger: Logger) {
    this.#topic = topic;
    this.#logger = logger;
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => { this.#renew(); }, RENEW_MS);
    this.#timer.unref();
    this.#renew();
  }

  /** Gives it back, unless it never was taken, or is another daemon's by now. */
  async end(mine: boolean): Promise<void> {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    await this.#writing;
    if (mine) await this.#write(null);
  }

  #renew(): void {
    this.#writing = this.#writing.then(() => this.#write(Buffer.from(JSON.stringify({ pid: process.pid, at: new Date().toISOString() }))));
  }

  async #write(value: Buffer | null): Promise<void> {
    try {
      await this.#topic.log.write([{ key: this.#topic.leaseKey, value }], null);
    } catch (error) {
      this.#logger.debug('the lease of the position could not be written', { error: asRowcastError(error).message });
    }
  }
}

/** Whether a daemon uses the position now: watches a lease that is there for long enough to see it renewed. @throws RowcastError SINK_* */
export async function isLeased(topic: PositionTopic): Promise<boolean> {
  const first = await topic.lease();
  if (first === null) return false;
  for (const end = performance.now() + RENEW_MS * PATIENCE; performance.now() < end; ) {
    await sleep(RENEW_MS / 10);
    const now = await topic.lease();
    if (now !== first) return now !== null;
  }
  return false;
}
