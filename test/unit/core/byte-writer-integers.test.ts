import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';

describe('ByteWriter.integer', () => {
  it.each([
    0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 4_294_967_295, 4_294_967_296, 9_999_999_999, 10_000_000_000, 1_000_000_000_000_000,
    8_388_608_999_999_999, 9_007_198_999_999_999, 9_007_199_000_000_000, 9_007_199_254_740_991,
  ])('writes %d and its negative', (value) => {
    const out = new ByteWriter(64);
    out.integer(value);
    out.byte(0x20);
    out.integer(-value);
    expect(out.view().toString()).toBe(`${value} ${value === 0 ? '0' : `-${value}`}`);
  });

  it('counts what does not fit', () => {
    const out = new ByteWriter(4);
    out.integer(9_007_199_254_740_991);
    expect(out.at).toBe(16);
    expect(out.overflowed).toBe(true);
  });
});
