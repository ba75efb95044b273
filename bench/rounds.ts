import type { DrainResult } from './drain.ts';
import type { LatencyResult, LatencyRun } from './latency.ts';

/** Runs each of them once a round, one after another; the answers of each one. */
export async function inTurns<T, R>(all: readonly T[], rounds: number, run: (one: T, round: number) => Promise<R>): Promise<R[][]> {
  const runs = all.map((): R[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [place, one] of all.entries()) runs[place]?.push(await run(one, round));
  }
  return runs;
}

/** The fastest of a contender's drains; the memory is the most that any took. */
export function better(runs: readonly DrainResult[]): DrainResult {
  const fastest = first(runs.toSorted((one, other) => other.rowsPerSecond - one.rowsPerSecond));
  return { ...fastest, peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)) };
}

/** The least p50 and p99 of a contender's runs, the p99 of the one in the middle, and the longest row of all. */
export function quietest(runs: readonly LatencyRun[]): LatencyResult {
  const p99 = runs.map((run) => run.p99).sort((one, other) => one - other);
  return { ...first(runs), p50: Math.min(...runs.map(({ p50 }) => p50)), p99: first(p99), middleP99: p99[Math.floor(p99.length / 2)] ?? NaN, max: Math.max(...runs.map(({ max }) => max)) };
}

function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error('there was no run');
  return one;
}
