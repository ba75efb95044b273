import type { NoteStore } from '../../core/notes.ts';
import type { Json } from '../../core/position.ts';

/** Notes that last as long as the process. */
export function memoryNotes(): NoteStore {
  let base: Json | null = null;
  let entries: Json[] = [];
  return {
    load: () => Promise.resolve(base === null ? null : { base, entries: [...entries] }),
    save: (given, after = []) => {
      base = given;
      entries = [...after];
      return Promise.resolve();
    },
    append: (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    clear: () => {
      base = null;
      entries = [];
      return Promise.resolve();
    },
  };
}
