import type { Json } from './position.ts';

/** What a source has noted: a base, and what came after it, in order. */
export interface Notes {
  readonly base: Json;
  readonly entries: readonly Json[];
}

/** Keeps a source's own notes beside the checkpoint, durable before any position that needs them is saved. One call at a time. */
export interface NoteStore {
  /** @throws RowcastError HISTORY_DAMAGED, HISTORY_FOREIGN */
  load(): Promise<Notes | null>;
  /** A new base with nothing after it, in place of all that was there; never half of it. @throws RowcastError CHECKPOINT_UNWRITABLE */
  save(base: Json): Promise<void>;
  /** One more entry. Durable when it resolves; the cost is that of the entry. @throws RowcastError CHECKPOINT_UNWRITABLE */
  append(entry: Json): Promise<void>;
}
