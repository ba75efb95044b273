import { describe, expect, it } from 'vitest';
import { Sequence } from '../../chaos/checker/sequence.ts';

function verdicts(numbers: readonly number[]): { readonly sequence: Sequence; readonly said: string } {
  const sequence = new Sequence();
  return { sequence, said: numbers.map((number) => sequence.take(number)).join(' ') };
}

describe('Sequence', () => {
  it('takes numbers without a gap', () => {
    const { sequence, said } = verdicts([1, 2, 3]);
    expect(said).toBe('next next next');
    expect([sequence.last, sequence.missing.size, sequence.restarts]).toEqual([3, 0, 0]);
  });

  it('keeps what was passed over, until it comes late', () => {
    const { sequence, said } = verdicts([1, 4, 2]);
    expect(said).toBe('next next late');
    expect([...sequence.missing]).toEqual([3]);
    expect(sequence.last).toBe(4);
  });

  it('counts a repeated suffix as one restart, in order as it came', () => {
    const { sequence, said } = verdicts([1, 2, 3, 2, 3, 4]);
    expect(said).toBe('next next next again again next');
    expect(sequence.restarts).toBe(1);
  });

  it('counts the same number twice as a restart too', () => {
    expect(verdicts([1, 1]).sequence.restarts).toBe(1);
  });

  it('misses nothing of before when it forgets, and all of after', () => {
    const { sequence } = verdicts([1, 3]);
    sequence.forget();
    expect(sequence.missing.size).toBe(0);
    expect(sequence.take(5)).toBe('next');
    expect([...sequence.missing]).toEqual([4]);
  });
});
