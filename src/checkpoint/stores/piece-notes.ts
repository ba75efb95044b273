import { RowcastError } from '../../core/errors.ts';
import type { NoteStore, Notes, PieceStore } from '../../core/notes.ts';
import { entryLine, notesText, readNotesText } from '../../core/notes-text.ts';
import type { Json } from '../../core/position.ts';
import { Turns } from '../../core/turns.ts';

/** How many pieces there are, and the digest of the last line, which the next one goes on from. */
interface End {
  readonly pieces: number;
  readonly digest: string;
}

/** A source's notes as text in pieces, in the place that keeps the position. No text is held after it was read or written. */
export class PieceNoteStore implements NoteStore {
  readonly #place: PieceStore;
  readonly #name: string;
  readonly #turns = new Turns();
  /** Null: nobody knows what is there, so it is read before the next entry. */
  #end: End | null = null;

  /** `name` is that of the configuration. */
  constructor(place: PieceStore, name: string) {
    this.#place = place;
    this.#name = name;
  }

  load(): Promise<Notes | null> {
    return this.#turns.take(() => this.#load());
  }

  save(base: Json, entries: readonly Json[] = []): Promise<void> {
    return this.#turns.take(async () => {
      const { text, digest } = notesText(this.#name, { base, entries });
      this.#end = null;
      this.#end = { pieces: await this.#place.write(0, Buffer.from(text)), digest };
    });
  }

  append(entry: Json): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#end === null) await this.#load();
      const end: End | null = this.#end;
      if (end === null) throw new RowcastError('INTERNAL', 'an entry was appended to notes without a base');
      const { text, digest } = entryLine(end.digest, entry);
      // A write that failed may have been done all the same.
      this.#end = null;
      this.#end = { pieces: await this.#place.write(end.pieces, Buffer.from(text)), digest };
    });
  }

  clear(): Promise<void> {
    return this.#turns.take(async () => {
      this.#end = null;
      await this.#place.write(0, new Uint8Array());
    });
  }

  async #load(): Promise<Notes | null> {
    this.#end = null;
    const pieces = await this.#place.read();
    if (pieces.length === 0) return null;
    const { notes, digest } = readNotesText(Buffer.concat(pieces).toString('utf8'), { where: this.#place.label, name: this.#name });
    this.#end = { pieces: pieces.length, digest };
    return notes;
  }
}
