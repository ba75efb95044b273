import { ERRORS } from '../core/errors.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import type { PrometheusMetrics } from '../observe/metrics.ts';
import type { Readiness } from '../runtime/health.ts';
import { showState, shownError } from './front.ts';
import type { ShownStatus, View } from './front.ts';

/** What says nothing about a daemon that does not read. */
const UNKNOWN = ['rowcast_lag_bytes', 'rowcast_lag_seconds', 'rowcast_retention_runway_seconds', 'rowcast_retention_slack_seconds', 'rowcast_last_event_age_seconds', 'rowcast_source_silence_seconds', 'rowcast_checkpoint_age_seconds'];

/** What is shown while there is no daemon that could be: the process starts, or it stands by. */
export class Waiting implements View {
  /** What a start waits for; null while it stands by. */
  #awaited: string | null = 'the daemon starts';
  #error: RowcastError | null = null;
  #leader: string | null = null;
  /** Why nobody can be asked who leads. */
  #unasked: RowcastError | null = null;
  /** What a look at everything that a start needs has found; null before the first one. */
  #problems: readonly Problem[] | null = null;

  /** The start waits for this, in words: `it waits for the checkpoint in …`. */
  starting(awaited: string): void {
    this.#awaited = awaited;
    this.#error = null;
  }

  /** What the start waits for cannot be reached; null: it can again. */
  trouble(error: RowcastError | null): void {
    this.#error = error;
  }

  /** From now on another daemon may lead. */
  standby(): void {
    this.#awaited = null;
  }

  /** Who leads, as far as that is known. */
  leader(label: string | null): void {
    this.#leader = label;
  }

  /** Nobody can be asked who leads; null: somebody can again. */
  unasked(error: RowcastError | null): void {
    this.#unasked = error;
  }

  found(problems: readonly Problem[]): void {
    this.#problems = problems;
  }

  readiness(): Readiness {
    if (this.#awaited !== null) return { ready: false, reason: 'starting', detail: this.#error === null ? this.#awaited : `${this.#awaited}: ${this.#error.message}${advice(this.#error)}` };
    if (this.#unasked !== null) return { ready: false, reason: 'standby-unfit', detail: this.#unasked.message };
    if (this.#problems === null) return { ready: false, reason: 'standby-unfit', detail: 'it has not looked yet whether it could take over' };
    const wrong = this.#problems.find(({ severity }) => severity === 'error');
    if (wrong !== undefined) return { ready: false, reason: 'standby-unfit', detail: `it could not take over: ${wrong.message}` };
    return { ready: true, reason: 'standby', detail: this.#leader === null ? 'nobody leads yet' : `${this.#leader} leads` };
  }

  status(): ShownStatus {
    const { ready, reason, detail } = this.readiness();
    const problems = (this.#problems ?? []).map(({ severity, code, message, repair }) => ({ severity, code, message, repair }));
    const error = this.#awaited === null ? this.#unasked : this.#error;
    return { state: this.#state, ready, reason, detail, error: shownError(error), position: null, problems };
  }

  get #state(): 'starting' | 'standby' {
    return this.#awaited === null ? 'standby' : 'starting';
  }

  measure(metrics: PrometheusMetrics): void {
    showState(metrics, this.#state, this.readiness().ready);
    for (const name of UNKNOWN) metrics.gauge(name).set(NaN);
    metrics.gauge('rowcast_inflight_bytes').set(0);
    metrics.gauge('rowcast_tables_unreadable').set(0);
    metrics.clear('rowcast_position_info');
  }
}

/** What can be done about it, where the error knows more than its code does. */
function advice({ code, hint }: RowcastError): string {
  return hint === ERRORS[code].hint ? '' : `. ${hint}`;
}
