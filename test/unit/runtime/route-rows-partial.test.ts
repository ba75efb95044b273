import { describe, expect, it } from 'vitest';
import type { Operation, PartialImages, RowsEvent } from '../../../src/core/change.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { RoutePlan } from '../../../src/core/plan.ts';
import { ABSENT, columnAbsent, RowImage, UNCHANGED } from '../../../src/core/row-image.ts';
import type { ImageLayout } from '../../../src/core/row-image.ts';
import { keyWriter } from '../../../src/format/image-writer.ts';
import type { ColumnValue } from '../../../src/core/table.ts';
import { countRows, LeftOutRows } from '../../../src/runtime/left-out.ts';
import { LastRowHolder } from '../../../src/runtime/last-row.ts';
import { RouteRows } from '../../../src/runtime/route-rows.ts';
import { Count, misfitsOf, plan, rowsEvent, TABLE, TextTopic, TinyEncoder } from './rows-fixture.ts';

/** Shows columns that are not told as `?`. */
class PartialEncoder extends TinyEncoder {
  override key = keyWriter(plan().projection, () => ({ as: 'number', zero: 'null' }));

  override value: TinyEncoder['value'] = ({ operation, before, after, row }, out) => {
    const show = (image: RowImage | null): string => (image === null ? '' : [0, 1].map((i) => (image.locate(i) === ABSENT ? '?' : shown(image.read(i)))).join());
    out.latin1(`${operation.charAt(0)} ${show(before)}>${show(after)} #${row}`);
  };
}

function build(over: Partial<RoutePlan> = {}, keyed = true): { rows: RouteRows; topic: TextTopic; sent: Count; left: Record<string, Count> } {
  const topic = new TextTopic();
  const sent = new Count();
  const left: Record<string, Count> = {};
  const leftOut = (reason: string): Count => (left[reason] ??= new Count());
  const made = plan(over, keyed);
  const encoder = new PartialEncoder();
  return { rows: new RouteRows({ plan: made, encoder, keyChanges: undefined, topic, sent, holder: new LastRowHolder(), log: null, leftOut, misfits: misfitsOf({ plan: made, encoder, leftOut }) }), topic, sent, left };
}

const ID: ImageLayout = { bits: Int32Array.of(0, ABSENT), present: 1 };
const V: ImageLayout = { bits: Int32Array.of(UNCHANGED, 0), present: 1 };
const ONLY_V: ImageLayout = { bits: Int32Array.of(ABSENT, 0), present: 1 };
const SAME: ImageLayout = { bits: Int32Array.of(0, UNCHANGED), present: 1 };
const NOTHING: ImageLayout = { bits: Int32Array.of(ABSENT, ABSENT), present: 0 };

function partial(operation: Operation, images: PartialImages, ...rows: readonly number[][]): RowsEvent {
  return { ...rowsEvent(operation, ...rows), partial: images };
}

describe('RouteRows with images that lack columns', () => {
  it('takes keys from the before image, and the old key where it changed', () => {
    const { rows, topic } = build();
    rows.process(partial('update', { before: ID, after: V }, [0, 1], [0, 5], [0, 2], [1]));
    expect(topic.messages).toEqual(['{"id":1} u 1,?>1,5 #0', '{"id":2} u 2,?>2,null #1']);
    rows.process(partial('update', { before: ID, after: SAME }, [0, 1], [0, 9]));
    expect(topic.messages.slice(2)).toEqual(['{"id":1} d 1,?> #0 old', '{"id":1} null old', '{"id":9} i >9,? #0 new']);
  });

  it('tells inserts, deletes and whole after images', () => {
    const { rows, topic } = build();
    rows.process(partial('insert', { before: null, after: ID }, [0, 1], [0, 2]));
    rows.process(partial('delete', { before: ID, after: null }, [0, 3]));
    rows.process(partial('update', { before: ID, after: null }, [0, 4], [0, 4, 7]));
    rows.process(partial('update', { before: null, after: V }, [0, 4, 7], [0, 8]));
    expect(topic.messages).toEqual(['{"id":1} i >1,? #0', '{"id":2} i >2,? #1', '{"id":3} d 3,?> #0', '{"id":3} null', '{"id":4} u 4,?>4,7 #0', '{"id":4} u 4,7>4,8 #0']);
  });

  it('stops where a key is not told, and names table, row and place', () => {
    const { rows, topic } = build();
    expect(() => rows.process(partial('insert', { before: null, after: ONLY_V }, [0, 5]))).toThrow(
      expect.objectContaining({ code: 'COLUMN_ABSENT', message: 'shop.t at binlog.000007:120, row 0: the binlog does not tell the column id of this row of shop.t (binlog_row_image)', facts: { table: 'shop.t', row: 0, file: 'binlog.000007', position: 120 } }),
    );
    expect(() => rows.process(partial('update', { before: ONLY_V, after: null }, [0, 5], [0, 1, 6]))).toThrow(expect.objectContaining({ code: 'COLUMN_ABSENT' }));
    expect(topic.messages).toEqual([]);
  });

  it('tells the row of which nothing is told, which has no bytes (Invariant 4)', () => {
    const { rows, topic, sent } = build({}, false);
    rows.process(partial('insert', { before: null, after: NOTHING }));
    expect([topic.messages, sent.value]).toEqual([['null i >?,? #0'], 1]);
    expect(() => build().rows.process(partial('insert', { before: null, after: NOTHING }))).toThrow(expect.objectContaining({ code: 'COLUMN_ABSENT' }));
  });

  it('counts rows that it leaves out', () => {
    const { rows, left } = build({ operations: new Set() });
    rows.process(partial('update', { before: ID, after: V }, [0, 1], [0, 5], [0, 2], [1]));
    rows.process(partial('delete', { before: ID, after: null }, [0, 1], [0, 2], [0, 3]));
    expect(left['operation']?.value).toBe(5);
    const count = new Count();
    new LeftOutRows(TABLE, count).process(partial('insert', { before: null, after: NOTHING }));
    expect(count.value).toBe(1);
    expect(countRows(rowsEvent('insert', [0, 1, 2], [2, 1]), new RowImage(TABLE))).toBe(2);
  });

  it('follows onError where a condition asks for what is not told', () => {
    const where = { test: (image: RowImage): boolean => Number(readOrFail(image)) > 3 };
    const event = (): RowsEvent => partial('update', { before: ID, after: V }, [0, 1], [0, 5]);
    expect(() => build({ where }).rows.process(event())).toThrow(expect.objectContaining({ code: 'CONDITION_FAILED' }));
    const skip = build({ where, onError: 'skip' });
    skip.rows.process(event());
    expect([skip.topic.messages, skip.left['condition_error']?.value]).toEqual([[], 1]);
    const pass = build({ where, onError: 'pass' });
    pass.rows.process(event());
    expect(pass.topic.messages).toEqual(['{"id":1} u 1,?>1,5 #0']);
  });
});

function shown(value: ColumnValue | null): string {
  return typeof value === 'bigint' ? value.toString() : 'null';
}

function readOrFail(image: RowImage): unknown {
  if (image.locate(1) === ABSENT) throw new RowcastError('CONDITION_FAILED', columnAbsent(TABLE, 'v').message);
  return image.read(1);
}
