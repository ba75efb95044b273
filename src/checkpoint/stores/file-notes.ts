import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { NoteStore } from '../../core/ports.ts';
import type { Json } from '../../core/position.ts';
import { readIfThere, replaceFile } from './atomic-file.ts';
import { writing } from './file-store.ts';
import { seal, unseal } from './sealed-json.ts';

const KIND = { format: 'rowcast-notes', version: 1 };

/** A source's notes in a sealed file beside the checkpoint; the checkpoint's lock covers it. */
export class FileNoteStore implements NoteStore {
  readonly #path: string;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = resolve(path);
  }

  async load(): Promise<Json | null> {
    const text = await readIfThere(this.#path);
    return text === null ? null : unseal(KIND, this.#path, text);
  }

  /** Calls that overlap are written one after the other, the last one last. */
  save(notes: Json): Promise<void> {
    const turn = this.#last.then(() => this.#write(notes));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #write(notes: Json): Promise<void> {
    return writing(this.#path, async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await replaceFile(this.#path, seal(KIND, notes));
    });
  }
}
