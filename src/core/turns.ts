/** Calls that overlap are done one after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Begins once all before it have ended, well or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
