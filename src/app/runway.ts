import type { Json } from '../core/position.ts';
import type { Logger } from '../core/ports.ts';
import type { Retention } from '../mysql/retention.ts';

/** In seconds; Infinity: never, null: not known. */
export interface RunwayTold {
  /** Until the server may purge what a restart would need, at the pace of the last minutes. */
  readonly runway: number | null;
  /** The same if nothing more were read from now on. */
  readonly slack: number | null;
}

interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Seconds. */
  readonly lag: number | null;
  /** Null where the server could not be asked. */
  readonly retention: Retention | null;
}

/** For so long looks are remembered, in milliseconds: the pace is that of this time. */
const WINDOW_MS = 600_000;
/** Reading that is no further behind, in seconds, keeps up. */
const LEVEL = 60;
/** It is warned of less than this, in seconds, or than a quarter of what the server keeps. */
const SHORT = 86_400;
/** The same for reading that catches up, which any hitch may end. */
const SHORT_SLACK = 3_600;

/**
 * Seconds until the server may purge the position that the daemon needs. Reading that stands still comes closer to that
 * moment by a second a second, reading at half the pace of the server by half a second, and one that keeps up never.
 */
export class Runway {
  readonly #logger: Logger;
  #samples: readonly Sample[] = [];
  #warned = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** A look at the server; `retention` is null where it could not be asked, `lag` where nobody knows. */
  note(retention: Retention | null, lag: number | null, now: number): void {
    this.#samples = [...this.#samples.filter(({ at }) => at > now - WINDOW_MS), { at: now, lag, retention }];
    this.#warn(lag, now);
  }

  told(lag: number | null, now: number): RunwayTold {
    const seen = this.#samples.filter(hasRetention);
    const last = seen.at(-1);
    if (last === undefined) return { runway: null, slack: null };
    const { retention } = last;
    const age = retention.expiresAt === null ? Infinity : Math.max(0, (retention.expiresAt - now) / 1000);
    const size = bySize(seen[0] ?? last, last);
    return { runway: least(perSecond(age, this.#falling(lag, now)), size.runway), slack: least(age, size.slack) };
  }

  /** For the status page. */
  status(lag: number | null, now: number): Json {
    const { runway, slack } = this.told(lag, now);
    return { runwaySeconds: shown(runway), slackSeconds: shown(slack) };
  }

  /** By how much reading falls behind, in seconds a second: 0 keeps up, 1 stands still. As long as nobody knows, it stands still. */
  #falling(lag: number | null, now: number): number {
    if (lag === null) return 1;
    if (lag <= LEVEL) return 0;
    const first = this.#samples.find((sample) => sample.lag !== null && sample.at < now);
    if (first === undefined || first.lag === null) return 1;
    return Math.min(1, Math.max(0, (lag - first.lag) / ((now - first.at) / 1000)));
  }

  #warn(lag: number | null, now: number): void {
    const { runway, slack } = this.told(lag, now);
    if (runway === null || slack === null) return;
    const kept = this.#samples.findLast(hasRetention)?.retention.kept ?? Infinity;
    const short = runway < Math.min(SHORT, kept / 4) || ((lag ?? Infinity) > LEVEL && slack < Math.min(SHORT_SLACK, kept / 4));
    if (short === this.#warned) return;
    this.#warned = short;
    const fields = { runwaySeconds: shown(runway), slackSeconds: shown(slack), lagSeconds: lag === null ? null : Math.round(lag) };
    if (short) this.#logger.warn('the server may soon purge binlog that was not read yet: find out what holds the daemon back, or have the server keep its binlog longer', fields);
    else this.#logger.info('the position is no longer close to binlog that the server may purge', fields);
  }
}

/** What the size of all binlog leaves, by what was written between two looks. */
function bySize(first: SeenSample, last: SeenSample): RunwayTold {
  const { room, held, written } = last.retention;
  if (room === null) return { runway: Infinity, slack: Infinity };
  if (room === 0) return { runway: 0, slack: 0 };
  const seconds = (last.at - first.at) / 1000;
  if (seconds <= 0) return { runway: null, slack: null };
  return { runway: perSecond(room, (held - first.retention.held) / seconds), slack: perSecond(room, (written - first.retention.written) / seconds) };
}

type SeenSample = Sample & { readonly retention: Retention };

function hasRetention(sample: Sample): sample is SeenSample {
  return sample.retention !== null;
}

function perSecond(amount: number, pace: number): number {
  return pace <= 0 ? Infinity : amount / pace;
}

function least(one: number, other: number | null): number | null {
  return other === null ? null : Math.min(one, other);
}

function shown(seconds: number | null): Json {
  return seconds === null ? null : seconds === Infinity ? 'never' : Math.round(seconds);
}
