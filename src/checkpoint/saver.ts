import type { RowcastError } from '../core/errors.ts';
import { asRowcastError } from '../core/errors.ts';
import type { CheckpointStore, Ledger } from '../core/ports.ts';
import type { Position } from '../core/position.ts';

/** Told how saving goes. */
export interface SaverEvents {
  /** `at`: milliseconds since 1970. */
  saved(position: Position, at: number): void;
  /** Saving failed and is tried again at the next turn; said once until it works again. */
  failing(error: RowcastError): void;
}

export interface SaverOptions {
  readonly store: CheckpointStore;
  readonly ledger: Pick<Ledger, 'safe'>;
  readonly events: SaverEvents;
  /** Milliseconds between two saves. @default 1000 */
  readonly intervalMs?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The only one that saves checkpoints (Invariant 7): at most once an interval, and once more when asked at the end. */
export class CheckpointSaver {
  readonly #options: SaverOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #last: Position | null = null;
  #failing = false;

  constructor(options: SaverOptions, last: Position | null) {
    this.#options = options;
    this.#last = last;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      void this.save().catch(() => undefined);
    }, this.#options.intervalMs ?? 1000);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Saves what is safe now, after any save under way. @throws RowcastError CHECKPOINT_UNWRITABLE */
  save(): Promise<void> {
    const turn = this.#running.then(() => this.#saveNow());
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  async #saveNow(): Promise<void> {
    const position = this.#options.ledger.safe();
    if (position === null || isSame(position, this.#last)) return;
    const savedAt = this.#options.now();
    try {
      await this.#options.store.save({ position, savedAt });
    } catch (error) {
      this.#fail(asRowcastError(error));
    }
    this.#failing = false;
    this.#last = position;
    this.#options.events.saved(position, savedAt);
  }

  #fail(error: RowcastError): never {
    if (!this.#failing) this.#options.events.failing(error);
    this.#failing = true;
    throw error;
  }
}

function isSame(position: Position, last: Position | null): boolean {
  return last !== null && (position === last || JSON.stringify(position.state) === JSON.stringify(last.state));
}
