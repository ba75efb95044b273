import { mergeDigests } from './digest.ts';
import { GONE, SEEN, SET, TRUNCATED } from './spill.ts';
import type { SpilledRow } from './spill.ts';

/** Where the last message about a row is. */
export interface Place {
  readonly partition: number;
  readonly offset: bigint;
  readonly time: number;
}

/** A row as the topic and the table have it. */
export interface FoldedRow {
  readonly table: number;
  readonly id: string;
  /** By the topic; null: it is not there. */
  told: Buffer | null;
  place: Place | null;
  /** By the table; null: it is not there. */
  seen: Buffer | null;
  /** Literals of its key, where the table had it. */
  key: readonly string[] | null;
}

/** Rows by table and id. */
export class Fold {
  readonly rows = new Map<string, FoldedRow>();

  /** Takes what was found in its order: of a topic partition by partition. */
  take(row: SpilledRow): void {
    if (row.kind === TRUNCATED) {
      for (const one of this.rows.values()) if (one.table === row.table) one.told = null;
      return;
    }
    const known = this.#row(row.table, row.id);
    if (row.kind === SEEN) {
      known.seen = row.digests;
      known.key = row.key;
      return;
    }
    if (isOlder(row, known.place)) return;
    known.place = { partition: row.partition, offset: row.offset, time: row.time };
    known.told = row.kind === GONE ? null : row.kind === SET && known.told !== null ? mergeDigests(row.digests, known.told) : row.digests;
  }

  #row(table: number, id: string): FoldedRow {
    const name = nameOf(table, id);
    const known = this.rows.get(name);
    if (known !== undefined) return known;
    const made: FoldedRow = { table, id, told: null, place: null, seen: null, key: null };
    this.rows.set(name, made);
    return made;
  }
}

/** What a row is called among those of all tables. */
export function nameOf(table: number, id: string): string {
  return `${String(table)}:${id}`;
}

/** A key that was in another partition once, when the topic had fewer, or another rule chose: time tells which message is newer. */
function isOlder({ partition, time }: SpilledRow, known: Place | null): boolean {
  return known !== null && known.partition !== partition && time < known.time;
}
