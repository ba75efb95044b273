import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../src/core/errors.ts';
import type { RoutePlan } from '../../../src/core/plan.ts';
import type { DeleteForm, RowEncoder } from '../../../src/core/ports.ts';
import type { RowImage } from '../../../src/core/row-image.ts';
import { LastRowHolder } from '../../../src/runtime/last-row.ts';
import { LeftOutRows } from '../../../src/runtime/left-out.ts';
import { RouteRows } from '../../../src/runtime/route-rows.ts';
import { Count, TABLE, TextTopic, TinyEncoder, image, misfitsOf, plan, rowsEvent } from './rows-fixture.ts';

function build(over: Partial<RoutePlan> = {}, keyed = true, encoder: RowEncoder = new TinyEncoder()): { rows: RouteRows; topic: TextTopic; sent: Count; left: Record<string, Count> } {
  const topic = new TextTopic();
  const sent = new Count();
  const left: Record<string, Count> = {};
  const leftOut = (reason: string): Count => (left[reason] ??= new Count());
  const made = plan(over, keyed);
  return { rows: new RouteRows({ plan: made, encoder, keyChanges: undefined, topic, sent, holder: new LastRowHolder(), log: null, leftOut, misfits: misfitsOf({ plan: made, encoder, leftOut }) }), topic, sent, left };
}

function telling(deletes: DeleteForm): RowEncoder {
  return Object.assign(new TinyEncoder(), { deletes });
}

/** v ≥ 10; NULL fails as an expression on it would. */
const where = {
  test: (row: RowImage): boolean => {
    const v = row.read(1);
    if (v === null) throw new RowcastError('CONDITION_FAILED', 'no overload for null');
    return Number(v) >= 10;
  },
};

describe('RouteRows', () => {
  it('tells every row of an event, in order, with its index', () => {
    const { rows, topic, sent } = build();
    rows.process(rowsEvent('insert', image(1, 5), image(2, null), image(3, 7)));
    expect(topic.messages).toEqual(['1 i1=5#0', '2 i2=null#1', '3 i3=7#2']);
    expect(sent.value).toBe(3);
  });

  it('tells an update with both images', () => {
    const { rows, topic } = build();
    rows.process(rowsEvent('update', image(1, 5), image(1, 6), image(2, null), image(2, 1)));
    expect(topic.messages).toEqual(['1 u1=5>6#0', '2 u2=null>1#1']);
  });

  it.each([
    ['message', ['1 d1=5#0'], 1],
    ['tombstone', ['1 null'], 1],
    ['both', ['1 d1=5#0', '1 null'], 2],
    ['none', [], 0],
  ] as const)('tells a delete by %s where its format wants that, whatever the route says', (deletes, messages, count) => {
    for (const tombstones of [true, false]) {
      const { rows, topic, sent, left } = build({ tombstones }, true, telling(deletes));
      rows.process(rowsEvent('delete', image(1, 5)));
      expect([topic.messages, sent.value, left['flat_delete']?.value]).toEqual([messages, count, deletes === 'none' ? 1 : undefined]);
    }
  });

  it('tells a delete by a tombstone without a key where that is all there is of it', () => {
    const { rows, topic } = build({}, false, telling('tombstone'));
    rows.process(rowsEvent('delete', image(1, 5)));
    expect(topic.messages).toEqual(['- null']);
  });

  it('follows a delete with a tombstone, unless the route has none or the row has no key', () => {
    const told = build();
    told.rows.process(rowsEvent('delete', image(1, 5)));
    expect(told.topic.messages).toEqual(['1 d1=5#0', '1 null']);
    expect(told.sent.value).toBe(2);
    const bare = build({ tombstones: false });
    bare.rows.process(rowsEvent('delete', image(1, 5)));
    expect(bare.topic.messages).toEqual(['1 d1=5#0']);
    const keyless = build({}, false);
    keyless.rows.process(rowsEvent('delete', image(1, 5)));
    expect(keyless.topic.messages).toEqual(['null d1=5#0']);
  });

  it('tells a changed key as a delete under the old key, its tombstone, and an insert under the new one', () => {
    const { rows, topic } = build();
    rows.process(rowsEvent('update', image(1, 5), image(9, 6)));
    expect(topic.messages).toEqual(['1 d1=5#0old:9 old', '1 null old', '9 i9=6#0new:1 new']);
  });

  it('without a key, tells an update as one, whatever changed', () => {
    const { rows, topic } = build({}, false);
    rows.process(rowsEvent('update', image(1, 5), image(9, 6)));
    expect(topic.messages).toEqual(['null u9=5>6#0']);
  });

  it('leaves out operations by name and counts their rows', () => {
    const { rows, topic, left } = build({ operations: new Set(['insert']) });
    rows.process(rowsEvent('update', image(1, 5), image(1, 6), image(2, 5), image(2, null)));
    rows.process(rowsEvent('delete', image(1, 5)));
    expect(topic.messages).toEqual([]);
    expect(left['operation']?.value).toBe(3);
  });
});

