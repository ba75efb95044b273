/** Knows whether all that was handed over is before the position, which is where reading can end with nothing told twice (Invariant 9). */
export class Rest {
  #telling = false;
  #wanted: (() => void) | null = null;

  /** Something is being handed over; the position moves past it later. */
  broken(): void {
    this.#telling = true;
  }

  /** The position has moved past it. */
  come(): void {
    this.#telling = false;
    if (this.#wanted === null) return;
    this.#wanted();
    this.#wanted = null;
  }

  /** Calls once, at rest: now, or right after the position has moved past what is being handed over. */
  once(wanted: () => void): void {
    if (this.#telling) this.#wanted = wanted;
    else wanted();
  }
}
