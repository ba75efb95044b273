/** The smallest piece of a slab, in bytes. */
export const SMALLEST = 16 * 1024;

/**
 * Memory of one allocation, of a power of two bytes, in pieces that are halves of halves of it (a buddy tree): a piece that
 * is given back and whose other half is free becomes one piece with it. So memory that served many small batches serves a
 * large one next, and nothing is left to the garbage collector.
 */
export class Slab {
  readonly size: number;
  readonly #memory: Buffer;
  /** By node of the tree, the root first at 1 and the halves of node n at 2n and 2n + 1: the largest free piece in it, in bytes. */
  readonly #largest: Uint32Array;
  /** Pieces as they were handed out before, by node. */
  readonly #pieces = new Map<number, Buffer>();

  /** `size`: a power of two, `SMALLEST` at least. */
  constructor(size: number) {
    this.size = size;
    this.#memory = Buffer.allocUnsafeSlow(size);
    this.#largest = new Uint32Array((size / SMALLEST) * 2);
    for (let node = 1, width = size; width >= SMALLEST; width /= 2) for (const end = node * 2; node < end; node++) this.#largest[node] = width;
  }

  /** What its pieces are views of. */
  get memory(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  /** Bytes of the largest piece that can be taken. */
  get largest(): number {
    return this.#largest[1] ?? 0;
  }

  /** A piece of `size` bytes, a power of two that is at most `largest`, with anything in it. */
  take(size: number): Buffer {
    let node = 1;
    for (let width = this.size; width > size; width /= 2) {
      // The half that fits more closely leaves large pieces whole.
      const [left, right] = [this.#free(node * 2), this.#free(node * 2 + 1)];
      node = left >= size && (right < size || left <= right) ? node * 2 : node * 2 + 1;
    }
    this.#set(node, 0, size);
    return this.#piece(node, size);
  }

  /** Takes a piece back that `take` gave. */
  give(piece: Buffer): void {
    const size = piece.length;
    this.#set(this.size / size + (piece.byteOffset - this.#memory.byteOffset) / size, size, size);
  }

  #free(node: number): number {
    return this.#largest[node] ?? 0;
  }

  /** A node of `width` bytes has `free` of them in one piece: what its parents have follows. */
  #set(node: number, free: number, width: number): void {
    this.#largest[node] = free;
    for (let at = node >> 1, half = width; at > 0; at >>= 1, half *= 2) {
      const [left, right] = [this.#free(at * 2), this.#free(at * 2 + 1)];
      this.#largest[at] = left === half && right === half ? half * 2 : Math.max(left, right);
    }
  }

  #piece(node: number, size: number): Buffer {
    let piece = this.#pieces.get(node);
    if (piece === undefined) {
      const start = (node - this.size / size) * size;
      piece = this.#memory.subarray(start, start + size);
      this.#pieces.set(node, piece);
    }
    return piece;
  }
}
