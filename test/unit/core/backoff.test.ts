import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../src/core/backoff.ts';

describe('waits between tries', () => {
  it('double up to the longest, and begin again after a reset', () => {
    const backoff = new Backoff(50, 300, () => 1);
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([50, 100, 200, 300, 300]);
    expect(backoff.tries).toBe(5);
    backoff.reset();
    expect([backoff.tries, backoff.next()]).toEqual([0, 50]);
  });

  it('are cut at random, to half at most, so that many clients do not come at once', () => {
    expect(new Backoff(100, 300, () => 0).next()).toBe(50);
    expect(new Backoff(100, 300, () => 0.5).next()).toBe(75);
  });

  it('never exceed three seconds where nothing else is said, however many there were', () => {
    const backoff = new Backoff();
    for (let tries = 0; tries < 2_000; tries++) expect(backoff.next()).toBeLessThanOrEqual(3_000);
  });

  it('end with the signal, also one that came before', async () => {
    const stop = new AbortController();
    const backoff = new Backoff(1_000_000, 1_000_000);
    const waiting = backoff.pause(stop.signal);
    stop.abort();
    await waiting;
    await backoff.pause(stop.signal);
    expect(backoff.tries).toBe(2);
  });
});
