import type { Gate } from '../../core/ports.ts';
import { Slab, SMALLEST } from './slab.ts';

/** Bytes that are asked of the system at once, where no more are needed in one piece. */
const SLAB = 1024 * 1024;

/** A slab that is larger, because a message was, gives no pieces smaller than this part of it: else one small batch would keep it. */
const MOST_TIMES = 4;

/**
 * Buffers for batches, of powers of two from 16 KiB, used again. The gate counts those in use. Memory is asked for by slabs,
 * and only once wholly free ones are let go that would make all of them together more than `limit` bytes: a busy stream
 * allocates nothing, whatever the sizes of its batches, and what lies free is not on top of what the gate allows (Invariant 6).
 */
export class BufferPool {
  readonly #gate: Gate;
  readonly #limit: number;
  readonly #slabs = new Map<ArrayBufferLike, Slab>();
  #bytes = 0;

  constructor(gate: Gate, limit: number) {
    this.#gate = gate;
    this.#limit = limit;
  }

  /** A buffer of at least `bytes`, with anything in it. */
  take(bytes: number): Buffer {
    let size = SMALLEST;
    while (size < bytes) size *= 2;
    const buffer = (this.#closest(size) ?? this.#make(Math.max(size, SLAB))).take(size);
    this.#gate.take(size);
    return buffer;
  }

  give(buffer: Buffer): void {
    this.#gate.give(buffer.length);
    this.#slabs.get(buffer.buffer)?.give(buffer);
  }

  /** The slab whose largest free piece fits most closely: others keep room for what is larger. */
  #closest(size: number): Slab | undefined {
    let closest: Slab | undefined;
    for (const slab of this.#slabs.values()) {
      if (slab.largest < size || (slab.size > SLAB && slab.size > size * MOST_TIMES)) continue;
      if (closest === undefined || slab.largest < closest.largest) closest = slab;
    }
    return closest;
  }

  #make(size: number): Slab {
    for (const slab of [...this.#slabs.values()].sort((one, other) => other.size - one.size)) {
      if (this.#bytes + size <= this.#limit) break;
      if (slab.largest < slab.size) continue;
      this.#slabs.delete(slab.memory);
      this.#bytes -= slab.size;
    }
    const slab = new Slab(size);
    this.#slabs.set(slab.memory, slab);
    this.#bytes += size;
    return slab;
  }
}
