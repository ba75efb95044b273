import { RowcastError } from '../../core/errors.ts';

/** Lets held events through, or keeps them waiting: a pause of the stream holds for what was read before, too. */
export class Valve {
  #shut = false;
  #closed = false;
  #wake: (() => void) | null = null;

  /** The next event must wait: see `pass`. */
  get shut(): boolean {
    return this.#shut || this.#closed;
  }

  /** For good. */
  get closed(): boolean {
    return this.#closed;
  }

  pause(): void {
    this.#shut = true;
  }

  resume(): void {
    this.#shut = false;
    this.#wake?.();
  }

  /** For good: who waits gets an error. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Lets others have their turn, and resolves when the next event may go. One caller at a time. @throws RowcastError SOURCE_LOST after `close` */
  async pass(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#shut && !this.#closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
    if (this.#closed) throw closedStream();
  }
}

/** What was under way when the stream was closed goes no further. */
export function closedStream(): RowcastError {
  return new RowcastError('SOURCE_LOST', 'the stream was closed in the middle of a transaction');
}
