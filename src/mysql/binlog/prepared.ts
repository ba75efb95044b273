import { RowcastError } from '../../core/errors.ts';
import type { HeldRows } from './held-rows.ts';
import type { Progress } from './progress.ts';
import { gtidOf, type Group } from './transaction.ts';
import type { PreparedPlace, PreparedReader, XaCommit } from './xa.ts';

/** The rows of a prepared transaction, with its group and the file that it lies in. */
export interface KeptGroup {
  readonly group: Group;
  readonly file: string;
  readonly rows: HeldRows;
}

/** A commit by a group of a file. */
export function commitOf({ gtid, start, committedMicros }: Group, file: string): XaCommit & { readonly file: string; readonly position: number } {
  return { gtid, place: `${file}:${start}`, committedMicros, file, position: start };
}

/** Where it was prepared: `position()` must list it from the end of its group on. */
export function preparedPlace({ group, file, rows }: KeptGroup, xid: string, { server, gtids }: Progress): PreparedPlace {
  return { xid, gtid: gtidOf(group), server, file, position: group.start, before: group.gtid?.separator === '-' ? gtids : null, empty: rows.rows === 0 };
}

export interface PreparedParts {
  /** Bytes of rows that may be kept. */
  readonly memory: number;
  readonly reader: PreparedReader;
  /** A committed transaction cannot be told: nothing of it is in the binlog. */
  readonly untold: (xid: string) => void;
}

/**
 * XA transactions that are prepared and neither committed nor rolled back. Each is known by its place; the rows of the
 * latest ones are kept as well, as far as memory allows (Invariant 6), and those of others are read again.
 */
export class PreparedGroups {
  readonly #parts: PreparedParts;
  readonly #open: Map<string, PreparedPlace>;
  readonly #kept = new Map<string, KeptGroup>();
  #size = 0;

  constructor(open: readonly PreparedPlace[], parts: PreparedParts) {
    this.#parts = parts;
    this.#open = new Map(open.map((place) => [place.xid, place]));
  }

  /** By xid, oldest first. */
  get places(): ReadonlyMap<string, PreparedPlace> {
    return this.#open;
  }

  /** Prepared just now. */
  add(place: PreparedPlace, kept: KeptGroup): void {
    this.forget(place.xid);
    this.#open.set(place.xid, place);
    const { rows } = kept;
    if (rows.overflowed) return;
    this.#kept.set(place.xid, kept);
    this.#size += rows.size;
    for (const xid of this.#kept.keys()) {
      if (this.#size <= this.#parts.memory) break;
      this.#drop(xid);
    }
  }

  /** Tells the rows of one that is committed; `tell` hands over those that are kept. @throws RowcastError XA_PREPARE_LOST, SOURCE_* */
  commit(xid: string, commit: XaCommit & { readonly file: string; readonly position: number }, tell: (kept: KeptGroup) => void | Promise<void>): void | Promise<void> {
    const kept = this.#kept.get(xid);
    if (kept !== undefined) return kept.rows.rows === 0 ? undefined : tell(kept);
    const place = this.#open.get(xid);
    return place === undefined ? this.#find(xid, commit) : this.#reread(place, commit);
  }

  /** Its outcome is behind. */
  forget(xid: string): void {
    this.#drop(xid);
    this.#open.delete(xid);
  }

  clear(): void {
    this.#kept.clear();
    this.#size = 0;
  }

  #drop(xid: string): void {
    this.#size -= this.#kept.get(xid)?.rows.size ?? 0;
    this.#kept.delete(xid);
  }

  /** What had no captured rows when it was prepared may have some by now: routes change between two runs. */
  async #reread(place: PreparedPlace, commit: XaCommit): Promise<void> {
    try {
      await this.#parts.reader.reread(place, commit);
    } catch (error) {
      if (!place.empty || !(error instanceof RowcastError) || error.code !== 'XA_PREPARE_LOST') throw error;
    }
  }

  /** Prepared before reading began. */
  async #find(xid: string, commit: XaCommit & { readonly file: string; readonly position: number }): Promise<void> {
    const place = await this.#parts.reader.find(xid, commit);
    if (place === null) this.#parts.untold(xid);
    else await this.#parts.reader.reread(place, commit);
  }
}
