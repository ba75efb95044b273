import type { Constant } from './constant.ts';
import { putDigits, putUint32 } from './digits.ts';

/**
 * The growing output buffer that encoders write into.
 *
 * Writes are optimistic: a write past the end of `bytes` changes nothing there but still moves `at`, so no write
 * checks capacity. Whoever owns the buffer looks at `overflowed` once per message, and either grows it with `grow()`
 * and has the message written again, or refuses the message; `at` then tells its exact size. Code that writes with
 * methods that throw or cut off at the end of a buffer (`Buffer.copy`, `Buffer.write`, `set`) must go through the
 * methods here, which look first.
 */
export class ByteWriter {
  readonly bytes: Buffer;
  /** `bytes` for writes of whole words, which throw past the end: look first whether there is `roomFor` them. */
  readonly window: DataView;
  /** Where the next byte goes; past `bytes.length` when the buffer was too small. */
  at = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.window = windowOf(this.bytes);
  }

  /** Goes on in other bytes, at the same place. */
  use(bytes: Buffer): void {
    (this as Used).bytes = bytes;
    (this as Used).window = windowOf(bytes);
  }

  /** True when something written since the last look did not fit. */
  get overflowed(): boolean {
    return this.at > this.bytes.length;
  }

  /** Makes room for `capacity` bytes in all, keeping the first `keep`. */
  grow(capacity: number, keep: number): void {
    const bytes = Buffer.allocUnsafeSlow(capacity);
    this.bytes.copy(bytes, 0, 0, keep);
    this.use(bytes);
  }

  /** What has been written, as a view that the next write may change. */
  view(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /**
   * Whether `length` bytes fit and one more: the room that writes into the window need. One more, since V8's middle compiler
   * takes an access that ends where a DataView ends for one that is out of bounds, and does not inline its call again.
   */
  roomFor(length: number): boolean {
    return this.at + length < this.bytes.length;
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** Two bytes, as one little-endian number. */
  two(value: number): void {
    const { at } = this;
    if (this.roomFor(2)) {
      this.window.setInt16(at, value, true);
      this.at = at + 2;
      return;
    }
    this.byte(value & 0xff);
    this.byte(value >> 8);
  }

  /** Copies `source[from, to)`. */
  range(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    const start = this.at;
    this.at = start + length;
    if (length < COPY_LOOP_LIMIT) {
      const bytes = this.bytes;
      for (let i = 0; i < length; i++) bytes[start + i] = source[from + i] as number;
    } else if (this.at <= this.bytes.length) {
      this.bytes.set(source.subarray(from, to), start);
    }
  }

  /** Copies the whole of `source`. Not by way of `range`: a view for a native copy would be garbage. */
  raw(source: Uint8Array): void {
    const length = source.length;
    if (length >= WHOLE_LOOP_LIMIT) {
      this.#copy(source);
      return;
    }
    const { at, bytes } = this;
    for (let i = 0; i < length; i++) bytes[at + i] = source[i] as number;
    this.at = at + length;
  }

  /** Copies a constant eight bytes at a time; up to seven bytes after it are overwritten, which the next write fills. */
  constant(source: Constant): void {
    const { doubles } = source;
    if (doubles === null || !this.roomFor(doubles.length * 8)) {
      this.#copy(source.bytes);
      return;
    }
    const { at, window } = this;
    for (let i = 0; i < doubles.length; i++) window.setFloat64(at + i * 8, doubles[i] as number, true);
    this.at = at + source.length;
  }

  /** Writes once more the valid UTF-8 that stands from `from` to `to`, both before here; eight bytes at a time, as a `Constant`. */
  again(from: number, to: number): void {
    const length = to - from;
    const { at, bytes, window } = this;
    this.at = at + length;
    if (this.at >= bytes.length) return;
    let i = 0;
    for (const last = length - 8; i <= last; i += 8) window.setFloat64(at + i, window.getFloat64(from + i, true), true);
    for (; i < length; i++) bytes[at + i] = bytes[from + i] as number;
  }

  /** Copies what another writer holds; up to seven bytes after it are overwritten, which the next write fills. */
  all(source: ByteWriter): void {
    const length = source.at;
    if (length > WORDS_LIMIT || !this.roomFor(length + 7) || !source.roomFor(7)) {
      this.range(source.bytes, 0, length);
      return;
    }
    const { at, window } = this;
    const words = source.window;
    for (let i = 0; i < length; i += 8) {
      window.setInt32(at + i, words.getInt32(i, true), true);
      window.setInt32(at + i + 4, words.getInt32(i + 4, true), true);
    }
    this.at = at + length;
  }

  #copy(source: Uint8Array): void {
    const start = this.at;
    this.at = start + source.length;
    if (this.at <= this.bytes.length) this.bytes.set(source, start);
  }

  /** Text whose characters are all below U+0100, one byte each. */
  latin1(text: string): void {
    const start = this.at;
    const length = text.length;
    this.at = start + length;
    if (length < LATIN1_LOOP_LIMIT) {
      const bytes = this.bytes;
      for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i);
    } else if (this.at <= this.bytes.length) {
      this.bytes.write(text, start, length, 'latin1');
    }
  }

  /** Any text as UTF-8. */
  utf8(text: string): void {
    const start = this.at;
    const length = Buffer.byteLength(text, 'utf8');
    this.at = start + length;
    if (this.at <= this.bytes.length) this.bytes.write(text, start, length, 'utf8');
  }

  /** A whole number in decimal; exact for every safe integer. */
  integer(value: number): void {
    if (value < 0) {
      this.bytes[this.at++] = MINUS;
      value = -value;
    }
    if (value <= 0xffffffff) this.at = putUint32(this.bytes, this.at, value >>> 0);
    else this.#large(value);
  }

  /** Above 2^32, up to 2^53: two parts of at most ten digits, without making a string. */
  #large(value: number): void {
    let head = Math.floor(value / BILLION);
    let tail = value - head * BILLION;
    if (tail < 0) {
      head--;
      tail += BILLION;
    }
    this.integer(head);
    this.digits(tail, 9);
  }

  /** Exactly `count` decimal digits of `value` (0 to 2^32 − 1), zeros in front. */
  digits(value: number, count: number): void {
    this.at = putDigits(this.bytes, this.at, value, count);
  }
}

/** Below this many bytes a loop copies faster than a view and a native call. */
const COPY_LOOP_LIMIT = 48;
/** The same without a view. */
const WHOLE_LOOP_LIMIT = 12;
/** Above this many bytes a native copy is faster than eight of them at a time. */
const WORDS_LIMIT = 128;
const LATIN1_LOOP_LIMIT = 24;
const MINUS = 0x2d;
const BILLION = 1_000_000_000;

type Used = { -readonly [K in 'bytes' | 'window']: ByteWriter[K] };

function windowOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
