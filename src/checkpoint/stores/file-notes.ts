import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RowcastError } from '../../core/errors.ts';
import type { NoteStore, Notes } from '../../core/notes.ts';
import { parseJson } from '../../core/position.ts';
import type { Json } from '../../core/position.ts';
import { readIfThere, replaceFile } from './atomic-file.ts';
import { writing } from './file-store.ts';
import { isObject } from '../../core/sealed-json.ts';

const FORMAT = 'rowcast-schema-history';
const VERSION = 1;

/** Where the file ends, and the digest of its last line, which the next one goes on from. */
interface End {
  readonly size: number;
  readonly digest: string;
}

/**
 * A source's notes in a file of lines beside the checkpoint, whose lock covers it:
 * `{"format","version","name","sha256","body"}` with the base, then `{"sha256","body"}` for each entry. A digest is that of
 * the digest before it and the body's JSON text, so that a line that is damaged, missing or out of place shows. A base is
 * put in place of the whole file (Invariant 7); an entry is appended. A last line without its end is that of a crash: it
 * was never confirmed, so no position needs it, and the next entry is written over it.
 */
export class FileNoteStore implements NoteStore {
  readonly #path: string;
  readonly #name: string;
  #end: End | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** `name` is that of the configuration. */
  constructor(path: string, name: string) {
    this.#path = resolve(path);
    this.#name = name;
  }

  load(): Promise<Notes | null> {
    return this.#turn(() => this.#load());
  }

  save(base: Json): Promise<void> {
    return this.#turn(() => writing(this.#path, async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      const sha256 = digestOf('', base);
      const text = `${JSON.stringify({ format: FORMAT, version: VERSION, name: this.#name, sha256, body: base })}\n`;
      await replaceFile(this.#path, text);
      this.#end = { size: Buffer.byteLength(text), digest: sha256 };
    }));
  }

  append(entry: Json): Promise<void> {
    return this.#turn(async () => {
      if (this.#end === null) await this.#load();
      const end = this.#end;
      if (end === null) throw new RowcastError('INTERNAL', 'an entry was appended to notes without a base');
      await writing(this.#path, () => this.#append(entry, end));
    });
  }

  async #append(entry: Json, end: End): Promise<void> {
    const sha256 = digestOf(end.digest, entry);
    const line = Buffer.from(`${JSON.stringify({ sha256, body: entry })}\n`);
    const file = await open(this.#path, 'r+');
    try {
      await file.truncate(end.size);
      for (let done = 0; done < line.length; ) done += (await file.write(line, done, line.length - done, end.size + done)).bytesWritten;
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#end = { size: end.size + line.length, digest: sha256 };
  }

  async #load(): Promise<Notes | null> {
    const text = await readIfThere(this.#path);
    if (text === null) return null;
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [first, ...rest] = whole.split('\n').slice(0, -1).map((line, index) => this.#line(line, index));
    if (first === undefined) throw this.#damaged('it has no whole line');
    this.#mustBeOurs(first);
    let digest = this.#verified('', first, 0);
    const entries = rest.map((line, index) => {
      digest = this.#verified(digest, line, index + 1);
      return line.body ?? null;
    });
    this.#end = { size: Buffer.byteLength(whole), digest };
    return { base: first.body ?? null, entries };
  }

  #line(text: string, index: number): Readonly<Record<string, Json>> {
    try {
      const line = parseJson(text);
      if (isObject(line)) return line;
    } catch (cause) {
      throw this.#damaged(`line ${index + 1} is not JSON`, cause);
    }
    throw this.#damaged(`line ${index + 1} is no object`);
  }

  #mustBeOurs({ format, version, name }: Readonly<Record<string, Json>>): void {
    if (format !== FORMAT) throw this.#damaged(`it is not a ${FORMAT} file`);
    if (version !== VERSION) throw this.#damaged(`its version is ${JSON.stringify(version ?? null)}, this program reads version ${VERSION}`);
    if (name !== this.#name) throw new RowcastError('HISTORY_FOREIGN', `${this.#path} belongs to the daemon named ${JSON.stringify(name ?? null)}, this one is named ${JSON.stringify(this.#name)}`, { facts: { path: this.#path } });
  }

  #verified(before: string, { sha256, body }: Readonly<Record<string, Json>>, index: number): string {
    if (body === undefined || sha256 !== digestOf(before, body)) throw this.#damaged(`line ${index + 1} does not match its checksum`);
    return sha256;
  }

  #damaged(what: string, cause?: unknown): RowcastError {
    return new RowcastError('HISTORY_DAMAGED', `${this.#path} cannot be used: ${what}`, { cause, facts: { path: this.#path } });
  }

  /** Calls that overlap are done one after the other. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function digestOf(before: string, body: Json): string {
  return createHash('sha256').update(before).update(JSON.stringify(body)).digest('hex');
}
