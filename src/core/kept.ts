/** Things by a text that says all about them, so that the same text gives the same object, as a rule: all are let go once there are too many. */
export class Kept<T> {
  readonly #most: number;
  readonly #things = new Map<string, T>();

  /** @param most things that are kept at one time */
  constructor(most: number) {
    this.#most = most;
  }

  get(text: string): T | undefined {
    return this.#things.get(text);
  }

  keep(text: string, thing: T): T {
    if (this.#things.size >= this.#most) this.#things.clear();
    this.#things.set(text, thing);
    return thing;
  }
}
