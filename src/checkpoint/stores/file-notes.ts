import { mkdir, open, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RowcastError } from '../../core/errors.ts';
import type { NoteStore, Notes } from '../../core/notes.ts';
import { damagedNotes, entryLine, notesText, readNotesText } from '../../core/notes-text.ts';
import type { Json } from '../../core/position.ts';
import { Turns } from '../../core/turns.ts';
import { readIfThere, replaceFile } from './atomic-file.ts';
import { writing } from './file-store.ts';

/** Where the file ends, and the digest of its last line, which the next one goes on from. */
interface End {
  readonly size: number;
  readonly digest: string;
}

/**
 * A source's notes as text in a file beside the checkpoint, whose lock covers it. A base is put in place of the whole file
 * (Invariant 7); an entry is appended. A last line without its end is that of a crash: it was never confirmed, so no position
 * needs it, and the next entry is written over it.
 */
export class FileNoteStore implements NoteStore {
  readonly #path: string;
  readonly #name: string;
  readonly #turns = new Turns();
  #end: End | null = null;

  /** `name` is that of the configuration. */
  constructor(path: string, name: string) {
    this.#path = resolve(path);
    this.#name = name;
  }

  /** Something is there, whatever it is. */
  get exists(): boolean {
    return existsSync(this.#path);
  }

  load(): Promise<Notes | null> {
    return this.#turns.take(() => this.#load());
  }

  save(base: Json, entries: readonly Json[] = []): Promise<void> {
    return this.#turns.take(() => writing(this.#path, async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      const { text, digest } = notesText(this.#name, { base, entries });
      await replaceFile(this.#path, text);
      this.#end = { size: Buffer.byteLength(text), digest };
    }));
  }

  append(entry: Json): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#end === null) await this.#load();
      const end = this.#end;
      if (end === null) throw new RowcastError('INTERNAL', 'an entry was appended to notes without a base');
      await writing(this.#path, () => this.#append(entry, end));
    });
  }

  clear(): Promise<void> {
    return this.#turns.take(() => writing(this.#path, async () => {
      await rm(this.#path, { force: true });
      this.#end = null;
    }));
  }

  /** What is kept here has found another place: the file is put aside. */
  retire(): Promise<void> {
    return this.#turns.take(() => writing(this.#path, async () => {
      await rename(this.#path, `${this.#path}.imported`);
      this.#end = null;
    }));
  }

  async #append(entry: Json, end: End): Promise<void> {
    const { text, digest } = entryLine(end.digest, entry);
    const line = Buffer.from(text);
    const file = await open(this.#path, 'r+');
    try {
      await file.truncate(end.size);
      for (let done = 0; done < line.length; ) done += (await file.write(line, done, line.length - done, end.size + done)).bytesWritten;
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#end = { size: end.size + line.length, digest };
  }

  async #load(): Promise<Notes | null> {
    const text = await readIfThere(this.#path);
    if (text === null) return null;
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '') throw damagedNotes(this.#path, 'it has no whole line');
    const { notes, digest } = readNotesText(whole, { where: this.#path, name: this.#name });
    this.#end = { size: Buffer.byteLength(whole), digest };
    return notes;
  }
}
