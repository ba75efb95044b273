import { describe, expect, it } from 'vitest';
import { EventHead } from '../../../../src/mysql/stream/event-head.ts';

/** The head of an event of a type that is larger than a limit of 1 KiB allows. */
function headOf(type: number, skipsText: boolean): EventHead {
  const head = new EventHead(1024, { table: () => undefined, next: () => ({ file: 'b.1', position: 4 }), skipsText });
  head.bytes.fill(0);
  head.bytes[1 + 4] = type;
  return head;
}

describe('the text of a statement that is too large', () => {
  const large = 1 << 20;

  it('goes by where nobody wants it', () => {
    expect(headOf(160, true).passes(large)).toBe(true);
    expect(headOf(160, true).passes(100)).toBe(false);
  });

  it('ends the stream where it is wanted, as every other large event does', () => {
    expect(() => headOf(160, false).passes(large)).toThrow('more than the');
    expect(() => headOf(2, true).passes(large)).toThrow('a binlog event of type 2 at b.1:4 has 1048576 bytes');
  });
});
