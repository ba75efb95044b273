import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { RowcastError } from '../../core/errors.ts';
import { closedStream } from './valve.ts';

/** Bytes that are written, or read ahead, at a time. */
const BLOCK = 1 << 20;

/**
 * A temporary file of held events: bytes appended in order, read again in order. Its name stays the same, so that what a
 * killed process left is overwritten, and removed by the next start.
 */
export class SpillFile {
  readonly #path: string;
  #file: FileHandle | null = null;
  #closed = false;
  /** Bytes in the file, and of the block that waits to be written. */
  #written = 0;
  #block: Buffer = NOTHING;
  #filled = 0;
  /** Of reading: where in the file the window begins, its bytes, and what of them was taken. */
  #window: Buffer = NOTHING;
  #windowAt = 0;
  #windowEnd = 0;
  #taken = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get length(): number {
    return this.#written + this.#filled;
  }

  /** The bytes of both must stay as they are until a returned promise settles. @throws RowcastError HELD_UNWRITABLE */
  append(head: Buffer, bytes: Buffer): void | Promise<void> {
    const size = head.length + bytes.length;
    if (this.#block.length === 0) this.#block = Buffer.allocUnsafeSlow(BLOCK);
    if (this.#filled + size > BLOCK) return this.#flush().then(() => size > BLOCK ? this.#large(head, bytes) : this.append(head, bytes));
    head.copy(this.#block, this.#filled);
    bytes.copy(this.#block, this.#filled + head.length);
    this.#filled += size;
  }

  /** Forgets what comes after the first `length` bytes. */
  cut(length: number): void {
    this.#filled = Math.max(0, Math.min(this.#filled, length - this.#written));
    this.#written = Math.min(this.#written, length);
  }

  /** Reading begins with the first byte. */
  async rewind(): Promise<void> {
    await this.#flush();
    this.#windowAt = this.#windowEnd = this.#taken = 0;
  }

  /** The next `count` bytes, at `start` of the buffer and valid until the next call; undefined: call `fetch` first. */
  take(count: number): { readonly bytes: Buffer; readonly start: number } | undefined {
    if (this.#windowEnd - this.#taken < count) return undefined;
    const start = this.#taken;
    this.#taken += count;
    return { bytes: this.#window, start };
  }

  /** Has the next `count` bytes ready. @throws RowcastError HELD_UNWRITABLE where they cannot be read */
  async fetch(count: number): Promise<void> {
    const rest = this.#window.subarray(this.#taken, this.#windowEnd);
    const size = Math.max(BLOCK, count);
    const next = this.#window.length === size ? this.#window : Buffer.allocUnsafeSlow(size);
    rest.copy(next);
    this.#windowAt += this.#taken;
    this.#window = next;
    this.#windowEnd = rest.length;
    this.#taken = 0;
    while (this.#windowEnd < count) {
      const at = this.#windowAt + this.#windowEnd;
      const { bytesRead } = await this.#act((file) => file.read(next, this.#windowEnd, Math.min(size - this.#windowEnd, this.#written - at), at));
      if (bytesRead === 0) throw this.#failed(new Error('it is shorter than what was written'));
      this.#windowEnd += bytesRead;
    }
  }

  /** For good: what is asked for then, or still under way, fails, and no file is made any more. `clear` removes it. */
  close(): void {
    this.#closed = true;
  }

  /** Empties it: its buffers and the file go. */
  clear(): void | Promise<void> {
    this.#written = this.#filled = this.#windowAt = this.#windowEnd = this.#taken = 0;
    this.#block = this.#window = NOTHING;
    const file = this.#file;
    this.#file = null;
    return file === null ? undefined : file.close().then(() => rm(this.#path, { force: true }));
  }

  async #large(head: Buffer, bytes: Buffer): Promise<void> {
    await this.#write(head);
    await this.#write(bytes);
  }

  async #flush(): Promise<void> {
    await this.#write(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#act((file) => file.write(bytes, at, bytes.length - at, this.#written + at));
      at += bytesWritten;
    }
    this.#written += bytes.length;
  }

  async #act<T>(act: (file: FileHandle) => Promise<T>): Promise<T> {
    try {
      const file = this.#file ?? (await this.#open());
      return await act(file);
    } catch (cause) {
      throw this.#closed ? closedStream() : this.#failed(cause);
    }
  }

  async #open(): Promise<FileHandle> {
    this.#mustBeOpen();
    const file = await open(this.#path, 'w+', 0o600);
    this.#file = file;
    // Closed while it was opened: nobody else removes it.
    if (this.#closed) await this.clear();
    this.#mustBeOpen();
    return file;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw closedStream();
  }

  #failed(cause: unknown): RowcastError {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new RowcastError('HELD_UNWRITABLE', `a transaction that is held until its end cannot be kept in ${this.#path}: ${message}`, { cause, facts: { path: this.#path } });
  }
}

const NOTHING = Buffer.alloc(0);
