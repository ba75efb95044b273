import type { RowcastError } from '../../core/errors.ts';
import { connectionError } from './failures.ts';

const CALM_MS = 30_000;
const DOWN_MS = 2_000;

/** What is asked: any answer will do. */
interface Asked {
  metadata(topics: readonly string[]): Promise<unknown>;
}

/** Told whether Kafka answers. */
export interface PulseEvents {
  answering(): void;
  wentDown(error: RowcastError): void;
}

/** Asks the brokers something small now and then, so that a stream without rows too learns that they are gone, or back. */
export class Pulse {
  readonly #cluster: Asked;
  readonly #events: PulseEvents;
  readonly #failed: (error: RowcastError) => void;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(cluster: Asked, events: PulseEvents, failed: (error: RowcastError) => void) {
    this.#cluster = cluster;
    this.#events = events;
    this.#failed = failed;
  }

  start(): void {
    if (this.#timer === null) this.#arm(CALM_MS);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => { void this.#beat().then((next) => { this.#arm(next); }); }, ms);
    this.#timer.unref();
  }

  async #beat(): Promise<number> {
    try {
      await this.#cluster.metadata([]);
    } catch (error) {
      if (this.#stopped) return CALM_MS;
      const failure = connectionError('Kafka', error);
      if (failure.retry) this.#events.wentDown(failure);
      else this.#failed(failure);
      return DOWN_MS;
    }
    if (!this.#stopped) this.#events.answering();
    return CALM_MS;
  }
}
