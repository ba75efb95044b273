/** The two clocks of a process, in milliseconds: the one that people set, and the one that only goes forward. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

/** Milliseconds for which a lock must have stood still before it counts as left behind, whatever the wall clock says. */
export const WATCHED_MS = 2_000;

/**
 * How old somebody else's lock is. Its owner sets its time once a second by the wall clock, which may have been set since: a
 * time that lies ahead says nothing, and one that lies far back may be that of an owner whose clock is about to be set
 * too. So the age is at most what was seen here, by a clock that nobody sets, and the benefit that a look back gives.
 */
export class LockAge {
  readonly #staleMs: number;
  readonly #clocks: Clocks;
  #set = NaN;
  #since = 0;

  /** @param staleMs age from which a lock counts as left behind, more than `WATCHED_MS` */
  constructor(staleMs: number, clocks: Clocks) {
    this.#staleMs = staleMs;
    this.#clocks = clocks;
  }

  /** Milliseconds. `set`: what the lock says, in milliseconds since 1970. */
  of(set: number): number {
    const now = this.#clocks.steady();
    if (set !== this.#set) [this.#set, this.#since] = [set, now];
    const watched = now - this.#since;
    const told = this.#clocks.wall() - set;
    return told < 0 ? watched : Math.min(told, watched + this.#staleMs - WATCHED_MS);
  }
}
