import type { Gate } from '../../core/ports.ts';

/** The smallest buffer of a batch. */
export const SMALLEST = 16 * 1024;

/**
 * Buffers by size class (powers of two from 16 KiB), used again. The gate counts those in use; free ones are kept up to
 * `keep` bytes in all.
 */
export class BufferPool {
  readonly #gate: Gate;
  readonly #keep: number;
  readonly #free = new Map<number, Buffer[]>();
  #kept = 0;

  constructor(gate: Gate, keep: number) {
    this.#gate = gate;
    this.#keep = keep;
  }

  /** A buffer of at least `bytes`, with anything in it. */
  take(bytes: number): Buffer {
    let size = SMALLEST;
    while (size < bytes) size *= 2;
    this.#gate.take(size);
    const buffer = this.#free.get(size)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
    this.#kept -= size;
    return buffer;
  }

  give(buffer: Buffer): void {
    const size = buffer.length;
    this.#gate.give(size);
    if (this.#kept + size > this.#keep) return;
    this.#kept += size;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [buffer]);
    else free.push(buffer);
  }
}
