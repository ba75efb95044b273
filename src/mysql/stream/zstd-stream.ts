import { Decompress } from 'fzstd';
import { RowcastError } from '../../core/errors.ts';

/**
 * Decompresses zstd (RFC 8878) a block at a time. The library decompresses whatever it is given at once, and a few bytes
 * may stand for gigabytes: so frames are cut here into their blocks, none of which is larger than 128 KiB uncompressed,
 * and the library gets one of them whenever the caller has done with the one before. What is held: a block, compressed
 * and not, and the window, at most 128 MiB (MySQL's levels: 2 MiB at level 3, 8 MiB at 19, 128 MiB at 22).
 */
export class ZstdStream {
  /** The frame header, if it is a frame's first block, and a block. */
  readonly #pending = Buffer.allocUnsafe(MAX_FRAME_HEADER + BLOCK_HEADER + MAX_BLOCK + CONTENT_CHECKSUM);
  readonly #blocks: Uint8Array[] = [];
  #filled = 0;
  #wanted = SHORTEST_FRAME_HEADER;
  #step: Step = 'magic';
  #block = 0;
  #checksum = false;
  #library: Decompress | null = null;

  /** True between frames: nothing is missing. */
  get complete(): boolean {
    return this.#step === 'magic' && this.#filled === 0 && this.#blocks.length === 0;
  }

  /** What was decompressed last, a part after the other; undefined once it is all taken. */
  take(): Uint8Array | undefined {
    return this.#blocks.shift();
  }

  /** Reads `bytes[from, to)` up to the end of a block and tells how far it came. Everything must be taken before. @throws RowcastError EVENT_CORRUPT */
  push(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && this.#blocks.length === 0) {
      const part = Math.min(to - at, this.#wanted - this.#filled);
      bytes.copy(this.#pending, this.#filled, at, at + part);
      this.#filled += part;
      at += part;
      if (this.#filled === this.#wanted) this.#advance();
    }
    return at;
  }

  #advance(): void {
    if (this.#step === 'magic') this.#frame();
    else if (this.#step === 'frame') this.#expect('block', BLOCK_HEADER);
    else if (this.#step === 'block') this.#content();
    else this.#decompress();
  }

  #expect(step: Step, more: number): void {
    this.#step = step;
    this.#block = step === 'block' ? this.#filled : this.#block;
    this.#wanted = this.#filled + more;
  }

  /** Magic number 4 · descriptor 1, which tells what follows: window 0 or 1, dictionary 0 to 4, size of the content 0 to 8. */
  #frame(): void {
    const bytes = this.#pending;
    if (bytes.readUInt32LE(0) !== MAGIC) throw damaged('it is no frame');
    const descriptor = bytes[4] as number;
    const single = (descriptor & 0x20) !== 0;
    const size = descriptor >> 6;
    if ((descriptor & 0x0b) !== 0) throw damaged('its frame has a dictionary or a reserved bit');
    this.#checksum = (descriptor & 0x04) !== 0;
    const sizeBytes = size === 0 ? (single ? 1 : 0) : 1 << size;
    this.#library = new Decompress((block) => {
      if (block.length > 0) this.#blocks.push(block);
    });
    this.#expect('frame', (single ? 0 : 1) + sizeBytes);
    if (this.#wanted === this.#filled) throw damaged('its frame has no window');
  }

  /** 3 bytes: 1 bit the last block, 2 bits its type, 21 bits its size. A block of one repeated byte (type 1) holds that byte alone. */
  #content(): void {
    if (this.#block > 0) this.#checkWindow();
    const head = this.#pending.readUIntLE(this.#block, 3);
    const size = head >>> 3;
    if (size > MAX_BLOCK) throw damaged(`a block of ${size} bytes`);
    const body = ((head >> 1) & 3) === 1 ? 1 : size;
    const more = body + ((head & 1) !== 0 && this.#checksum ? CONTENT_CHECKSUM : 0);
    this.#expect('content', more);
    if (more === 0) this.#decompress();
  }

  #checkWindow(): void {
    const bytes = this.#pending;
    const descriptor = bytes[4] as number;
    const exponent = 10 + ((bytes[5] as number) >> 3);
    const window = (descriptor & 0x20) === 0 ? 2 ** exponent + (2 ** exponent / 8) * ((bytes[5] as number) & 7) : contentSize(bytes, descriptor >> 6);
    if (window > MAX_WINDOW) throw damaged(`a window of ${window} bytes`);
  }

  #decompress(): void {
    const last = ((this.#pending[this.#block] as number) & 1) !== 0;
    // The library keeps what is too short to tell it anything.
    const view = this.#pending.subarray(0, this.#filled);
    const input = this.#filled < KEPT ? Buffer.from(view) : view;
    try {
      this.#library?.push(input, last);
    } catch (cause) {
      throw damaged('a block cannot be decompressed', cause);
    }
    this.#filled = 0;
    if (last) {
      this.#library = null;
      this.#expect('magic', SHORTEST_FRAME_HEADER);
    } else this.#expect('block', BLOCK_HEADER);
  }
}

type Step = 'magic' | 'frame' | 'block' | 'content';

function contentSize(bytes: Buffer, size: number): number {
  if (size === 0) return bytes[5] as number;
  if (size === 1) return bytes.readUInt16LE(5) + 256;
  return size === 2 ? bytes.readUInt32LE(5) : Number(bytes.readBigUInt64LE(5));
}

function damaged(what: string, cause?: unknown): RowcastError {
  return new RowcastError('EVENT_CORRUPT', `a compressed transaction cannot be decompressed: ${what}`, { cause });
}

const MAGIC = 0xfd2fb528;
const SHORTEST_FRAME_HEADER = 5;
const MAX_FRAME_HEADER = 18;
const BLOCK_HEADER = 3;
const MAX_BLOCK = 1 << 17;
const CONTENT_CHECKSUM = 4;
const MAX_WINDOW = 1 << 27;
const KEPT = 32;
