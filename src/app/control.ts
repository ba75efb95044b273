import type { RowcastError } from '../core/errors.ts';
import type { Runner } from '../runtime/runner.ts';

/** Passes on to the runner what parts that are made before it have to say; an error that comes earlier is kept for it. */
export class Control {
  #runner: Runner | null = null;
  #early: RowcastError | null = null;

  attach(runner: Runner): void {
    this.#runner = runner;
    if (this.#early !== null) runner.fail(this.#early);
  }

  hold(): void {
    this.#runner?.hold();
  }

  release(): void {
    this.#runner?.release();
  }

  /** Reading must begin again at the saved position. */
  interrupt(error: RowcastError): void {
    this.#runner?.interrupt(error);
  }

  fail(error: RowcastError): void {
    if (this.#runner === null) this.#early ??= error;
    else this.#runner.fail(error);
  }
}
