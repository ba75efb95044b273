import { describe, expect, it } from 'vitest';
import { putDigits, putPair, putUint32 } from '../../../src/core/digits.ts';

function put(write: (bytes: Uint8Array) => number): string {
  const bytes = Buffer.alloc(16, '.');
  return bytes.toString('latin1', 2, write(bytes));
}

describe('putUint32', () => {
  it.each([0, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 9_999_999, 10_000_000, 99_999_999, 100_000_000, 999_999_999, 1_000_000_000, 4_294_967_295])('writes %d', (value) => {
    expect(put((bytes) => putUint32(bytes, 2, value))).toBe(String(value));
  });
});

describe('putDigits', () => {
  it.each([
    [0, 1, '0'], [7, 3, '007'], [42, 2, '42'], [42, 9, '000000042'], [1_234_567, 7, '1234567'], [4_294_967_295, 10, '4294967295'],
  ])('writes %d in %d digits', (value, count, text) => {
    expect(put((bytes) => putDigits(bytes, 2, value, count))).toBe(text);
  });

  it('keeps the last digits of a number that is too long', () => {
    expect(put((bytes) => putDigits(bytes, 2, 123_456, 3))).toBe('456');
    expect(put((bytes) => putDigits(bytes, 2, 123_456, 4))).toBe('3456');
  });

  it('writes nothing for no digits, and nothing before its place', () => {
    const bytes = Buffer.from('......');
    expect(putDigits(bytes, 3, 123_456, 0)).toBe(3);
    putDigits(bytes, 3, 123_456, 3);
    expect(bytes.toString('latin1')).toBe('...456');
  });
});

describe('putPair', () => {
  it('writes every pair', () => {
    for (let value = 0; value < 100; value++) {
      const bytes = Buffer.alloc(2);
      putPair(bytes, 0, value);
      expect(bytes.toString('latin1')).toBe(String(value).padStart(2, '0'));
    }
  });
});
