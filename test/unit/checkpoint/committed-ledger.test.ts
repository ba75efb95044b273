import { describe, expect, it } from 'vitest';
import { CommittedLedger } from '../../../src/checkpoint/committed-ledger.ts';
import type { Position } from '../../../src/core/position.ts';

const at = (label: string): Position => ({ state: label, label });

function build(): { ledger: CommittedLedger; calls: string[]; move: (label: string) => void } {
  const ledger = new CommittedLedger(at('0'));
  const calls: string[] = [];
  let now = at('0');
  ledger.listen({ between: () => calls.push(`between ${ledger.at()?.label ?? 'nothing'}`), ended: () => calls.push('ended') });
  ledger.follow(() => now);
  return { ledger, calls, move: (label) => (now = at(label)) };
}

describe('CommittedLedger', () => {
  it('reads again from what was committed, wherever reading is (Invariant 1)', () => {
    const { ledger, move } = build();
    move('1');
    expect(ledger.safe()).toEqual(at('0'));
    ledger.committed(at('1'));
    expect(ledger.safe()).toEqual(at('1'));
  });

  it('tells a position between transactions only (Invariant 2)', () => {
    const { ledger, calls, move } = build();
    expect([ledger.whole, ledger.at()]).toEqual([true, at('0')]);
    ledger.begin();
    expect([ledger.whole, ledger.at(), ledger.last()]).toEqual([false, null, at('0')]);
    ledger.end();
    move('1');
    expect([ledger.whole, ledger.at()]).toEqual([true, at('1')]);
    ledger.begin();
    expect(calls).toEqual(['between 0', 'ended', 'between 1']);
  });

  it('counts a notice and the transaction behind it as one', () => {
    const { ledger, calls } = build();
    ledger.begin();
    ledger.begin();
    expect(calls).toEqual(['between 0']);
  });

  it('tells nothing after a reset until somebody reads again, so that what was taken back is not committed', () => {
    const { ledger, move } = build();
    ledger.begin();
    move('7');
    ledger.reset(at('3'));
    expect([ledger.whole, ledger.at(), ledger.last(), ledger.safe()]).toEqual([true, null, null, at('3')]);
    ledger.reset(null);
    expect(ledger.safe()).toEqual(at('3'));
  });
});
