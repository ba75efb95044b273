import type { LogFields, Logger } from '../core/ports.ts';

/** Lines with the same message come no more often, in milliseconds; the next one says how many were held back. */
const PAUSE_MS = 10_000;

/** Warns of what may happen with every row without drowning the log. */
export class LogLimit {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #messages = new Map<string, { at: number; heldBack: number }>();

  /** @param now milliseconds that only go forward */
  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  warn(message: string, fields: LogFields): void {
    const last = this.#messages.get(message);
    const now = this.#now();
    if (last !== undefined && now - last.at < PAUSE_MS) {
      last.heldBack++;
      return;
    }
    this.#logger.warn(message, last === undefined || last.heldBack === 0 ? fields : { ...fields, heldBack: last.heldBack });
    this.#messages.set(message, { at: now, heldBack: 0 });
  }
}
