/** What an event of a key is, after those that came before it. */
export type Verdict = 'next' | 'again' | 'late';

/**
 * The numbers of one key as a topic tells them. The writer numbers the changes of a key 1, 2, 3, … without a gap, so a number
 * that does not follow the last one shows what was lost, doubled or moved.
 */
export class Sequence {
  /** The highest number told. */
  last = 0;
  /** Numbers that were passed over and have not come yet; none in a sound topic. */
  readonly missing = new Set<number>();
  #cursor = 0;

  /** `restarts`: how often the numbers went back to an earlier one. */
  restarts = 0;

  /** Takes the next number of the topic. */
  take(number: number): Verdict {
    const follows = number === this.#cursor + 1;
    this.#cursor = number;
    if (number <= this.last) {
      if (!follows) this.restarts++;
      return this.missing.delete(number) ? 'late' : 'again';
    }
    for (let gap = this.last + 1; gap < number; gap++) this.missing.add(gap);
    this.last = number;
    return 'next';
  }

  /** The topic was deleted with all that was in it: what was missing cannot come any more. */
  forget(): void {
    this.missing.clear();
    this.#cursor = this.last;
  }
}
