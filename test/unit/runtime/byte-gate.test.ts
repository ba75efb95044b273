import { describe, expect, it } from 'vitest';
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

  it('tells each time that something is taken, and when the waiting begins', () => {
    let moved = 0;
    const gate = new ByteGate(100, { shut: () => undefined, opened: () => undefined, moved: () => { moved++; } });
    gate.take(60);
    expect(moved).toBe(0);
    gate.take(60);
    expect(moved).toBe(1);
    gate.give(60);
    gate.give(60);
    expect(moved).toBe(3);
  });
});