describe('RouteRows with where', () => {
  it('tells a row that enters the set as an insert, one that leaves as a delete, one that stays as an update', () => {
    const { rows, topic, left } = build({ where });
    rows.process(rowsEvent('update', image(1, 5), image(1, 15), image(1, 15), image(1, 16), image(1, 16), image(1, 6), image(1, 6), image(1, 7)));
    expect(topic.messages).toEqual(['1 i1=15#0', '1 u1=15>16#1', '1 d1=16#2', '1 null']);
    expect(left['where']?.value).toBe(1);
  });

  it('asks inserts and deletes about the one image they have', () => {
    const { rows, topic, left } = build({ where });
    rows.process(rowsEvent('insert', image(1, 5), image(2, 15)));
    rows.process(rowsEvent('delete', image(1, 5), image(2, 15)));
    expect(topic.messages).toEqual(['2 i2=15#1', '2 d2=15#1', '2 null']);
    expect(left['where']?.value).toBe(2);
  });

  it('stops on a row that gives no answer, and names table, row, place and key', () => {
    const { rows } = build({ where });
    expect(() => rows.process(rowsEvent('insert', image(1, 15), image(2, null)))).toThrow(
      expect.objectContaining({
        code: 'CONDITION_FAILED',
        message: 'shop.t at binlog.000007:120, row 1: no overload for null',
        facts: { table: 'shop.t', row: 1, file: 'binlog.000007', position: 120, key: '2' },
      }),
    );
  });

  it('leaves such a row out and counts it, or lets it pass, where the route says so', () => {
    const skip = build({ where, onError: 'skip' });
    skip.rows.process(rowsEvent('insert', image(2, null)));
    expect(skip.topic.messages).toEqual([]);
    expect(skip.left['condition_error']?.value).toBe(1);
    const pass = build({ where, onError: 'pass' });
    pass.rows.process(rowsEvent('insert', image(2, null)));
    expect(pass.topic.messages).toEqual(['2 i2=null#0']);
  });
});

describe('RouteRows with when', () => {
  it('only leaves out', () => {
    const when = { test: (operation: string, _: unknown, before: RowImage | null, after: RowImage | null): boolean => operation !== 'update' || before?.read(1) !== after?.read(1) };
    const { rows, topic, left } = build({ when });
    rows.process(rowsEvent('update', image(1, 5), image(1, 5), image(2, 5), image(2, 6)));
    expect(topic.messages).toEqual(['2 u2=5>6#1']);
    expect(left['when']?.value).toBe(1);
  });

  it('is asked of the change as the consumer gets it', () => {
    const seen: string[] = [];
    const when = {
      test: (operation: string, _: unknown, before: RowImage | null, after: RowImage | null): boolean => {
        seen.push(`${operation} ${before === null ? '-' : 'before'} ${after === null ? '-' : 'after'}`);
        return true;
      },
    };
    build({ where, when }).rows.process(rowsEvent('update', image(1, 5), image(1, 15), image(1, 15), image(1, 5), image(1, 15), image(1, 16)));
    expect(seen).toEqual(['insert - after', 'delete before -', 'update before after']);
  });
});

describe('damaged rows', () => {
  it('end with an error, never with a row that runs past the event', () => {
    const { rows, topic } = build();
    const event = rowsEvent('insert', image(1, 5), [0, 2]);
    expect(() => rows.process(event)).toThrow(expect.objectContaining({ code: 'EVENT_CORRUPT', message: 'shop.t at binlog.000007:120, row 1: a row of shop.t runs past the end of its event' }));
    expect(topic.messages).toEqual(['1 i1=5#0']);
  });
});

describe('LeftOutRows (Invariant 4)', () => {
  it('counts rows, an update once, and an event of a table it cannot walk as one', () => {
    const count = new Count();
    const rows = new LeftOutRows(TABLE, count);
    rows.process(rowsEvent('insert', image(1, 5), image(2, null)));
    rows.process(rowsEvent('update', image(1, 5), image(1, 6)));
    expect(count.value).toBe(3);
    new LeftOutRows({ ...TABLE, columns: [] }, count).process({ ...rowsEvent('insert', image(1, 5)), table: { ...TABLE, columns: [] } });
    expect(count.value).toBe(4);
  });
});
