import { beforeEach, describe, expect, it } from 'vitest';
import { BufferPool } from '../../../../src/sink/kafka/buffer-pool.ts';
import { Slab, SMALLEST } from '../../../../src/sink/kafka/slab.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const LIMIT = 4 * MIB;

const numbers = new Map<ArrayBufferLike, number>();

/** The number of the slab that a buffer is a piece of. */
function slabOf({ buffer }: Buffer): number {
  const number = numbers.get(buffer) ?? numbers.size;
  numbers.set(buffer, number);
  return number;
}

const slabs = (buffers: readonly Buffer[]): Set<number> => new Set(buffers.map(slabOf));

/** Whether two of them share a byte. */
function overlap(buffers: readonly Buffer[]): boolean {
  const ends = (buffer: Buffer): [number, number, number] => [slabOf(buffer), buffer.byteOffset, buffer.byteOffset + buffer.length];
  const sorted = buffers.map(ends).sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return sorted.some(([slab, from], index) => sorted[index - 1]?.[0] === slab && (sorted[index - 1]?.[2] ?? 0) > from);
}

describe('BufferPool', () => {
  let held = 0;
  let pool = new BufferPool({ take: () => undefined, give: () => undefined }, 0);

  beforeEach(() => {
    held = 0;
    pool = new BufferPool({ take: (bytes) => { held += bytes; }, give: (bytes) => { held -= bytes; } }, LIMIT);
  });

  const taken = (count: number, size: number): Buffer[] => Array.from({ length: count }, () => pool.take(size));
  const back = (buffers: readonly Buffer[]): void => { for (const buffer of buffers) pool.give(buffer); };

  it('gives powers of two from the smallest on, and counts what is in use', () => {
    const sizes = [1, SMALLEST, SMALLEST + 1, 100 * KIB, 3 * MIB].map((bytes) => pool.take(bytes).length);
    expect(sizes).toEqual([SMALLEST, SMALLEST, 2 * SMALLEST, 128 * KIB, 4 * MIB]);
    expect(held).toBe(sizes.reduce((sum, size) => sum + size));
  });

  it('asks for no memory while what is given back suffices, even when more than its limit was in use', () => {
    const many = taken(6, MIB);
    back(many);
    expect(held).toBe(0);
    expect(slabs(taken(6, MIB))).toEqual(slabs(many));
  });

  it('makes small ones of the memory of large ones, and large ones of that of small ones', () => {
    const small = taken(4 * 64, SMALLEST);
    expect(slabs(small).size).toBe(4);
    back(small);
    const large = taken(4, MIB);
    expect(slabs(large)).toEqual(slabs(small));
    back(large);
    expect(slabs(taken(8, 512 * KIB))).toEqual(slabs(small));
  });

  it('takes small ones from where there is no room for large ones', () => {
    const half = pool.take(512 * KIB);
    const [first, second] = [pool.take(MIB), pool.take(MIB)];
    back([first, second]);
    expect(slabs(taken(4, 128 * KIB))).toEqual(slabs([half]));
    expect(slabs(taken(2, MIB))).toEqual(slabs([first, second]));
  });

  it('does not keep the memory of a large message for small batches', () => {
    const large = pool.take(2 * MIB);
    pool.give(large);
    expect(slabs([pool.take(256 * KIB)])).not.toEqual(slabs([large]));
    expect(slabs([pool.take(MIB)])).toEqual(slabs([large]));
  });

  it('lets go of what is wholly free before all together would be more than its limit', () => {
    const old = taken(4, MIB);
    back(old.slice(1));
    expect(pool.take(2 * MIB).length).toBe(2 * MIB);
    // Of the three that were free one is left.
    expect(taken(3, MIB).filter((buffer) => slabs(old).has(slabOf(buffer))).length).toBe(1);
  });

  it('gives no byte to two, and has everything back in the end, over many sizes', () => {
    let used: Buffer[] = [];
    let most = 0;
    for (let turn = 0; turn < 4_000; turn++) {
      if (turn % 3 === 2) pool.give(used.splice((turn * 31) % used.length, 1)[0] as Buffer);
      else if (held < LIMIT - MIB) used.push(pool.take(((turn * 7919) % 900) * KIB));
      most = Math.max(most, slabs(used).size);
      if (turn % 50 === 0) expect(overlap(used)).toBe(false);
    }
    expect(held).toBe(used.reduce((sum, { length }) => sum + length, 0));
    back(used);
    expect(held).toBe(0);
    used = taken(4, MIB);
    expect(slabs(used).size).toBe(4);
    expect(most).toBeLessThan(8);
  });
});

describe('Slab', () => {
  it('is one piece again once every piece is back, in whatever order', () => {
    const slab = new Slab(MIB);
    const pieces = [64, 16, 16, 512, 32, 128].map((kib) => slab.take(kib * KIB));
    expect(slab.largest).toBe(256 * KIB);
    for (const index of [3, 0, 5, 2, 4, 1]) slab.give(pieces[index] as Buffer);
    expect(slab.largest).toBe(MIB);
    expect(slab.take(MIB).length).toBe(MIB);
    expect(slab.largest).toBe(0);
  });

  it('of the smallest size is one piece', () => {
    const slab = new Slab(SMALLEST);
    const piece = slab.take(SMALLEST);
    expect([piece.length, slab.largest]).toEqual([SMALLEST, 0]);
    slab.give(piece);
    expect(slab.largest).toBe(SMALLEST);
  });
});
