import type { Json } from './position.ts';

/** What a source has noted: a base, and what came after it, in order. */
export interface Notes {
  readonly base: Json;
  readonly entries: readonly Json[];
}

/** Keeps a source's own notes beside the checkpoint, durable before any position that needs them is saved. One call at a time. */
export interface NoteStore {
  /** Null where there are none. @throws RowcastError HISTORY_DAMAGED, HISTORY_FOREIGN, and what keeps the place from being read */
  load(): Promise<Notes | null>;
  /** A new base with these entries after it, in place of all that was there; never half of it. @throws RowcastError CHECKPOINT_*, SINK_* */
  save(base: Json, entries?: readonly Json[]): Promise<void>;
  /** One more entry. Durable when it resolves; the cost is that of the entry. @throws RowcastError CHECKPOINT_*, SINK_* */
  append(entry: Json): Promise<void>;
  /** Forgets all that was there. @throws RowcastError CHECKPOINT_*, SINK_* */
  clear(): Promise<void>;
}

/** A text of any length in a place that takes limited sizes only: in pieces, numbered from 0. Written by the daemon alone that holds the position. */
export interface PieceStore {
  /** For people: `topic shop.checkpoint.schema`. */
  readonly label: string;
  /** All pieces, in order; none where nothing is kept. @throws RowcastError HISTORY_DAMAGED where one is missing, CHECKPOINT_*, SINK_* */
  read(): Promise<readonly Uint8Array[]>;
  /**
   * Puts `text` into pieces from number `from` on, in place of all that were there from it on: all of it or nothing, and
   * durable when it resolves. The answer is how many pieces there are now.
   * @throws RowcastError CHECKPOINT_*, SINK_*; SINK_FENCED, CHECKPOINT_LOCKED where another daemon holds the position, or none
   */
  write(from: number, text: Uint8Array): Promise<number>;
}
