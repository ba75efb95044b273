import { describe, expect, it } from 'vitest';
import type { ChaosState } from '../../chaos/state.ts';
import { dropUncompared } from '../../chaos/state.ts';

const trial = (seed: number): ChaosState['trials'][number] => ({ name: 'killed', row: 'daemon', seed, recovered: 1, took: 2, findings: [] });
const segment = (trials: number): ChaosState['segments'][number] => ({ trials, counts: { rows: 1, lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 }, transactions: 1, findings: [] });

function stateOf(seeds: readonly number[], segments: readonly number[]): ChaosState {
  return {
    seed: 1, faults: 9, only: null, delivery: 'exactly-once', minute: 60_000, patience: 1, versions: {}, begun: '', seconds: 0,
    trials: seeds.map(trial), segments: segments.map(segment), fuzz: null,
  };
}

describe('a run that was stopped', () => {
  it.each<readonly [seeds: readonly number[], segments: readonly number[], kept: readonly number[]]>([
    [[1, 2, 3, 4, 5], [2, 1], [1, 2, 3]],
    [[1, 2], [], []],
    [[1, 2, 3], [1, 2], [1, 2, 3]],
  ])('of faults %j in finished stages of %j keeps %j', (seeds, segments, kept) => {
    const state = stateOf(seeds, segments);
    dropUncompared(state);
    expect(state.trials.map(({ seed }) => seed)).toEqual(kept);
  });
});
