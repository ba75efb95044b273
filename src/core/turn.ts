import { deferred } from './deferred.ts';
import type { Leadership } from './election.ts';
import type { RowcastError } from './errors.ts';

/** What an election knows of the one who leads. */
export interface TurnParts {
  /** Until when no other one can lead, by the monotonic clock in milliseconds. */
  readonly until: () => number;
  /** Asks the engine: true where this daemon leads. May reject. */
  readonly ask: () => Promise<boolean>;
  readonly resigned: (turn: Turn) => Promise<void>;
}

/** A turn of leading, as an election hands it out. */
export class Turn implements Leadership {
  readonly #parts: TurnParts;
  readonly #lost = deferred<RowcastError>();
  #over = false;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  get lost(): Promise<RowcastError> {
    return this.#lost.promise;
  }

  holds(): boolean {
    return !this.#over && performance.now() < this.#parts.until();
  }

  async confirm(): Promise<boolean> {
    if (this.#over) return false;
    const leads = await this.#parts.ask().catch(() => false);
    return leads && !this.#over;
  }

  async resign(): Promise<void> {
    if (!this.#over) await this.#parts.resigned(this);
  }

  /** Another one leads, or may. */
  end(error: RowcastError): void {
    this.#over = true;
    this.#lost.resolve(error);
  }
}
