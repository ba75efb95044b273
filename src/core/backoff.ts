import { setTimeout as sleep } from 'node:timers/promises';

/** Waits between tries: doubling from `firstMs` to `mostMs`, each cut at random to between half and all of it. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;
  #tries = 0;

  constructor(firstMs = 250, mostMs = LONGEST_MS, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
  }

  /** How many waits were asked for since the last reset. */
  get tries(): number {
    return this.#tries;
  }

  /** Milliseconds to wait before the next try. */
  next(): number {
    const full = Math.min(this.#mostMs, this.#firstMs * 2 ** Math.min(this.#tries, 30));
    this.#tries++;
    return Math.round(full * (0.5 + this.#random() / 2));
  }

  /** Waits until the next try is due, or until `stop`, which is no error. */
  async pause(stop?: AbortSignal): Promise<void> {
    await sleep(this.next(), undefined, { ...(stop && { signal: stop }) }).catch(() => undefined);
  }

  reset(): void {
    this.#tries = 0;
  }
}

/** An end that comes back after a long outage is found again within five seconds, the time to connect included. */
const LONGEST_MS = 3_000;
