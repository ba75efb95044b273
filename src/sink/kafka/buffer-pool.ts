import type { Gate } from '../../core/ports.ts';

/** The smallest buffer of a batch. */
export const SMALLEST = 16 * 1024;

/** How much larger than asked for a buffer may be. */
const MOST_TIMES = 4;

/**
 * Buffers by size class (powers of two from 16 KiB), used again. The gate counts those in use. A new one is only made
 * once free ones of other sizes are let go that would make all buffers together more than `limit` bytes: a busy stream
 * allocates nothing, and what lies free is not on top of what the gate allows (Invariant 6).
 */
export class BufferPool {
  readonly #gate: Gate;
  readonly #limit: number;
  readonly #free = new Map<number, Buffer[]>();
  /** Bytes in use, and bytes that are free. */
  #used = 0;
  #kept = 0;

  constructor(gate: Gate, limit: number) {
    this.#gate = gate;
    this.#limit = limit;
  }

  /** A buffer of at least `bytes`, with anything in it. */
  take(bytes: number): Buffer {
    let size = SMALLEST;
    while (size < bytes) size *= 2;
    const free = this.#find(size);
    this.#used += free?.length ?? size;
    this.#gate.take(free?.length ?? size);
    if (free !== undefined) return free;
    this.#shed();
    return Buffer.allocUnsafeSlow(size);
  }

  give(buffer: Buffer): void {
    const size = buffer.length;
    this.#gate.give(size);
    this.#used -= size;
    this.#kept += size;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [buffer]);
    else free.push(buffer);
  }

  /** A free one of that size, or else one that is not so large that it would be a waste. */
  #find(size: number): Buffer | undefined {
    for (let larger = size; larger <= size * MOST_TIMES; larger *= 2) {
      const buffer = this.#free.get(larger)?.pop();
      if (buffer === undefined) continue;
      this.#kept -= larger;
      return buffer;
    }
    return undefined;
  }

  /** Lets go of free buffers of other sizes, the largest first, that are too many beside what is in use. */
  #shed(): void {
    for (const size of [...this.#free.keys()].sort((a, b) => b - a)) {
      const free = this.#free.get(size);
      while (this.#used + this.#kept > this.#limit && free?.pop() !== undefined) this.#kept -= size;
    }
  }
}
