import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import type { RowsEvent } from '../../../src/core/change.ts';
import { fill } from '../../../src/core/projection.ts';
import { RowNumberCache } from '../../../src/format/row-number-cache.ts';
import { EVENT, written } from './support.ts';

const FAR = 2 ** 32;

/** Notes when it is asked to begin. */
function cacheOf(begun: number[] = []): RowNumberCache {
  return new RowNumberCache({
    begin: () => begun.push(begun.length),
    before: (event, out) => {
      out.latin1(`<${event.position}:`);
    },
    after: (event, out) => {
      out.latin1(`:${String(event.query)}>`);
    },
  });
}

function at(position: number, over: Partial<RowsEvent> = {}): RowsEvent {
  return { ...EVENT, position, ...over };
}

describe('the number of a row, amid what its event says', () => {
  it('is its own in every row, whatever its digits', () => {
    const cache = cacheOf();
    const event = at(4);
    for (let row = 0; row <= 1_001; row++) expect(written((out) => { cache.write(event, row, out); })).toBe(`<4:${row}:null>`);
  });

  it.each([
    ['from far on', [FAR - 2, FAR - 1, FAR, FAR + 1, FAR * 1000, FAR - 1]],
    ['in any order, and twice', [99, 100, 9, 9, 0, 10, 5, 1_000_000, 0]],
  ])('is right %s', (_name, rows) => {
    const cache = cacheOf();
    const event = at(4);
    for (const row of rows) expect(written((out) => { cache.write(event, row, out); })).toBe(`<4:${row}:null>`);
  });

  it('goes with what the next event says, which is asked for once', () => {
    const begun: number[] = [];
    const cache = cacheOf(begun);
    const out = new ByteWriter(1_000);
    const events = [at(4), at(5), at(5, { query: 'update t' }), at(5, { firstRow: 70 }), at(5, { firstRow: 70, transaction: { ...EVENT.transaction, sequence: 9 } })];
    for (const event of events) for (let row = 8; row < 12; row++) cache.write(event, row, out);
    const expected = events.flatMap((event) => [8, 9, 10, 11].map((row) => `<${event.position}:${row}:${String(event.query)}>`));
    expect(out.view().toString()).toBe(expected.join(''));
    expect(begun).toHaveLength(events.length);
  });

  it('counts in full where there is no room for it, and leaves what was before it', () => {
    const cache = cacheOf();
    const event = at(4);
    fill(new ByteWriter(1), (out) => { cache.write(event, 10, out); });
    for (let room = 0; room < 11; room++) {
      const out = new ByteWriter(4 + room);
      out.latin1('key:');
      cache.write(event, 12, out);
      expect([out.at, out.bytes.toString('latin1', 0, 4)]).toEqual([4 + '<4:12:null>'.length, 'key:']);
    }
  });
});
