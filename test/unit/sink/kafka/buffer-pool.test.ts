import { beforeEach, describe, expect, it } from 'vitest';
import { BufferPool, SMALLEST } from '../../../../src/sink/kafka/buffer-pool.ts';

const KIB = 1024;
const LIMIT = 1024 * KIB;

describe('BufferPool', () => {
  let held = 0;
  let pool = new BufferPool({ take: () => undefined, give: () => undefined }, 0);

  beforeEach(() => {
    held = 0;
    pool = new BufferPool({ take: (bytes) => { held += bytes; }, give: (bytes) => { held -= bytes; } }, LIMIT);
  });

  it('gives powers of two from the smallest on, and counts what is in use', () => {
    const sizes = [1, SMALLEST, SMALLEST + 1, 100 * KIB].map((bytes) => pool.take(bytes).length);
    expect(sizes).toEqual([SMALLEST, SMALLEST, 2 * SMALLEST, 128 * KIB]);
    expect(held).toBe(sizes.reduce((sum, size) => sum + size));
  });

  it('makes none anew while those that are given back suffice, even when more than its limit was in use', () => {
    const many = Array.from({ length: 20 }, () => pool.take(64 * KIB));
    for (const buffer of many) pool.give(buffer);
    expect(held).toBe(0);
    const again = Array.from({ length: 20 }, () => pool.take(64 * KIB));
    expect(new Set(again)).toEqual(new Set(many));
  });

  it('uses a free one of up to four times the size, and counts it as what it is', () => {
    const large = pool.take(64 * KIB);
    pool.give(large);
    expect(pool.take(SMALLEST)).toBe(large);
    expect(held).toBe(64 * KIB);
  });

  it('does not spend a much larger one', () => {
    const large = pool.take(128 * KIB);
    pool.give(large);
    expect(pool.take(SMALLEST).length).toBe(SMALLEST);
    expect(pool.take(128 * KIB)).toBe(large);
  });

  it('lets go of free ones of other sizes before all together would be more than its limit', () => {
    const old = Array.from({ length: 4 }, () => pool.take(256 * KIB));
    for (const buffer of old) pool.give(buffer);
    const other = pool.take(512 * KIB);
    expect(other.length).toBe(512 * KIB);
    const left = Array.from({ length: 4 }, () => pool.take(256 * KIB)).filter((buffer) => old.includes(buffer));
    expect(left.length).toBe(2);
  });

  it('keeps its sums over many sizes', () => {
    const used: Buffer[] = [];
    for (let turn = 0; turn < 2_000; turn++) {
      if (turn % 3 === 2) pool.give(used.shift() as Buffer);
      else used.push(pool.take(((turn * 7919) % 300) * KIB));
    }
    expect(held).toBe(used.reduce((sum, { length }) => sum + length, 0));
    for (const buffer of used) pool.give(buffer);
    expect(held).toBe(0);
  });
});
