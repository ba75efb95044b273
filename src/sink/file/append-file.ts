import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const NEWLINE = 0x0a;
const LOOK = 64 * 1024;

/** Where lines are appended. */
export interface LineFile {
  /** Durable when it resolves. After a rejection the same lines must come again. */
  append(parts: readonly Buffer[]): Promise<void>;
  close(): Promise<void>;
}

/** A file of whole lines. A write that failed halfway is repeated at the same place, so no line is torn or doubled by it. */
export class AppendFile implements LineFile {
  readonly #handle: FileHandle;
  #size: number;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** Opens or creates it; what follows the last newline, the torn line of a crash, is cut off: it was never confirmed. */
  static async open(path: string): Promise<AppendFile> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o640);
    try {
      const { size } = await handle.stat();
      const whole = await wholeLines(handle, size);
      if (whole < size) await handle.truncate(whole);
      return new AppendFile(handle, whole);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async append(parts: readonly Buffer[]): Promise<void> {
    let at = this.#size;
    for (const part of parts) {
      for (let done = 0; done < part.length; ) {
        const { bytesWritten } = await this.#handle.write(part, done, part.length - done, at);
        done += bytesWritten;
        at += bytesWritten;
      }
    }
    await this.#handle.datasync();
    this.#size = at;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Where the last newline of the first `size` bytes ends. */
async function wholeLines(handle: FileHandle, size: number): Promise<number> {
  const bytes = Buffer.alloc(LOOK);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - LOOK);
    const { bytesRead } = await handle.read(bytes, 0, end - start, start);
    const newline = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
