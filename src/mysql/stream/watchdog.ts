/** Ticks without a sign of life that end a stream. */
const PATIENCE = 3;

/**
 * Notices a server that has gone silent. It counts ticks, not time: after the process itself stood still, one tick passes
 * before what has arrived meanwhile is read.
 */
export class Watchdog {
  readonly #lost: () => void;
  readonly #asleep: () => boolean;
  #silent = 0;
  #timer: NodeJS.Timeout | null = null;

  /** `lost` is called once; while `asleep` answers true no tick counts. */
  constructor(lost: () => void, asleep: () => boolean) {
    this.#lost = lost;
    this.#asleep = asleep;
  }

  /** Begins to tick every `period` milliseconds. */
  start(period: number): void {
    this.#timer = setInterval(() => this.tick(), period);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** A sign of life. */
  alive(): void {
    this.#silent = 0;
  }

  tick(): void {
    this.#silent = this.#asleep() ? 0 : this.#silent + 1;
    if (this.#silent !== PATIENCE) return;
    this.stop();
    this.#lost();
  }
}
