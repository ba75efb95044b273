import { setTimeout as sleep } from 'node:timers/promises';
import type { Checker } from '../checker/checker.ts';
import type { Writer } from '../writer.ts';
import type { Supervisor } from './supervisor.ts';

/** Milliseconds that the daemon may call itself ready while rows are written and nothing moves. */
export const STALL_LIMIT_MS = 8_000;
/** Milliseconds that the position may stand still while it does, though rows come out of Kafka: a part of them does not. */
const POSITION_LIMIT_MS = 3 * STALL_LIMIT_MS;
const LOOK_MS = 100;
/** Every so many looks the metrics are read too. */
const METRICS_EACH = 5;
/** Seconds that the metrics may be behind. */
const METRICS_LATE_S = 3;
/** `/readyz` and `rowcast_ready` are asked one after the other: they may differ so often in a row. */
const DISAGREEMENTS = 3;

interface HealthParts {
  readonly supervisor: Supervisor;
  readonly writer: Writer;
  readonly checker: Checker;
  /** How many times as long as the limit a stall may last. */
  readonly patience: number;
}

interface Look {
  readonly ready: boolean;
  readonly reason: string;
}

/** Asks `/readyz` and `/metrics` all the time, and compares what they say with what really happens. */
export class HealthWatch {
  /** What was not honest. */
  readonly findings: string[] = [];
  readonly #parts: HealthParts;
  /** Since when it says without a break that it is ready and delivers, on the monotonic clock; null while it does not. One that stands by is ready to lead. */
  readySince: number | null = null;
  #position = '';
  /** What had come when the position moved last, and since when more has. */
  #wholeThen = 0;
  #moreSince: number | null = null;
  #movedAt = performance.now();
  #whole = 0;
  #disagreed = 0;
  #told = false;
  #running = true;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #watch(): Promise<void> {
    for (let looks = 0; this.#running; looks++) {
      const look = await this.#look();
      this.readySince = look.ready && look.reason !== 'standby' ? (this.readySince ?? performance.now()) : null;
      if (looks % METRICS_EACH === 0) await this.#metrics(look);
      this.#stall(look);
      await sleep(LOOK_MS);
    }
  }

  async #look(): Promise<Look> {
    if (!this.#parts.supervisor.runs) return { ready: false, reason: 'not running' };
    try {
      const response = await this.#page('/readyz');
      const { reason } = (await response.json()) as { reason: string };
      return { ready: response.status === 200, reason };
    } catch {
      return { ready: false, reason: 'no answer' };
    }
  }

  /** A process that is stopped does not answer. */
  #page(path: string): Promise<Response> {
    return fetch(`${this.#parts.supervisor.daemon.url}${path}`, { signal: AbortSignal.timeout(1_000) });
  }

  /** Invariant 2: the position follows what was delivered; and the gauge says what `/readyz` says. */
  async #metrics(look: Look): Promise<void> {
    if (look.reason === 'not running' || look.reason === 'no answer') return;
    const text = await this.#page('/metrics').then((page) => page.text(), () => '');
    const position = /^rowcast_position_info\{position="([^"]*)"/m.exec(text)?.[1];
    if (position !== undefined && position !== this.#position) {
      this.#position = position;
      this.#movedAt = performance.now();
      this.#moreSince = null;
      this.#wholeThen = this.#whole;
    }
    this.#partialStall(look);
    const gauge = /^rowcast_ready (\d)/m.exec(text)?.[1];
    const again = await this.#look();
    this.#disagreed = gauge !== undefined && (gauge === '1') !== look.ready && (gauge === '1') !== again.ready ? this.#disagreed + 1 : 0;
    this.#lag(text);
    if (this.#disagreed === DISAGREEMENTS) this.findings.push(`rowcast_ready is ${String(gauge)} while /readyz says ${look.reason}`);
  }

  /** While nothing moves the metrics show it: by the lag, where it is not known, or by the age of the position. */
  #lag(text: string): void {
    const stalled = this.#stalledMs() / 1000;
    if (stalled <= (STALL_LIMIT_MS * this.#parts.patience) / 1000) return;
    const [lag, age] = ['rowcast_lag_seconds', 'rowcast_checkpoint_age_seconds'].map((name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]));
    if (lag === 0 && age !== undefined && age < stalled - METRICS_LATE_S) this.#find(`rowcast_lag_seconds is 0 and the position ${age.toFixed(1)} s old though nothing has moved for ${stalled.toFixed(1)} s`);
  }

  /** Never ready for longer than the limit while some rows come and the position of all of them does not move. */
  #partialStall(look: Look): void {
    if (this.#whole === this.#wholeThen) return;
    const now = performance.now();
    this.#moreSince ??= now;
    const ready = look.ready && this.readySince !== null ? now - this.readySince : 0;
    const still = Math.min(ready, now - this.#moreSince);
    if (still <= POSITION_LIMIT_MS * this.#parts.patience) return;
    this.findings.push(`ready (${look.reason}) though the position has stood still for ${(still / 1000).toFixed(1)} s while rows came`);
    this.#moreSince = now;
  }

  /** How long a committed transaction has waited while neither topics nor position moved. */
  #stalledMs(): number {
    const now = performance.now();
    const waits = this.#parts.writer.committedAt(this.#parts.checker.fold.whole + 1);
    return waits === null ? 0 : Math.min(now - this.#movedAt, now - waits);
  }

  /** Once a stall. */
  #find(text: string): void {
    if (!this.#told) this.findings.push(text);
    this.#told = true;
  }

  /** Never ready while rows are written and neither the topics nor the position have moved for longer than the limit. */
  #stall(look: Look): void {
    const { writer, checker } = this.#parts;
    const { whole } = checker.fold;
    const now = performance.now();
    if (whole !== this.#whole || whole >= writer.committed) {
      this.#whole = whole;
      this.#movedAt = now;
    }
    const stalled = this.#stalledMs();
    const ready = look.ready && this.readySince !== null ? now - this.readySince : 0;
    const limit = STALL_LIMIT_MS * this.#parts.patience;
    if (stalled <= limit) this.#told = false;
    else if (ready > limit) this.#find(`ready (${look.reason}) though nothing has moved for ${(stalled / 1000).toFixed(1)} s and transaction ${String(whole + 1)} waits`);
  }
}
