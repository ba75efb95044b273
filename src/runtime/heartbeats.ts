import { asRowcastError } from '../core/errors.ts';
import type { RowcastError } from '../core/errors.ts';
import type { HeartbeatTeller, Logger, Sink } from '../core/ports.ts';
import { writeSideMessage } from './side-messages.ts';

export interface HeartbeatParts {
  readonly sink: Sink;
  /** Asked once, when streaming begins. Of several for one topic the first counts. */
  readonly tellers: () => readonly HeartbeatTeller[];
  /** Whether messages may be written now: a sink that holds reading back gets none (Invariant 6). */
  readonly streaming: () => boolean;
  /** An error that no retry heals. */
  readonly failed: (error: RowcastError) => void;
  readonly logger: Logger;
}

/** Writes signs of life at their intervals, from the first streaming to the end. */
export class Heartbeats {
  readonly #parts: HeartbeatParts;
  #timers: NodeJS.Timeout[] | null = null;
  #over = false;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#timers !== null || this.#over) return;
    const byTopic = new Map<string, HeartbeatTeller>();
    for (const teller of this.#parts.tellers()) if (!byTopic.has(teller.topic)) byTopic.set(teller.topic, teller);
    this.#timers = [...byTopic.values()].map((teller) => setInterval(() => void this.#beat(teller), teller.intervalMs).unref());
  }

  stop(): void {
    this.#over = true;
    for (const timer of this.#timers ?? []) clearInterval(timer);
  }

  async #beat(teller: HeartbeatTeller): Promise<void> {
    try {
      if (!this.#parts.streaming()) return;
      const topic = await this.#parts.sink.topic(teller.topic);
      if (!this.#over && this.#parts.streaming()) writeSideMessage(topic, teller.message());
    } catch (cause) {
      const error = asRowcastError(cause);
      if (error.retry) this.#parts.logger.warn('a heartbeat could not be written, the next is tried', { code: error.code, error: error.message, topic: teller.topic });
      else if (!this.#over) this.#parts.failed(error);
    }
  }
}
