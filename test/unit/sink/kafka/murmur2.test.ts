import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from '../../../../src/sink/kafka/murmur2.ts';

describe('murmur2', () => {
  // Values of Kafka's own test of Utils.murmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Java does', (text, hash) => {
    expect(murmur2(Buffer.from(text), text.length)).toBe(hash);
  });

  it('reads only the given length', () => {
    expect(murmur2(Buffer.from('abcdef'), 3)).toBe(479470107);
  });

  it('makes a negative hash positive by its lower 31 bits', () => {
    expect(partitionOf(Buffer.from('21'), 2, 7)).toBe((-973932308 & 0x7fffffff) % 7);
    expect(partitionOf(Buffer.from('abc'), 3, 10)).toBe(7);
    expect(partitionOf(Buffer.from('21'), 2, 1)).toBe(0);
  });
});
