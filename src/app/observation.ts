import type { Json, Position } from '../core/position.ts';
import { tableLabel } from '../core/table.ts';
import type { PrometheusMetrics } from '../observe/metrics.ts';
import type { ByteGate } from '../runtime/byte-gate.ts';
import type { Health, Readiness } from '../runtime/health.ts';
import type { StateMachine } from '../runtime/state.ts';
import { showState, shownError } from './front.ts';
import type { ShownStatus, View } from './front.ts';
import type { Runway } from './runway.ts';
import type { ServerWatch } from './server-watch.ts';

/** What the pages and the metrics tell of. */
export interface Observed {
  readonly state: StateMachine;
  readonly health: Health;
  readonly gate: ByteGate;
  /** False while another daemon of the name may lead. */
  readonly leads: () => boolean;
  /** The last whole transaction read. */
  readonly readTo: () => Position | null;
  /** Captured tables whose rows go to quarantine now, and why. */
  readonly unreadable: () => readonly { readonly database: string; readonly name: string; readonly why: string }[];
  /** Rows in quarantine since the start, by table. */
  readonly quarantined: ReadonlyMap<string, number>;
  readonly runway: Runway;
}

/** What happened last, for whoever asks. */
export class LastSeen {
  /** Milliseconds since 1970 when the position was saved, or seen to need no saving. */
  savedAt: number | null = null;
  saved: Position | null = null;
  /** Bytes of binlog the server has beyond what was read; null while that is not known. */
  bytesBehind: number | null = null;
}

/** A daemon that delivers, for the pages. */
export function viewOf(observed: Observed, last: LastSeen, watch: Pick<ServerWatch, 'status'>): View {
  return { readiness: () => readinessOf(observed), status: () => status(observed, last, watch.status()), measure: (metrics) => { measure(metrics, observed, last); } };
}

/** Rows may flow still where nobody confirms that this daemon leads; it may be replaced at any moment. */
function readinessOf({ health, leads }: Pick<Observed, 'health' | 'leads'>): Readiness {
  const told = health.readiness();
  if (!told.ready || leads()) return told;
  return { ready: false, reason: 'leadership-unconfirmed', detail: 'nobody has confirmed for standby.timeout that this daemon leads' };
}

function measure(metrics: PrometheusMetrics, observed: Observed, last: LastSeen): void {
  const { health, gate, state } = observed;
  metrics.gauge('rowcast_events_read_total').set(health.eventsRead);
  metrics.gauge('rowcast_read_bytes_total').set(health.bytesRead);
  for (const [type, count] of health.passedEvents) metrics.gauge('rowcast_events_passed_total', { type }).set(count);
  metrics.gauge('rowcast_tables_unreadable').set(observed.unreadable().length);
  for (const [reason, count] of health.untoldTransactions) metrics.gauge('rowcast_transactions_left_out_total', { reason }).set(count);
  metrics.gauge('rowcast_inflight_bytes').set(gate.held);
  metrics.gauge('rowcast_lag_bytes').set(last.bytesBehind ?? NaN);
  metrics.gauge('rowcast_lag_seconds').set(lagSeconds(observed, last) ?? NaN);
  const { runway, slack } = observed.runway.told(lagSeconds(observed, last), Date.now());
  metrics.gauge('rowcast_retention_runway_seconds').set(runway ?? NaN);
  metrics.gauge('rowcast_retention_slack_seconds').set(slack ?? NaN);
  metrics.gauge('rowcast_last_event_age_seconds').set(eventAge(health) ?? NaN);
  metrics.gauge('rowcast_source_silence_seconds').set(health.silentMs() / 1000);
  metrics.gauge('rowcast_checkpoint_age_seconds').set(last.savedAt === null ? NaN : (Date.now() - last.savedAt) / 1000);
  showState(metrics, state.state, readinessOf(observed).ready);
  metrics.clear('rowcast_position_info');
  metrics.gauge('rowcast_position_info', { position: last.saved?.label ?? 'none' }).set(1);
}

function status(observed: Observed, last: LastSeen, server: Json): ShownStatus {
  const { state, health, gate } = observed;
  const readiness = readinessOf(observed);
  return {
    state: state.state,
    ready: readiness.ready,
    reason: readiness.reason,
    detail: readiness.detail,
    error: shownError(state.reason),
    position: { read: observed.readTo()?.label ?? null, saved: last.saved?.label ?? null, savedAt: last.savedAt === null ? null : new Date(last.savedAt).toISOString() },
    server,
    lag: { seconds: lagSeconds(observed, last), bytes: last.bytesBehind },
    retention: observed.runway.status(lagSeconds(observed, last), Date.now()),
    quarantine: { tables: observed.unreadable().map((table) => ({ table: tableLabel(table), why: table.why })), rows: Object.fromEntries(observed.quarantined) },
    eventsRead: health.eventsRead,
    bytesRead: health.bytesRead,
    silentMs: Math.round(health.silentMs()),
    inflight: { bytes: gate.held, limit: gate.limit },
  };
}

function eventAge(health: Health): number | null {
  return health.lastEventTimestamp === 0 ? null : Math.max(0, Date.now() / 1000 - health.lastEventTimestamp);
}

/** 0 when all that the server has was read; else the age of the newest event read; null while neither is known. */
export function lagSeconds({ health }: Pick<Observed, 'health'>, last: LastSeen): number | null {
  return last.bytesBehind === 0 ? 0 : eventAge(health);
}
