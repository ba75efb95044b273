import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PositionLedger } from '../../src/checkpoint/ledger.ts';
import type { Ticket } from '../../src/core/ports.ts';
import type { Position } from '../../src/core/position.ts';

/** A source that reads rows of transactions into batches, and a sink that settles batches in any order. */
class World {
  readonly rowsOf: number[] = [];
  readonly durable = new Set<number>();
  readonly batches: { readonly ticket: Ticket; readonly rows: number[] }[] = [];
  open: { readonly ticket: Ticket; readonly rows: number[] } | null = null;
  committed = 0;
  rows = 0;
  readonly ledger = new PositionLedger(null);

  constructor() {
    this.ledger.follow(() => this.position());
  }

  position(): Position {
    return { state: this.committed, label: String(this.committed) };
  }

  row(): void {
    this.open ??= { ticket: this.ledger.open(), rows: [] };
    this.open.rows.push(this.rows);
    this.rowsOf.push(this.committed + 1);
    this.rows++;
  }

  commit(): void {
    this.committed++;
  }

  send(): void {
    if (this.open !== null) this.batches.push(this.open);
    this.open = null;
  }

  settle(pick: number): void {
    const [batch] = this.batches.splice(pick % Math.max(1, this.batches.length), 1);
    if (batch === undefined) return;
    for (const row of batch.rows) this.durable.add(row);
    this.ledger.settle(batch.ticket);
  }

  /** The transaction of the oldest row that is not durable. */
  firstLost(): number {
    const row = this.rowsOf.findIndex((_, index) => !this.durable.has(index));
    return row === -1 ? Infinity : (this.rowsOf[row] ?? Infinity);
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant('row' as const) },
  { weight: 3, arbitrary: fc.constant('commit' as const) },
  { weight: 2, arbitrary: fc.constant('send' as const) },
  { weight: 2, arbitrary: fc.nat({ max: 50 }) },
);

describe('Invariants 1 and 2: a saved position is a transaction end, and never passes a row that is not durable', () => {
  it('holds for any order of rows, commits, batches and confirmations, and the position never goes back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const world = new World();
        let last = 0;
        for (const action of steps) {
          if (typeof action === 'number') world.settle(action);
          else world[action]();
          const safe = Number(world.ledger.safe()?.state);
          expect(safe).toBeLessThan(world.firstLost());
          expect(safe).toBeGreaterThanOrEqual(last);
          last = safe;
        }
        world.send();
        while (world.batches.length > 0) world.settle(0);
        expect(world.ledger.safe()?.state).toBe(world.committed);
      }),
      { numRuns: 500 },
    );
  });
});
