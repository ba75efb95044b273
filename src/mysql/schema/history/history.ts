import type { NoteStore } from '../../../core/notes.ts';
import type { Flavor } from '../../binlog/options.ts';
import { closedStream } from '../../binlog/valve.ts';
import type { HistoryBase, HistoryEntry } from './entry.ts';
import { isCurrent, readBase, readEntry, writeBase, writeEntry } from './entry.ts';
import { Knowledge } from './knowledge.ts';
import type { HistoryPlace } from './place.ts';
import { reaches } from './place.ts';

/** What a history is made with. */
export interface HistoryOptions {
  readonly notes: NoteStore;
  readonly flavor: Flavor;
  /** A place that reading never goes back behind, where one is known. */
  readonly settled: () => HistoryPlace | null;
}

/** What loading came to: the tables are known as of the place, or why what was kept is of no use for it. */
export type Loaded = 'kept' | 'none' | 'newer' | 'elsewhere';

/** Bytes of entries above which the base moves forward, where it is not larger than they are. */
const COMPACT = 1 << 20;

/**
 * The tables as they were at each place of the binlog: all of them at one place, the base, and what became of them after it,
 * entry by entry. An entry is durable before reading goes on, so before any position behind it can be saved
 * (Invariant 1 for columns). What a place to read from does not reach is dropped when that place is loaded: the binlog
 * tells it again. The base never passes the saved position, since it cannot be taken back.
 */
export class SchemaHistory {
  readonly #options: HistoryOptions;
  #base: HistoryBase | null = null;
  #entries: HistoryEntry[] = [];
  #bytes = 0;
  #limit = COMPACT;
  #closed = false;
  /** As of the last entry. */
  now = new Knowledge(EMPTY);

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Takes what was kept, up to `at`. @throws RowcastError HISTORY_DAMAGED, HISTORY_FOREIGN, CHECKPOINT_UNWRITABLE */
  async load(at: HistoryPlace): Promise<Loaded> {
    const { notes, flavor } = this.#options;
    const kept = await notes.load();
    if (kept === null) return 'none';
    const base = readBase(kept.base);
    const entries = kept.entries.map(readEntry);
    const reached = entries.map(({ place }) => reaches(at, place, flavor));
    const fits = reaches(at, base.place, flavor);
    if (fits === null || reached.includes(null)) return 'elsewhere';
    if (!fits) return 'newer';
    const end = reached.indexOf(false);
    this.#base = base;
    this.#entries = end < 0 ? entries : entries.slice(0, end);
    this.now = new Knowledge(base);
    for (const entry of this.#entries) this.now.apply(entry);
    this.#bytes = 0;
    if (end >= 0 || !isCurrent(kept.base)) await this.#rewrite();
    return 'kept';
  }

  /** Begins anew. @throws RowcastError CHECKPOINT_UNWRITABLE */
  async begin(base: HistoryBase): Promise<void> {
    this.#base = base;
    this.#entries = [];
    this.now = new Knowledge(base);
    await this.#rewrite();
  }

  /** Keeps what has become of `now` since the last time, durably. @throws RowcastError CHECKPOINT_UNWRITABLE, SOURCE_LOST once it is closed */
  async commit(place: HistoryPlace): Promise<void> {
    if (this.#closed) throw closedStream();
    const entry = this.now.take(place);
    if (entry === null) return;
    const json = writeEntry(entry);
    this.#entries.push(entry);
    await this.#options.notes.append(json);
    this.#bytes += JSON.stringify(json).length;
    if (this.#bytes > this.#limit) await this.#rewrite();
  }

  /** From now on another history may go on in the same notes: what is still being found out is not written into its entries. */
  close(): void {
    this.#closed = true;
  }

  /** Writes all of it anew, with as much as can be in the base, so that it never grows without bound. */
  async #rewrite(): Promise<void> {
    const { notes } = this.#options;
    if (this.#base === null) return;
    const base = this.#folded(this.#base);
    const json = writeBase(base);
    const entries = this.#entries.map(writeEntry);
    await notes.save(json, entries);
    this.#bytes = entries.reduce<number>((sum, entry) => sum + JSON.stringify(entry).length, 0);
    this.#limit = Math.max(COMPACT, JSON.stringify(json).length) + 2 * this.#bytes;
  }

  /** The base with the entries in it that the settled place has behind it; those are entries no more. */
  #folded(base: HistoryBase): HistoryBase {
    const settled = this.#options.settled();
    const count = settled === null ? 0 : this.#entries.findIndex(({ place }) => reaches(settled, place, this.#options.flavor) !== true);
    const behind = count < 0 ? this.#entries.length : count;
    if (settled === null || behind === 0) return base;
    const state = new Knowledge(base);
    for (const entry of this.#entries.slice(0, behind)) state.apply(entry);
    this.#entries = this.#entries.slice(behind);
    this.#base = state.base(settled);
    return this.#base;
  }
}

const EMPTY = { tables: [], databases: [], lost: [], recaptures: [], names: [] } as const;
