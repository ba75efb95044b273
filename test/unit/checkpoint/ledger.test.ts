import { describe, expect, it } from 'vitest';
import { PositionLedger } from '../../../src/checkpoint/ledger.ts';
import type { Position } from '../../../src/core/position.ts';

const at = (label: string): Position => ({ state: label, label });

describe('PositionLedger', () => {
  it('starts at what was saved, or at nothing', () => {
    expect(new PositionLedger(null).safe()).toBeNull();
    expect(new PositionLedger(at('a')).safe()).toEqual(at('a'));
  });

  it('follows the last transaction end while nothing is under way', () => {
    let now = at('a');
    const ledger = new PositionLedger(null);
    ledger.follow(() => now);
    now = at('b');
    expect(ledger.safe()).toEqual(at('b'));
  });

  it('is held back by the oldest unsettled ticket, whichever settles first', () => {
    let now = at('1');
    const ledger = new PositionLedger(null);
    ledger.follow(() => now);
    const first = ledger.open();
    now = at('2');
    const second = ledger.open();
    now = at('3');
    ledger.settle(second);
    expect(ledger.safe()).toEqual(at('1'));
    ledger.settle(first);
    expect(ledger.safe()).toEqual(at('3'));
    expect(ledger.unsettled).toBe(0);
  });

  it('waits for nothing of what is given up and read again, and does not move by it (Invariant 1)', () => {
    let now = at('1');
    const ledger = new PositionLedger(null);
    ledger.follow(() => now);
    ledger.open();
    now = at('2');
    ledger.forget();
    expect([ledger.safe(), ledger.unsettled]).toEqual([at('1'), 0]);
    ledger.follow(() => now);
    const again = ledger.open();
    now = at('3');
    expect(ledger.safe()).toEqual(at('2'));
    ledger.settle(again);
    expect(ledger.safe()).toEqual(at('3'));
  });

  it('refuses to settle a ticket twice', () => {
    const ledger = new PositionLedger(null);
    const ticket = ledger.open();
    ledger.settle(ticket);
    expect(() => ledger.settle(ticket)).toThrow('a ticket settles once');
  });
});
