import { describe, expect, it } from 'vitest';
import { timesOf } from '../../../src/core/election.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import { Turn } from '../../../src/core/turn.ts';

function turn(changes: { until?: () => number; ask?: () => Promise<boolean> } = {}): { turn: Turn; resigned: Turn[] } {
  const resigned: Turn[] = [];
  const made = new Turn({ until: () => Infinity, ask: () => Promise.resolve(true), resigned: (one) => Promise.resolve(void resigned.push(one)), ...changes });
  return { turn: made, resigned };
}

describe('a turn of leading', () => {
  it('holds until the instant that the engine vouches for, and again when it does', () => {
    let until = performance.now() + 60_000;
    const { turn: one } = turn({ until: () => until });
    expect(one.holds()).toBe(true);
    until = performance.now() - 1;
    expect(one.holds()).toBe(false);
    until = performance.now() + 60_000;
    expect(one.holds()).toBe(true);
  });

  it('is over for good once it is ended, with the reason of the first end', async () => {
    const { turn: one, resigned } = turn();
    one.end(new RowcastError('LEADERSHIP_LOST', 'first'));
    one.end(new RowcastError('LEADERSHIP_LOST', 'second'));
    await one.resign();
    expect([one.holds(), await one.confirm(), (await one.lost).message, resigned]).toEqual([false, false, 'first', []]);
  });

  it('is not confirmed by an engine that says no, does not answer, or ends it meanwhile', async () => {
    const ended: { turn: Turn } = turn({ ask: () => {
      ended.turn.end(new RowcastError('LEADERSHIP_LOST', 'gone'));
      return Promise.resolve(true);
    } });
    const answers = [turn().turn, turn({ ask: () => Promise.resolve(false) }).turn, turn({ ask: () => Promise.reject(new Error('away')) }).turn, ended.turn];
    expect(await Promise.all(answers.map((one) => one.confirm()))).toEqual([true, false, false, false]);
  });

  it('is given up through its engine', async () => {
    const { turn: one, resigned } = turn();
    await one.resign();
    expect(resigned).toEqual([one]);
  });
});

describe('the times of an election', () => {
  it('let a leader be heard six times and more before it is replaced, and soon after it resigned', () => {
    expect(timesOf(6_000)).toEqual({ timeoutMs: 6_000, beatMs: 250 });
    expect(timesOf(900)).toEqual({ timeoutMs: 900, beatMs: 150 });
  });
});
