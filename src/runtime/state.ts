import type { RowcastError } from '../core/errors.ts';

/**
 * What the daemon is doing.
 *
 *   starting ──► streaming ◄──► paused        paused: reading is held back by a slow sink
 *      ▲  │          │            │
 *      │  └──────────┼────────────┤
 *   waiting ◄────────┴────────────┘           waiting: the source is lost and will be tried again
 *
 *   from each of these: ──► draining ──► stopped, and ──► failed from everywhere but stopped
 */
export type State = 'starting' | 'streaming' | 'paused' | 'waiting' | 'draining' | 'stopped' | 'failed';

export const STATES: readonly State[] = ['starting', 'streaming', 'paused', 'waiting', 'draining', 'stopped', 'failed'];

const NEXT: Readonly<Record<State, readonly State[]>> = {
  starting: ['streaming', 'waiting', 'draining', 'failed'],
  streaming: ['paused', 'waiting', 'draining', 'failed'],
  paused: ['streaming', 'waiting', 'draining', 'failed'],
  waiting: ['starting', 'draining', 'failed'],
  draining: ['stopped', 'failed'],
  stopped: [],
  failed: [],
};

/** Holds the state and refuses a transition that the picture above does not have. */
export class StateMachine {
  #state: State = 'starting';
  #reason: RowcastError | null = null;
  readonly #changed: (state: State, before: State) => void;

  constructor(changed: (state: State, before: State) => void = () => undefined) {
    this.#changed = changed;
  }

  get state(): State {
    return this.#state;
  }

  /** The error behind `waiting` and `failed`. */
  get reason(): RowcastError | null {
    return this.#reason;
  }

  /** @throws Error where the picture has no such arrow */
  to(next: State, reason: RowcastError | null = null): void {
    const before = this.#state;
    if (!NEXT[before].includes(next)) throw new Error(`the daemon cannot go from ${before} to ${next}`);
    this.#state = next;
    this.#reason = reason;
    this.#changed(next, before);
  }

  is(...states: readonly State[]): boolean {
    return states.includes(this.#state);
  }
}
