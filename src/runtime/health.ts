import type { Clock, SourceObserver } from '../core/ports.ts';
import type { RowcastError } from '../core/errors.ts';
import type { StateMachine } from './state.ts';

/** What `/readyz` says. `reason` is a word for machines, `detail` a sentence for people. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason: 'streaming' | 'sink-slow' | 'sink-stuck' | 'source-silent' | 'source-behind' | 'sink-down' | 'checkpoint-failing' | 'starting' | 'standby' | 'standby-unfit' | 'leadership-unconfirmed' | 'waiting' | 'draining' | 'stopped' | 'failed';
  readonly detail: string;
}

/** How long the source may be silent before the daemon calls itself unready, in heartbeat periods. */
export const SILENT_PERIODS = 3;

/** How long the sink may take nothing while reading waits for it, in milliseconds: a slow one takes something now and then. */
const STUCK_MS = 60_000;

/** Follows the signs of life of both ends and tells whether rows really flow. */
export class Health implements SourceObserver {
  readonly #state: StateMachine;
  readonly #clock: Clock;
  readonly #silentMs: number;
  #aliveAt: number;
  #sinkMovedAt: number;
  #sinkError: RowcastError | null = null;
  #checkpointError: RowcastError | null = null;
  /** Bytes of events read, events counted, and the newest event's time in seconds since 1970 (0: none yet). */
  bytesRead = 0;
  eventsRead = 0;
  lastEventTimestamp = 0;
  /** Events passed over, by the name of their type. */
  readonly passedEvents = new Map<string, number>();
  /** Transactions left out whole, by reason. */
  readonly untoldTransactions = new Map<string, number>();

  constructor(state: StateMachine, clock: Clock, heartbeatMs: number) {
    this.#state = state;
    this.#clock = clock;
    this.#silentMs = heartbeatMs * SILENT_PERIODS;
    this.#aliveAt = clock.monotonicMs();
    this.#sinkMovedAt = this.#aliveAt;
  }

  alive(): void {
    this.#aliveAt = this.#clock.monotonicMs();
  }

  /** Reading goes on after it was held back: the silence before does not count. */
  resumed(): void {
    this.alive();
  }

  event(bytes: number, timestamp: number): void {
    this.bytesRead += bytes;
    this.eventsRead++;
    if (timestamp > 0) this.lastEventTimestamp = timestamp;
  }

  passed(type: string): void {
    this.passedEvents.set(type, (this.passedEvents.get(type) ?? 0) + 1);
  }

  untold(reason: string): void {
    this.untoldTransactions.set(reason, (this.untoldTransactions.get(reason) ?? 0) + 1);
  }

  sinkDown(error: RowcastError): void {
    this.#sinkError = error;
  }

  /** The sink took something, or reading began to wait for it. */
  sinkMoved(): void {
    this.#sinkMovedAt = this.#clock.monotonicMs();
  }

  sinkUp(): void {
    this.#sinkError = null;
  }

  /** The error of the last save, or null when it worked. */
  checkpointSaved(error: RowcastError | null): void {
    this.#checkpointError = error;
  }

  /** Milliseconds since anything arrived from the source. */
  silentMs(): number {
    return this.#clock.monotonicMs() - this.#aliveAt;
  }

  readiness(): Readiness {
    const { state, reason } = this.#state;
    if (state === 'waiting' && reason?.code === 'SOURCE_BEHIND') return { ready: false, reason: 'source-behind', detail: reason.message };
    if (state !== 'streaming' && state !== 'paused') return { ready: false, reason: state, detail: reason?.message ?? `the daemon is ${state}` };
    if (this.#sinkError !== null) return { ready: false, reason: 'sink-down', detail: this.#sinkError.message };
    if (this.#checkpointError !== null) return { ready: false, reason: 'checkpoint-failing', detail: this.#checkpointError.message };
    if (state === 'paused') return this.#held();
    const silent = this.silentMs();
    if (silent > this.#silentMs) return { ready: false, reason: 'source-silent', detail: `nothing, heartbeats included, came from the server for ${Math.round(silent / 1000)} s` };
    return { ready: true, reason: 'streaming', detail: 'rows flow' };
  }

  #held(): Readiness {
    const still = this.#clock.monotonicMs() - this.#sinkMovedAt;
    if (still <= STUCK_MS) return { ready: true, reason: 'sink-slow', detail: 'reading waits for the sink' };
    return { ready: false, reason: 'sink-stuck', detail: `reading waits for the sink, which has taken nothing for ${String(Math.round(still / 1000))} s` };
  }
}
