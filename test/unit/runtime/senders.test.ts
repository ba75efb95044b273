import { describe, expect, it } from 'vitest';
import type { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { RowMessage } from '../../../src/core/change.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { RoutePlan } from '../../../src/core/plan.ts';
import type { Header } from '../../../src/core/ports.ts';
import type { RowGatherer } from '../../../src/core/row-encoding.ts';
import { LastRowHolder } from '../../../src/runtime/last-row.ts';
import { RouteRows } from '../../../src/runtime/route-rows.ts';
import { Count, TextTopic, TinyEncoder, image, misfitsOf, plan, rowsEvent } from './rows-fixture.ts';

/** Gathers ids; the partition is the tens of an id, and a row with v = 99 counts as many bytes. */
class GatheringEncoder extends TinyEncoder {
  #ids: string[] = [];
  #size = 0;
  #letter = '';
  readonly gatherer: RowGatherer;

  constructor() {
    super();
    this.gatherer = {
      add: ({ operation, after, before }, room) => {
        const row = after ?? before;
        const bytes = row?.read(1) === 99n ? 200_000 : 1;
        if (this.#size > 0 && this.#size + bytes > room) return false;
        this.#letter = operation.charAt(0);
        this.#ids.push(String(Number(row?.read(0))));
        this.#size += bytes;
        return true;
      },
      write: (out) => out.latin1(`${this.#letter}:${this.#ids.join()}`),
      clear: () => {
        this.#ids = [];
        this.#size = 0;
      },
    };
  }

  partition = ({ after, before }: RowMessage): number => Math.floor(Number((after ?? before)?.read(0)) / 10);
}

class PartitionTopic extends TextTopic {
  /** A message that is too large. */
  refuses = '';
  readonly partitions: (number | undefined)[] = [];

  override begin(key: ByteWriter | null, partition?: number): ByteWriter {
    this.partitions.push(partition);
    return super.begin(key);
  }

  override end(headers: readonly Header[]): boolean {
    const ended = super.end(headers);
    if (this.messages.at(-1) === `null ${this.refuses}`) throw new RowcastError('ROW_TOO_LARGE', 'too large');
    return ended;
  }
}

function build(over: Partial<RoutePlan> = {}, encoder: TinyEncoder = new GatheringEncoder()): { rows: RouteRows; topic: PartitionTopic; sent: Count } {
  const topic = new PartitionTopic();
  const sent = new Count();
  const made = plan(over);
  return { rows: new RouteRows({ plan: made, encoder, keyChanges: 'whole', topic, sent, holder: new LastRowHolder(), log: null, leftOut: () => new Count(), misfits: misfitsOf({ plan: made, encoder }) }), topic, sent };
}

describe('rows of an event in one message', () => {
  it('end with the event', () => {
    const { rows, topic, sent } = build();
    rows.process(rowsEvent('insert', image(1, 5), image(2, 6)));
    rows.process(rowsEvent('insert', image(3, 5)));
    expect(topic.messages).toEqual(['null i:1,2', 'null i:3']);
    expect(sent.value).toBe(2);
  });

  it('end where the partition is another, so that each has its order', () => {
    const { rows, topic } = build();
    rows.process(rowsEvent('insert', image(1, 5), image(2, 6), image(11, 5), image(3, 5)));
    expect(topic.messages).toEqual(['null i:1,2', 'null i:11', 'null i:3']);
    expect([...new Set(topic.partitions)]).toEqual([0, 1]);
  });

  it('end where a condition makes another operation of a row', () => {
    const where = { test: (row: { read(index: number): unknown }): boolean => row.read(1) !== 0n };
    const { rows, topic } = build({ where });
    rows.process(rowsEvent('update', image(1, 5), image(1, 6), image(2, 0), image(2, 1), image(3, 1), image(3, 0), image(4, 1), image(4, 2)));
    expect(topic.messages).toEqual(['null u:1', 'null i:2', 'null d:3', 'null u:4']);
  });

  it('end before a row with which the message would be too large', () => {
    const { rows, topic } = build();
    rows.process(rowsEvent('insert', image(1, 99), image(2, 6), image(3, 99), image(4, 1)));
    expect(topic.messages).toEqual(['null i:1,2', 'null i:3,4']);
  });

  it('are named in an error about their message, and not the row after them', () => {
    const { rows, topic } = build();
    topic.refuses = 'i:11,12';
    expect(() => { rows.process(rowsEvent('insert', image(1, 5), image(11, 6), image(12, 6), image(21, 5))); }).toThrow(/^shop\.t at binlog\.000007:120, rows 1 to 2: too large$/u);
    topic.refuses = 'i:1';
    const error = (() => { try { rows.process(rowsEvent('insert', image(1, 5), image(11, 6))); } catch (thrown) { return thrown; } return null; })();
    expect(error).toMatchObject({ code: 'ROW_TOO_LARGE', facts: { table: 'shop.t', row: 0, file: 'binlog.000007', position: 120 } });
    expect(error).not.toHaveProperty('facts.key');
  });

  it('are none where no row is told', () => {
    const { rows, topic } = build({ where: { test: () => false } });
    rows.process(rowsEvent('insert', image(1, 5)));
    expect(topic.messages).toEqual([]);
  });
});

describe('headers of a tombstone', () => {
  it('can be others than those of its delete', () => {
    class Headers extends TinyEncoder {
      override headers(_message: RowMessage, tombstone = false): readonly Header[] {
        return tombstone ? [] : [{ name: 'event', value: Buffer.from('x') }];
      }
    }
    const { rows, topic } = build({}, new Headers());
    rows.process(rowsEvent('delete', image(1, 5)));
    expect(topic.messages).toEqual(['1 d1=5#0 event', '1 null']);
  });
});
