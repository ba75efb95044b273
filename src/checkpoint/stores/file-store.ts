import { mkdir, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkpointText, readCheckpointText } from '../../core/checkpoint-text.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Checkpoint, CheckpointStore } from '../../core/ports.ts';
import { readIfThere, replaceFile } from './atomic-file.ts';
import { holdLock } from './file-lock.ts';

/** A checkpoint in a file, as sealed text; `path`.lock keeps a second daemon out. */
export class FileCheckpointStore implements CheckpointStore {
  readonly #path: string;
  readonly #name: string;
  readonly #lost: (error: RowcastError) => void;
  #release: (() => Promise<void>) | null = null;

  /** `name` is that of the configuration; `lost` is told when the lock was lost to another daemon. */
  constructor(path: string, name: string, lost: (error: RowcastError) => void) {
    this.#path = resolve(path);
    this.#name = name;
    this.#lost = lost;
  }

  async open(): Promise<void> {
    await writing(this.#path, () => mkdir(dirname(this.#path), { recursive: true }));
    this.#release = await holdLock(this.#path, (error) => {
      this.#release = null;
      this.#lost(error);
    });
  }

  async load(): Promise<Checkpoint | null> {
    const text = await readIfThere(this.#path);
    return text === null ? null : readCheckpointText(text, this.#path, this.#name);
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    if (this.#release === null) throw new RowcastError('CHECKPOINT_LOCKED', `the lock of ${this.#path} is not held`);
    await writing(this.#path, () => replaceFile(this.#path, checkpointText(this.#name, checkpoint)));
  }

  /** What is kept here has found another place: the file is put aside, so that nobody begins from it again. */
  async retire(): Promise<void> {
    await writing(this.#path, () => rename(this.#path, `${this.#path}.imported`));
  }

  async close(): Promise<void> {
    const release = this.#release;
    this.#release = null;
    await release?.();
  }
}

/** Runs a write; a failure becomes CHECKPOINT_UNWRITABLE with the system's reason. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RowcastError('CHECKPOINT_UNWRITABLE', `cannot write ${path}: ${reason}`, { cause, facts: { path } });
  }
}
