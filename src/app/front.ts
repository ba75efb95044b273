import type { Config } from '../config/compile.ts';
import type { RowcastError } from '../core/errors.ts';
import type { Json } from '../core/position.ts';
import type { Pages } from '../observe/http-server.ts';
import { PrometheusMetrics } from '../observe/metrics.ts';
import type { Readiness } from '../runtime/health.ts';
import { STATES } from '../runtime/state.ts';
import type { State } from '../runtime/state.ts';
import { shownDelivery } from './delivery.ts';
import { version } from './version.ts';

/** What a view adds to the status page: at least what the daemon does, and whether that is well. */
export type ShownStatus = { readonly [key: string]: Json } & { readonly state: ShownState; readonly ready: boolean };

/** What the daemon does at the moment, for the pages. */
export interface View {
  readiness(): Readiness;
  /** Holds no secret and no column value (Invariant 10). */
  status(): ShownStatus;
  /** Fills the gauges before a scrape. */
  measure(metrics: PrometheusMetrics): void;
}

/** A state of a daemon, or that it waits for its turn. */
export type ShownState = State | 'standby';

const SHOWN_STATES: readonly ShownState[] = ['standby', ...STATES];

/** Who leads, for people and machines. */
export interface ShownLeadership {
  /** This daemon holds the position, and delivers. */
  leads: boolean;
  /** Null: nobody does, or nobody knows. */
  leader: string | null;
}

/** What is seen of the process from outside, from its first moment to its last: one view after the other, under one roof. */
export class Front {
  readonly metrics = new PrometheusMetrics(true);
  readonly leadership: ShownLeadership = { leads: false, leader: null };
  readonly #config: Config;
  #view: View;

  constructor(config: Config, view: View) {
    this.#config = config;
    this.#view = view;
    this.metrics.gauge('rowcast_build_info', { version: version(), node: process.versions.node }).set(1);
    this.metrics.beforeScrape(() => {
      this.#view.measure(this.metrics);
      this.metrics.gauge('rowcast_leader').set(this.leadership.leads ? 1 : 0);
    });
  }

  /** Shown from now on. */
  show(view: View): void {
    this.#view = view;
  }

  /** What the HTTP server shows. */
  pages(): Pages {
    return { metrics: () => this.metrics.scrape(), readiness: () => this.#view.readiness(), status: () => this.#status() };
  }

  #status(): Json {
    const { name, standby } = this.#config;
    return {
      name,
      version: version(),
      delivery: { ...shownDelivery(this.#config) },
      leadership: { standby: standby !== null, ...this.leadership },
      ...this.#view.status(),
      memory: { resident: process.memoryUsage.rss() },
      uptimeSeconds: Math.round(process.uptime()),
    };
  }
}

/** One state is 1, all others are 0. */
export function showState(metrics: PrometheusMetrics, state: ShownState, ready: boolean): void {
  for (const each of SHOWN_STATES) metrics.gauge('rowcast_state', { state: each }).set(state === each ? 1 : 0);
  metrics.gauge('rowcast_ready').set(ready ? 1 : 0);
}

/** An error as the status page has it. */
export function shownError(error: RowcastError | null): Json {
  return error === null ? null : { code: error.code, message: error.message, hint: error.hint };
}
