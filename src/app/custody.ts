import type { Config } from '../config/compile.ts';
import type { FileCheckpointStore } from '../checkpoint/stores/file-store.ts';
import { Backoff } from '../core/backoff.ts';
import { asRowcastError } from '../core/errors.ts';
import type { RowcastError } from '../core/errors.ts';
import type { NoteStore } from '../core/notes.ts';
import type { Checkpoint, CheckpointStore, Logger } from '../core/ports.ts';
import type { KafkaCheckpointStore } from '../sink/kafka/checkpoint-store.ts';
import { storesOf } from './stores.ts';
import type { StoreContext, Stores } from './stores.ts';

/** The position of a daemon and the schema history beside it for as long as it runs: locked, loaded, imported from files where they moved. */
export class Custody {
  readonly #stores: Stores;
  readonly #logger: Logger;
  /** The local files are somebody else's to lock and to let go. */
  readonly #lent: boolean;
  #checkpoint: Checkpoint | null = null;
  #imported = false;

  /** `held`: the local files, where whoever calls has locked them, and lets go of them. */
  constructor(config: Config, context: StoreContext, held: FileCheckpointStore | null = null) {
    this.#stores = storesOf(config, context, held);
    this.#logger = context.logger;
    this.#lent = held !== null;
  }

  /** For people: `topic shop.checkpoint`. */
  get label(): string {
    return this.#stores.label;
  }

  get store(): CheckpointStore {
    return this.#stores.store;
  }

  /** The schema history, where the position is. */
  get notes(): NoteStore {
    return this.#stores.notes;
  }

  /** The store where it is a topic. */
  get topic(): KafkaCheckpointStore | null {
    return this.#stores.topic;
  }

  /** Where reading begins; null where nothing was saved. */
  get checkpoint(): Checkpoint | null {
    return this.#checkpoint;
  }

  /** It comes from a file, and is not saved in the store yet. */
  get imported(): boolean {
    return this.#imported;
  }

  /**
   * Takes the lock of the local files, then the position. A server that cannot be reached is asked again until `stop`, and
   * `trouble` is told why, and null once it answers.
   * @throws RowcastError CHECKPOINT_*, HISTORY_*, SINK_AUTH, SINK_REFUSED
   */
  async open(stop: AbortSignal, trouble: (error: RowcastError | null) => void = () => undefined): Promise<void> {
    const { store, file } = this.#stores;
    if (!this.#lent) await file.open();
    if (store !== file) await this.#reach(() => store.open(), stop, trouble);
    await this.#reach(async () => { this.#checkpoint = await store.load(); }, stop, trouble);
    if (stop.aborted || store === file) return;
    if (this.#checkpoint !== null) {
      await this.#reach(() => this.#importNotes(), stop, trouble);
      return;
    }
    this.#checkpoint = await file.load();
    this.#imported = this.#checkpoint !== null;
    if (!this.#imported) return;
    await this.#moveNotes();
    this.#logger.info('the position of a checkpoint file is taken over', { to: this.#stores.label, position: this.#checkpoint?.position.label });
  }

  /** A history of the position may still be in a file, from when only positions were kept elsewhere. */
  async #importNotes(): Promise<void> {
    const { fileNotes, notes } = this.#stores;
    if (!fileNotes.exists || (await notes.load()) !== null) return;
    await this.#moveNotes();
    await this.#retire(() => fileNotes.retire());
  }

  /** The history of a file's position is that of the file, or none: what else is there belongs to another position. Durable before that one (Invariant 8). */
  async #moveNotes(): Promise<void> {
    const { fileNotes, notes, label } = this.#stores;
    const kept = await fileNotes.load();
    if (kept === null) {
      await notes.clear();
      return;
    }
    await notes.save(kept.base, kept.entries);
    this.#logger.info('the schema history of a file is taken over', { beside: label, entries: kept.entries.length });
  }

  /** A position was saved: what was imported counts no more. */
  async saved(): Promise<void> {
    if (!this.#imported) return;
    this.#imported = false;
    const { file, fileNotes } = this.#stores;
    await this.#retire(async () => {
      if (fileNotes.exists) await fileNotes.retire();
      await file.retire();
    });
  }

  async close(): Promise<void> {
    const { store, file } = this.#stores;
    if (store !== file) await store.close();
    if (!this.#lent) await file.close();
  }

  async #retire(put: () => Promise<void>): Promise<void> {
    try {
      await put();
    } catch (error) {
      this.#logger.warn('a file that was imported could not be put aside; it is not read again as long as the other place has its content', { error: asRowcastError(error).message });
    }
  }

  async #reach(attempt: () => Promise<void>, stop: AbortSignal, trouble: (error: RowcastError | null) => void): Promise<void> {
    const backoff = new Backoff();
    while (!stop.aborted) {
      try {
        await attempt();
        trouble(null);
        return;
      } catch (thrown) {
        const error = asRowcastError(thrown);
        if (error.code !== 'SINK_LOST' && error.code !== 'CHECKPOINT_LOST') throw error;
        trouble(error);
        this.#logger.warn('the checkpoint cannot be reached, trying again', { code: error.code, error: error.message, hint: error.hint });
        await backoff.pause(stop);
      }
    }
  }
}
