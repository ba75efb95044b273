import { crc32 as native } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../../src/mysql/binlog/crc32.ts';

describe('CRC32', () => {
  it('of known bytes', () => {
    expect(crc32(Buffer.from('123456789'), 0, 9)).toBe(0xcbf43926);
    expect(crc32(Buffer.from('..The quick brown fox jumps over the lazy dog'), 2, 45)).toBe(0x414fa339);
    expect(crc32(Buffer.alloc(4), 2, 2)).toBe(0);
  });

  it('is the same by tables and by native code, at any length and offset', () => {
    const bytes = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * i * 31 + i * 7) & 0xff));
    for (let length = 0; length <= 300; length++) {
      const start = (length * 13) % 290;
      expect(crc32(bytes, start, start + length)).toBe(native(bytes.subarray(start, start + length)));
    }
  });
});
