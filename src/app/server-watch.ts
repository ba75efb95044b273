import type { RowcastError } from '../core/errors.ts';
import { asRowcastError } from '../core/errors.ts';
import type { Logger, Metrics } from '../core/ports.ts';
import type { Json } from '../core/position.ts';
import type { ServerReport } from '../mysql/server-probe.ts';
import type { PrometheusMetrics } from '../observe/metrics.ts';
import type { Runway } from './runway.ts';

export interface ServerWatchParts {
  readonly report: () => Promise<ServerReport>;
  readonly runway: Runway;
  /** Seconds that reading is behind; null where nobody knows. */
  readonly lag: () => number | null;
  readonly metrics: Metrics & Pick<PrometheusMetrics, 'clear'>;
  readonly logger: Logger;
  /** Ends the daemon: to go on would be wrong. */
  readonly fail: (error: RowcastError) => void;
}

/** Looks at the server again and again while the daemon runs: its settings can be changed at any time. */
export class ServerWatch {
  readonly #parts: ServerWatchParts;
  #last: { readonly at: number; readonly report: ServerReport } | null = null;
  #busy = false;

  constructor(parts: ServerWatchParts) {
    this.#parts = parts;
  }

  /** One look; a server that cannot be asked is looked at again next time. */
  async look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const { report, runway, lag } = this.#parts;
    try {
      const seen = await report();
      runway.note(seen.retention, lag(), Date.now());
      this.#take(seen);
    } catch (error) {
      runway.note(null, lag(), Date.now());
      this.#parts.logger.debug('the server cannot be looked at', { error: asRowcastError(error).message });
    } finally {
      this.#busy = false;
    }
  }

  /** For the status page; null before the first look. */
  status(): Json {
    if (this.#last === null) return null;
    const { at, report } = this.#last;
    const problems = report.problems.map(({ severity, code, message, repair }) => ({ severity, code, message, repair }));
    return { checkedAt: new Date(at).toISOString(), problems, settings: report.settings };
  }

  #take(report: ServerReport): void {
    const { metrics, fail } = this.#parts;
    this.#last = { at: Date.now(), report };
    metrics.clear('rowcast_server_problems');
    for (const severity of ['warning', 'error'] as const) metrics.gauge('rowcast_server_problems', { severity }).set(report.problems.filter((problem) => problem.severity === severity).length);
    for (const { setting } of report.changed) metrics.counter('rowcast_server_setting_changes_total', { setting }).add(1);
    if (report.wrong !== null) fail(report.wrong);
  }
}
