import type { RowcastError } from './errors.ts';

/** Decides which one of the daemons of a name leads, by an engine that all of them reach. */
export interface Election {
  /**
   * Stands until it is won. An engine that cannot be reached is asked again.
   * @returns null when `stop` came first
   * @throws RowcastError that no retry heals
   */
  win(stop: AbortSignal): Promise<Leadership | null>;
  /** Withdraws from it, for good. What was won and not given up is lost to the others at once. */
  close(): Promise<void>;
}

/** One turn of leading. */
export interface Leadership {
  /**
   * True until the instant at which the others may have another leader, by the clock alone: nobody is asked. It may come to
   * be true again, where the engine was away and nobody took over meanwhile.
   */
  holds(): boolean;
  /** Settles when this daemon has surely been replaced, or may be. Never rejects. */
  readonly lost: Promise<RowcastError>;
  /** Asks the engine whether this daemon leads still; false where nobody answers in time. */
  confirm(): Promise<boolean>;
  /** Ends it here: another one may lead at once, and this one stands again. */
  resign(): Promise<void>;
}

/** Told how an election goes, and asked about the one who stands. */
export interface Candidate {
  /** For people, to tell it from the others: `host:pid`. */
  readonly label: string;
  /** False: others are to be preferred. */
  fit(): boolean;
  /** Who leads; null while nobody does, or nobody knows. */
  leader(label: string | null): void;
  /** Why the engine cannot be asked; null once it answers. */
  trouble(error: RowcastError | null): void;
}

/** Milliseconds after which a leader that is not heard of is replaced, and how often it says that it is there. */
export interface ElectionTimes {
  readonly timeoutMs: number;
  readonly beatMs: number;
}

/** Heard of often enough that a few lost words do not matter, and soon enough that one who resigns is followed at once. */
export function timesOf(timeoutMs: number): ElectionTimes {
  return { timeoutMs, beatMs: Math.min(250, timeoutMs / 6) };
}
