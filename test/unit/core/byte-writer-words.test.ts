import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';

function holding(bytes: Buffer, room: number): ByteWriter {
  const writer = new ByteWriter(bytes.length + room);
  for (const byte of bytes) writer.byte(byte);
  return writer;
}

describe('what another writer holds', () => {
  it('is copied whole, whatever its length, its bytes, and the room behind it on either side', () => {
    for (const length of [0, 1, 7, 8, 9, 13, 16, 127, 128, 129, 500]) {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => (index % 3 === 0 ? 0xff : (index * 37) & 0xff)));
      for (let room = 0; room < 10; room++) {
        const out = new ByteWriter(2 + length + room);
        out.latin1('k:');
        out.all(holding(bytes, 9 - room));
        expect(out.view()).toEqual(Buffer.concat([Buffer.from('k:'), bytes]));
      }
    }
  });

  it('counts in full where it does not fit, and leaves what was before it', () => {
    const held = holding(Buffer.from('a key of some length'), 20);
    for (let room = 0; room < held.at; room++) {
      const out = new ByteWriter(2 + room);
      out.latin1('k:');
      out.all(held);
      expect([out.at, out.overflowed, out.bytes.toString('latin1', 0, 2)]).toEqual([2 + held.at, true, 'k:']);
    }
  });
});

describe('two bytes', () => {
  it.each([0, 1, 2, 3])('are the lower and the upper one of a number, in a buffer with room for %d', (room) => {
    const out = new ByteWriter(room);
    out.two(0x225c);
    expect(out.at).toBe(2);
    expect(out.bytes.toString('latin1', 0, Math.min(room, 2))).toBe(String.raw`\"`.slice(0, room));
  });
});
