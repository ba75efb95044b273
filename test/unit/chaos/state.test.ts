import { describe, expect, it } from 'vitest';
import type { ChaosState } from '../../chaos/state.ts';
import { dropUncompared, goOnWith, mend } from '../../chaos/state.ts';

const trial = (seed: number): ChaosState['trials'][number] => ({ name: 'killed', row: 'daemon', seed, recovered: 1, took: 2, findings: [] });
const segment = (trials: number): ChaosState['segments'][number] => ({ trials, counts: { rows: 1, lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 }, transactions: 1, findings: [] });

function stateOf(seeds: readonly number[], segments: readonly number[]): ChaosState {
  return {
    seed: 1, faults: 9, only: null, delivery: 'exactly-once', minute: 60_000, patience: 1, versions: {}, begun: '', seconds: 0,
    trials: seeds.map(trial), mended: [], segments: segments.map(segment), fuzz: null,
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

describe('a finding that was mended', () => {
  it('has its fault done again, and is kept with the reason', () => {
    const state = stateOf([1, 2, 3, 4], [2, 2]);
    state.trials[3] = { ...trial(4), findings: ['ended with 6'] };
    mend(state, 'The lock lay ahead.');
    dropUncompared(state);
    expect([state.trials.map(({ seed }) => seed), state.segments.map(({ trials }) => trials)]).toEqual([[1, 2, 3], [2, 1]]);
    expect(state.mended).toEqual([{ name: 'killed', seed: 4, findings: ['ended with 6'], reason: 'The lock lay ahead.' }]);
  });

  it('loses the faults after it that were compared with nothing', () => {
    const state = stateOf([1, 2, 3, 4, 5], [2]);
    state.trials[4] = { ...trial(5), findings: ['ended with 6'] };
    mend(state, 'x');
    dropUncompared(state);
    expect(state.trials.map(({ seed }) => seed)).toEqual([1, 2]);
  });

  it('is one, or it cannot be mended', () => {
    expect(() => { mend(stateOf([1], [1]), 'x'); }).toThrow('nothing was found');
  });
});

it('tells from where on which version ran', () => {
  const state: ChaosState = { ...stateOf([1, 2], [2]), versions: { Rowcast: '0.1.0 (a)', Node: '20' } };
  goOnWith(state, '0.1.0 (a)');
  expect(state.versions).toEqual({ Rowcast: '0.1.0 (a)', Node: '20' });
  goOnWith(state, '0.1.0 (b)');
  expect(state.versions).toEqual({ Rowcast: '0.1.0 (a), from fault 3 on 0.1.0 (b)', Node: '20' });
  goOnWith(state, '0.1.0 (c)');
  expect(state.versions['Rowcast']).toBe('0.1.0 (a), from fault 3 on 0.1.0 (c)');
});
