import { describe, expect, it } from 'vitest';
import { KnownBytes } from '../../../src/core/words.ts';

describe('known bytes', () => {
  const bytes = Buffer.from(Array.from({ length: 700 }, (_, index) => (index * 131 + 7) & 0xff));

  it.each([0, 1, 7, 8, 9, 10, 16, 17, 18, 100, 511, 512, 513, 600])('of length %d are the same as a copy, wherever that is', (length) => {
    const known = new KnownBytes(bytes, 50, 50 + length);
    for (const offset of [0, 1, 3, 8]) {
      const other = Buffer.concat([Buffer.alloc(offset, 0xee), bytes.subarray(50, 50 + length)]);
      expect(known.equals(other, offset, offset + length)).toBe(true);
      expect(known.equals(Buffer.concat([other, Buffer.alloc(9)]), offset, offset + length)).toBe(true);
    }
  });

  it.each([1, 7, 8, 9, 10, 16, 17, 18, 100, 511, 512, 513])('of length %d are not the same where any one byte differs, or the length', (length) => {
    const known = new KnownBytes(bytes, 0, length);
    for (let at = 0; at < length; at++) {
      const other = Buffer.from(bytes.subarray(0, length + 1));
      other[at] = (other[at] ?? 0) ^ 0x10;
      expect(known.equals(other, 0, length)).toBe(false);
    }
    expect(known.equals(bytes, 0, length - 1)).toBe(false);
    expect(known.equals(bytes, 0, length + 1)).toBe(false);
  });

  it('stay what they were when the bytes change that they were made of', () => {
    const source = Buffer.from('a table map');
    const known = new KnownBytes(source, 0, source.length);
    source.fill(0);
    expect(known.equals(Buffer.from('a table map'), 0, 11)).toBe(true);
    expect(known.equals(source, 0, source.length)).toBe(false);
  });
});
