/** Looks per limit: one that waits is found after at most 1 + 1/LOOKS of it. */
const LOOKS = 4;

/** What can be left waiting. */
export interface Neglectable {
  /** Milliseconds that what could be sent has waited, with nothing on its way; `now` is of the monotonic clock. */
  waitedMs(now: number): number;
}

/**
 * Finds what waits although nothing failed, whatever the cause: else it would wait for ever, unseen, while all others flow.
 */
export class NeglectWatch<P extends Neglectable> {
  readonly #limitMs: number;
  readonly #all: () => Iterable<P>;
  readonly #found: (one: P, waitedMs: number) => void;
  #timer: NodeJS.Timeout | null = null;

  /** `limitMs` milliseconds may pass; `found` is told at each look, and sees to it. */
  constructor(limitMs: number, all: () => Iterable<P>, found: (one: P, waitedMs: number) => void) {
    this.#limitMs = limitMs;
    this.#all = all;
    this.#found = found;
  }

  start(): void {
    this.#timer ??= setInterval(() => { this.#look(); }, this.#limitMs / LOOKS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    for (const one of this.#all()) {
      const waited = one.waitedMs(now);
      if (waited > this.#limitMs) this.#found(one, waited);
    }
  }
}
