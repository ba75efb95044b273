import { describe, expect, it } from 'vitest';
import type { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { RowMessage } from '../../../src/core/change.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { RoutePlan } from '../../../src/core/plan.ts';
import type { RowEncoder } from '../../../src/core/ports.ts';
import { LastRowHolder } from '../../../src/runtime/last-row.ts';
import { RouteRows } from '../../../src/runtime/route-rows.ts';
import { Count, TextTopic, TinyEncoder, image, misfitsOf, plan, rowsEvent } from './rows-fixture.ts';

/** Writes `<offset>` before everything else, and `<last>` in the last row. */
class MarkingEncoder extends TinyEncoder {
  readonly lastRow = { from: 0, to: 0, instead: Buffer.from('<last>') };

  override value(message: RowMessage, out: ByteWriter): void {
    const start = out.at;
    out.latin1('[');
    this.lastRow.from = out.at - start;
    out.latin1(`<${message.offset}>`);
    this.lastRow.to = out.at - start;
    super.value(message, out);
    out.latin1(']');
  }
}

function build(holder: LastRowHolder, topic: TextTopic, { over = {}, encoder = new MarkingEncoder(), keyed = true }: { over?: Partial<RoutePlan>; encoder?: RowEncoder; keyed?: boolean } = {}): { rows: RouteRows; sent: Count } {
  const sent = new Count();
  const made = plan(over, keyed);
  return { rows: new RouteRows({ plan: made, encoder, keyChanges: 'whole', topic, sent, holder, log: null, leftOut: () => new Count(), misfits: misfitsOf({ plan: made, encoder }) }), sent };
}

describe('the last row of a transaction', () => {
  it('is marked, and the others have their offset', () => {
    const holder = new LastRowHolder();
    const topic = new TextTopic();
    const { rows, sent } = build(holder, topic);
    holder.begin();
    rows.process(rowsEvent('insert', image(1, 5), image(2, 6)));
    rows.process(rowsEvent('update', image(1, 5), image(1, 7)));
    expect(topic.messages).toEqual(['1 [<0>i1=5#0]', '2 [<1>i2=6#1]']);
    holder.commit();
    expect(topic.messages.slice(2)).toEqual(['1 [<last>u1=5>7#0]']);
    expect(sent.value).toBe(3);
    holder.begin();
    rows.process(rowsEvent('insert', image(3, 5)));
    holder.commit();
    expect(topic.messages.slice(3)).toEqual(['3 [<last>i3=5#0]']);
  });

  it('is the last that is told, in whatever topic', () => {
    const holder = new LastRowHolder();
    const [one, two] = [new TextTopic(), new TextTopic()];
    const where = { test: (row: { read(index: number): unknown }): boolean => row.read(1) !== 9n };
    const first = build(holder, one, { over: { where } });
    const second = build(holder, two);
    holder.begin();
    first.rows.process(rowsEvent('insert', image(1, 5)));
    second.rows.process(rowsEvent('insert', image(2, 6)));
    first.rows.process(rowsEvent('insert', image(3, 9)));
    holder.commit();
    expect([one.messages, two.messages]).toEqual([['1 [<0>i1=5#0]'], ['2 [<last>i2=6#0]']]);
  });

  it('is followed by its tombstone where the route has them', () => {
    const holder = new LastRowHolder();
    const topic = new TextTopic();
    const { rows } = build(holder, topic);
    holder.begin();
    rows.process(rowsEvent('delete', image(1, 5), image(2, 6)));
    expect(topic.messages).toEqual(['1 [<0>d1=5#0]', '1 null']);
    holder.commit();
    expect(topic.messages.slice(2)).toEqual(['2 [<last>d2=6#1]', '2 null']);
  });

  it('of a transaction that broke off is not sent: it comes again', () => {
    const holder = new LastRowHolder();
    const topic = new TextTopic();
    const { rows } = build(holder, topic);
    holder.begin();
    rows.process(rowsEvent('insert', image(1, 5), image(2, 6)));
    holder.begin();
    rows.process(rowsEvent('insert', image(1, 5), image(2, 6)));
    holder.commit();
    expect(topic.messages).toEqual(['1 [<0>i1=5#0]', '1 [<0>i1=5#0]', '2 [<last>i2=6#1]']);
  });

  it('of a transaction without rows is none', () => {
    const holder = new LastRowHolder();
    holder.begin();
    holder.commit();
    holder.commit();
    expect(holder.offset).toBe(0);
  });

  it('that cannot go is named itself, not the row that came after it', () => {
    const holder = new LastRowHolder();
    const topic = new TextTopic();
    const refusing = build(holder, Object.assign(new TextTopic(), { end: () => { throw new RowcastError('ROW_TOO_LARGE', 'too large'); } }));
    const { rows } = build(holder, topic);
    holder.begin();
    refusing.rows.process(rowsEvent('insert', image(1, 5)));
    expect(() => rows.process(rowsEvent('insert', image(2, 6), image(3, 7)))).toThrow(expect.objectContaining({ code: 'ROW_REFUSED', message: 'shop.t at binlog.000007:120, row 0: too large', facts: { table: 'shop.t', row: 0, file: 'binlog.000007', position: 120 } }));
  });

  it('waits in little memory, however large a message was', () => {
    const holder = new LastRowHolder();
    const topic = new TextTopic();
    class LargeEncoder extends MarkingEncoder {
      size = 3_000_000;

      override value(message: RowMessage, out: ByteWriter): void {
        super.value(message, out);
        for (let i = 0; i < this.size; i += 10) out.latin1('0123456789');
      }
    }
    const encoder = new LargeEncoder();
    const { rows } = build(holder, topic, { encoder });
    holder.begin();
    rows.process(rowsEvent('insert', image(1, 5)));
    encoder.size = 10;
    rows.process(rowsEvent('insert', image(2, 5), image(3, 5)));
    holder.commit();
    expect(topic.messages.map((text) => text.slice(0, 12))).toEqual(['1 [<0>i1=5#0', '2 [<1>i2=5#0', '3 [<last>i3=']);
    expect(topic.messages.map((text) => text.length > 1_000_000)).toEqual([true, false, false]);
  });
});

describe('a row that changed its key', () => {
  it('is told whole, under its new key, where the format has it so', () => {
    const holder = new LastRowHolder();
    const topic = new TextTopic();
    const { rows } = build(holder, topic, { encoder: new TinyEncoder() });
    rows.process(rowsEvent('update', image(1, 5), image(9, 6)));
    expect(topic.messages).toEqual(['9 u9=5>6#0']);
  });
});

describe('keys', () => {
  it('can be made of a message where there are no key columns', () => {
    const topic = new TextTopic();
    const encoder = Object.assign(new TinyEncoder(), { keyless: ({ row }: RowMessage, out: ByteWriter) => out.latin1(`row-${row}`) });
    build(new LastRowHolder(), topic, { encoder, keyed: false }).rows.process(rowsEvent('delete', image(1, 5), image(2, 6)));
    expect(topic.messages).toEqual(['row-0 d1=5#0', 'row-0 null', 'row-1 d2=6#1', 'row-1 null']);
  });

  it('can be missing on purpose', () => {
    const topic = new TextTopic();
    build(new LastRowHolder(), topic, { encoder: Object.assign(new TinyEncoder(), { keyed: false }) }).rows.process(rowsEvent('delete', image(1, 5)));
    expect(topic.messages).toEqual(['null d1=5#0']);
  });
});
