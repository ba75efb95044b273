import type { RowcastError } from '../core/errors.ts';

/** What ends the process from outside of what it does: a signal, a lock that was lost, an error that nobody caught. The first one counts. */
export class Ending {
  readonly #abort = new AbortController();
  #error: RowcastError | null = null;

  /** Aborted once the process is to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asks for a clean end. */
  stop(): void {
    this.#abort.abort();
  }

  fail(error: RowcastError): void {
    if (this.#abort.signal.aborted) return;
    this.#error = error;
    this.#abort.abort();
  }

  /** @throws RowcastError where the process is to end with one */
  check(): void {
    if (this.#error !== null) throw this.#error;
  }

  /** With what it is to end; null: cleanly, or not yet. */
  get error(): RowcastError | null {
    return this.#error;
  }
}
