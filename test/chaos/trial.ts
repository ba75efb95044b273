import { until } from '../support/wait.ts';
import type { Fault, Row } from './faults/fault.ts';
import { randomOf } from './random.ts';
import { caughtUp, type Stage } from './stage/stage.ts';

/** What became of one fault. */
export interface Trial {
  readonly name: string;
  readonly row: Row;
  readonly seed: number;
  /** Seconds from when all was right again until the daemon was ready; null where the fault could not be done here. */
  readonly recovered: number | null;
  /** Seconds altogether. */
  readonly took: number;
  /** What was not as promised; empty when all was well. */
  readonly findings: readonly string[];
  /** Why it could not be done here. */
  readonly skipped?: string;
}

/** Milliseconds after which a daemon that is not ready again counts as hung. */
const HUNG_MS = 60_000;

/** Does one fault, and waits until the daemon is ready again and what was written meanwhile has come out of Kafka. */
export async function tryFault(stage: Stage, fault: Fault, seed: number): Promise<Trial> {
  const begun = performance.now();
  const base = { name: fault.name, row: fault.row, seed };
  const skipped = fault.unfit?.(stage) ?? null;
  if (skipped !== null) return { ...base, recovered: null, took: 0, findings: [], skipped };
  const before = marks(stage);
  const findings: string[] = [];
  let recovered: number | null = null;
  try {
    await fault.inflict(stage, randomOf(seed));
    const right = performance.now();
    const readyAt = await recovers(stage, right);
    recovered = Math.max(0, readyAt - Math.max(right, stage.supervisor.startedAt)) / 1000;
    const limit = (stage.patience * (fault.readyMs ?? READY_MS)) / 1000;
    if (recovered > limit) findings.push(`ready only ${recovered.toFixed(1)} s after all was right again, not within ${String(limit)} s`);
    await fault.afterwards?.(stage);
  } catch (error) {
    findings.push(told(error));
  }
  findings.push(...new Set(since(stage, before)));
  if (findings.length > 0) findings.push(lastLines(stage));
  return { ...base, recovered, took: (performance.now() - begun) / 1000, findings };
}

const READY_MS = 5_000;

/** Waits until it is ready and what was written after all was right has come; the answer is since when it is ready. */
async function recovers(stage: Stage, right: number): Promise<number> {
  await stage.writer.more(1);
  await caughtUp(stage, HUNG_MS);
  return until('the daemon is ready again', () => readySince(stage, right), HUNG_MS);
}

/** When the daemon became ready to stay so, at `right` at the earliest; undefined while it is not. */
function readySince({ health, supervisor }: Stage, right: number): number | undefined {
  const since = health.readySince;
  return since === null || !supervisor.runs || since < supervisor.startedAt ? undefined : Math.max(since, right);
}

interface Marks {
  readonly counts: Stage['checker']['fold']['counts'];
  readonly health: number;
  readonly unexpected: number;
  readonly findings: number;
}

function marks({ checker, health, supervisor }: Stage): Marks {
  return { counts: { ...checker.fold.counts }, health: health.findings.length, unexpected: supervisor.unexpected.length, findings: checker.fold.findings.length };
}

/** What was found since the marks were made. */
function since(stage: Stage, before: Marks): string[] {
  const { checker, health, supervisor, delivery } = stage;
  const wrong = delivery === 'exactly-once' ? (['doubled', 'outOfOrder', 'torn', 'changed'] as const) : (['outOfOrder', 'changed'] as const);
  const counted = wrong.filter((what) => checker.fold.counts[what] > before.counts[what]);
  return [
    ...counted.map((what) => `${what}: ${String(checker.fold.counts[what] - before.counts[what])}`),
    ...checker.fold.findings.slice(before.findings),
    ...health.findings.slice(before.health),
    ...supervisor.unexpected.slice(before.unexpected),
  ];
}

/** The end of the daemon's log, for whoever looks into a finding. */
function lastLines({ supervisor }: Stage): string {
  const lines = supervisor.daemon.lines().slice(-LINES).map(({ time, level, msg, code, error }) => [time.slice(11, 23), level, msg, code ?? '', typeof error === 'string' ? error : ''].join(' '));
  return ['the end of its log:', ...lines].join('\n       ');
}

const LINES = Number(process.env['ROWCAST_CHAOS_LINES'] ?? 15);

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${told(error.cause)}`;
}
