import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../src/runtime/backoff.ts';
import { ByteGate } from '../../../src/runtime/byte-gate.ts';

describe('ByteGate (Invariant 6)', () => {
  it('shuts above the limit, once, and opens when half is free again, once', () => {
    const seen: string[] = [];
    const gate = new ByteGate(100, { shut: () => seen.push('shut'), opened: () => seen.push('opened') });
    gate.take(100);
    expect(gate.isShut).toBe(false);
    gate.take(1);
    gate.take(50);
    expect(gate.isShut).toBe(true);
    gate.give(100);
    expect(seen).toEqual(['shut']);
    gate.give(1);
    expect(seen).toEqual(['shut', 'opened']);
    gate.give(50);
    expect(gate.held).toBe(0);
    expect(seen).toEqual(['shut', 'opened']);
  });
});

describe('Backoff', () => {
  it('doubles up to its bound, cut to between half and all, and starts again after a reset', () => {
    const high = new Backoff(100, 1000, () => 1);
    expect([high.next(), high.next(), high.next(), high.next(), high.next(), high.next()]).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(high.tries).toBe(6);
    high.reset();
    expect(high.next()).toBe(100);
    const low = new Backoff(100, 1000, () => 0);
    expect([low.next(), low.next()]).toEqual([50, 100]);
  });

  it('waits three seconds at most by default, so that an end that is back is found within five', () => {
    const backoff = new Backoff(undefined, undefined, () => 1);
    expect(Array.from({ length: 20 }, () => backoff.next()).at(-1)).toBe(3_000);
  });

  it('stays finite after a thousand tries', () => {
    const backoff = new Backoff(100, 1000, () => 1);
    for (let i = 0; i < 1000; i++) backoff.next();
    expect(backoff.next()).toBe(1000);
  });
});
