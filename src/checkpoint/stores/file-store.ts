import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RowcastError } from '../../core/errors.ts';
import type { Checkpoint, CheckpointStore } from '../../core/ports.ts';
import type { Json } from '../../core/position.ts';
import { readIfThere, replaceFile } from './atomic-file.ts';
import { holdLock } from './file-lock.ts';
import { damaged, isObject, seal, unseal } from './sealed-json.ts';

const KIND = { format: 'rowcast-checkpoint', version: 1 };

/** A checkpoint in a file: `{"name", "savedAt", "label", "state"}`, sealed; `path`.lock keeps a second daemon out. */
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
    if (text === null) return null;
    const body = unseal(KIND, this.#path, text);
    if (!isObject(body)) throw damaged(this.#path, 'it has no position');
    const { name, savedAt, label, state } = body;
    if (typeof savedAt !== 'number' || typeof label !== 'string' || state === undefined) throw damaged(this.#path, 'it has no position');
    if (name !== this.#name) throw new RowcastError('CHECKPOINT_FOREIGN', `${this.#path} belongs to the daemon named ${JSON.stringify(name)}, this one is named ${JSON.stringify(this.#name)}`);
    return { position: { state, label }, savedAt };
  }

  async save({ position, savedAt }: Checkpoint): Promise<void> {
    if (this.#release === null) throw new RowcastError('CHECKPOINT_LOCKED', `the lock of ${this.#path} is not held`);
    const body: Json = { name: this.#name, savedAt, label: position.label, state: position.state };
    await writing(this.#path, () => replaceFile(this.#path, seal(KIND, body)));
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
