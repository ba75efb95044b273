import { describe, expect, it } from 'vitest';
import { reportOf } from '../../chaos/report.ts';
import { isSound, type ChaosState } from '../../chaos/state.ts';

const STATE: ChaosState = {
  seed: 42, faults: 4, only: null, delivery: 'exactly-once', minute: 60_000, patience: 1, versions: { Rowcast: '0.1.0 (abc)', MySQL: '9.7' }, begun: '2026-01-31T12:00:00.000Z', seconds: 1_830,
  trials: [
    { name: 'killed', row: 'daemon', seed: 1, recovered: 6.44, took: 7, findings: [] },
    { name: 'killed', row: 'daemon', seed: 2, recovered: 5.1, took: 6, findings: [] },
    { name: 'FLUSH LOGS', row: 'mysql', seed: 3, recovered: 0, took: 1, findings: [] },
    { name: 'the folder full', row: 'machine', seed: 4, recovered: null, took: 0, findings: [], skipped: 'no disk here' },
  ],
  mended: [{ name: 'killed', seed: 9, findings: ['ended with 6', 'the end of its log:\n x'], reason: 'The lock lay ahead.' }],
  segments: [
    { trials: 3, counts: { rows: 12_000, lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 }, transactions: 3_000, findings: [] },
    { trials: 1, counts: { rows: 345, lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 }, transactions: 67, findings: [] },
  ],
  fuzz: { inputs: 1_000_000, outcomes: { none: 10, EVENT_CORRUPT: 999_990 }, findings: [] },
};

describe('the page of a run', () => {
  it('tells the sums of all stages, the faults by row and name, and how to repeat it', () => {
    const page = reportOf([STATE]);
    expect(page).toContain('## exactly-once: nothing was found');
    expect(page).toContain('| faults | 3 |');
    expect(page).toContain('* killed, seed 9: ended with 6. The lock lay ahead.\n');
    expect(page).toContain('| rows in the topics | 12,345 |');
    expect(page).toContain('| transactions of the source | 3,067 |');
    expect(page).toContain('| lost | 0 |');
    expect(page).toContain('| longest recovery | 6.4 s |');
    expect(page).toContain('| daemon | killed | 2 | 6.4 | 0 |');
    expect(page).toContain('| mysql | FLUSH LOGS | 1 | 0.0 | 0 |');
    expect(page).toContain('| machine | the folder full | 0: no disk here | – | 0 |');
    expect(page).toContain('--seed 42 --faults 4 --delivery exactly-once');
    expect(page).toContain('Rowcast 0.1.0 (abc) · MySQL 9.7');
    expect(page).toContain('1,000,000 transactions of real binlog');
    expect(page).toContain('`EVENT_CORRUPT` 999,990, read inside its bounds 10');
    expect(page).not.toContain('**Found:**');
  });

  it('says what was found, each with the seed that repeats it', () => {
    const [first, ...others] = STATE.trials;
    if (first === undefined) throw new Error('there is no trial');
    const wrong: ChaosState = {
      ...STATE,
      trials: [{ ...first, findings: ['doubled: 3', 'the end of its log:\n a line'] }, ...others],
      segments: [{ trials: 1, counts: { rows: 10, lost: 2, doubled: 3, outOfOrder: 0, torn: 0, changed: 0 }, transactions: 1, findings: ['lost: 2'] }],
      fuzz: { inputs: 1, outcomes: { TypeError: 1 }, findings: ['input 0 ends in TypeError'] },
    };
    const page = reportOf([wrong]);
    expect(isSound(wrong)).toBe(false);
    expect(page).toContain('## exactly-once: something was found, below');
    expect(page).toContain('| daemon | killed | 2 | 6.4 | 1 |');
    expect(page).toContain('| lost | 2 |');
    expect(page).toContain('* killed, seed 1: doubled: 3');
    expect(page).not.toContain('a line');
    expect(page).toContain('* lost: 2');
    expect(page).toContain('* input 0 ends in TypeError');
    expect(page).toContain('1 were wrong.');
  });

  it('has a section for each run; at-least-once allows duplicates, and promises no whole transactions', () => {
    const page = reportOf([STATE, { ...STATE, seed: 43, delivery: 'at-least-once', patience: 3 }]);
    expect(page.split('\n## ').map((part) => part.split('\n')[0])).toEqual(['<!-- Written by npm run chaos. -->', 'exactly-once: nothing was found', 'at-least-once: nothing was found']);
    expect(page).toContain('--seed 43 --faults 4 --delivery at-least-once');
    expect(page).toContain('with 3 times the time to be ready');
    expect(page).toContain('which at-least-once allows after a restart | 0 |');
    expect(page).toContain('| torn transactions | not promised |');
  });

  it.each([
    ['a fault', { trials: [{ name: 'x', row: 'kafka', seed: 1, recovered: 0, took: 0, findings: ['y'] }] }],
    ['a stage', { segments: [{ trials: 1, counts: { rows: 0, lost: 0, doubled: 0, outOfOrder: 0, torn: 0, changed: 0 }, transactions: 0, findings: ['y'] }] }],
    ['the fuzz', { fuzz: { inputs: 1, outcomes: {}, findings: ['y'] } }],
  ] as const)('is not sound where %s has findings', (_, part) => {
    expect(isSound(STATE)).toBe(true);
    expect(isSound({ ...STATE, ...part } as unknown as ChaosState)).toBe(false);
  });
});
