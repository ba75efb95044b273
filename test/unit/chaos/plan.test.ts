import { describe, expect, it } from 'vitest';
import { FAULTS, faultNamed, faultsOf } from '../../chaos/faults/index.ts';
import { ROWS } from '../../chaos/faults/fault.ts';
import { LEAST_PER_ROW, planOf } from '../../chaos/plan.ts';
import { randomOf, seedOf } from '../../chaos/random.ts';
import { optionsOf } from '../../chaos/options.ts';

describe('the plan of a run', () => {
  const plan = planOf(FAULTS, 500, 42);

  it('has each fault, and at least ten of each row', () => {
    expect(plan).toHaveLength(500);
    expect(new Set(plan.map(({ name }) => name))).toEqual(new Set(FAULTS.map(({ name }) => name)));
    for (const row of ROWS) expect(plan.filter(({ name }) => faultNamed(name).row === row).length).toBeGreaterThanOrEqual(LEAST_PER_ROW);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(planOf(FAULTS, 500, 42)).toEqual(plan);
    expect(planOf(FAULTS, 500, 43)).not.toEqual(plan);
    expect(new Set(plan.map(({ seed }) => seed)).size).toBe(500);
  });

  it('has ten of each row in fifty faults', () => {
    for (const row of ROWS) expect(planOf(FAULTS, 50, 1).filter(({ name }) => faultNamed(name).row === row).length).toBeGreaterThanOrEqual(5);
  });

  it('may be one fault many times', () => {
    const [only] = FAULTS;
    if (only === undefined) throw new Error('there are no faults');
    expect(planOf([only], 7, 1).map(({ name }) => name)).toEqual(Array.from({ length: 7 }, () => only.name));
  });

  it('may be one row, or one fault', () => {
    expect(new Set(faultsOf('kafka', 'exactly-once').map(({ row }) => row))).toEqual(new Set(['kafka']));
    expect(faultsOf('kafka', 'exactly-once').length).toBeGreaterThan(5);
    expect(faultsOf('FLUSH LOGS', 'at-least-once').map(({ name }) => name)).toEqual(['FLUSH LOGS']);
    expect(() => faultsOf('moon', 'exactly-once')).toThrow('no fault called');
  });

  it('has only what its way of delivery has, and between the two every fault', () => {
    const [once, atLeast] = [faultsOf(null, 'exactly-once'), faultsOf(null, 'at-least-once')];
    expect(once.every(({ delivery }) => delivery !== 'at-least-once')).toBe(true);
    expect(atLeast.every(({ delivery }) => delivery !== 'exactly-once')).toBe(true);
    expect(new Set([...once, ...atLeast])).toEqual(new Set(FAULTS));
  });

  it('knows each fault by a name of its own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    expect(() => faultNamed('none such')).toThrow('FLUSH LOGS');
  });
});

describe('chance', () => {
  it('repeats with its seed, and stays within bounds', () => {
    const [one, other] = [randomOf(7), randomOf(7)];
    const numbers = Array.from({ length: 1_000 }, () => one.between(3, 5));
    expect(numbers).toEqual(Array.from({ length: 1_000 }, () => other.between(3, 5)));
    expect(new Set(numbers)).toEqual(new Set([3, 4, 5]));
    expect(new Set(Array.from({ length: 1_000 }, (_, index) => seedOf(7, index))).size).toBe(1_000);
    expect(() => randomOf(1).of([])).toThrow('empty');
  });
});

describe('options', () => {
  const defaults = { seed: 5, folder: '/tmp/x' };

  it('have the values of a whole run by default, which writes the page', () => {
    expect(optionsOf([], defaults)).toEqual({
      seed: 5, faults: 500, only: null, delivery: 'exactly-once', minute: 60_000, patience: 1, state: '/tmp/x/chaos-exactly-once.json', resume: false, mended: null, limit: 10_800_000, fuzz: 1_000_000, other: null, report: 'docs/reliability.md',
    });
  });

  it('write no page for a part of a run', () => {
    expect(optionsOf(['--faults', '20'], defaults).report).toBeNull();
    expect(optionsOf(['--only', 'FLUSH LOGS'], defaults)).toMatchObject({ report: null, only: 'FLUSH LOGS' });
    expect(optionsOf(['--faults', '20', '--report', 'x.md', '--seed', '9', '--minute', '2', '--resume', '--with', 'y.json'], defaults)).toMatchObject({ report: 'x.md', seed: 9, minute: 2_000, resume: true, other: 'y.json' });
  });

  it.each([['--faults', 'many'], ['--delivery', 'twice'], ['--what']])('refuse %s %s', (...words) => {
    expect(() => optionsOf(words, defaults)).toThrow();
  });
});
