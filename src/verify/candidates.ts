import { differing, mergeDigests } from './digest.ts';
import type { FoldedRow, Place } from './fold.ts';
import { nameOf } from './fold.ts';
import type { ToldRow } from './topic-rows.ts';
import type { VerifiedTable } from './verified-table.ts';

/** A row that topic and table had differently when each was read, which is looked at again while both are followed. */
export interface Candidate {
  readonly table: number;
  readonly id: string;
  /** By the table when it was looked at last; null: it is not there. */
  seen: Buffer | null;
  key: readonly string[] | null;
  /** By the topic, as far as it was followed. */
  told: Buffer | null;
  place: Place | null;
  /** How the topic had it before `told`, and at every moment since the last look at the table began. */
  former: (Buffer | null)[];
  /** Messages came since the topic was folded. */
  touched: boolean;
  /** Messages came since the last look at the table began. */
  moved: boolean;
  /** In how many looks the table had none of these. */
  mismatches: number;
}

/** What a look at both sides says: they agree; they do not, for sure; or they must be looked at again. */
export type Verdict = 'equal' | 'different' | 'again';

/** In how many looks one after the other a row must differ. A transaction is in the binlog some moments before SELECT shows it. */
const SURE = 2;
/** States of a row in one look that are kept. */
const STATES = 500;

/** Rows that are followed. */
export class Candidates {
  readonly rows = new Map<string, Candidate>();

  add({ table, id, seen, told, key, place }: FoldedRow): void {
    this.rows.set(nameOf(table, id), { table, id, seen, key, told, place, former: [], touched: false, moved: false, mismatches: 0 });
  }

  /** A look at the table begins: what messages say from now on are states in which it may have seen rows. */
  look(): void {
    for (const one of this.rows.values()) {
      one.former = one.former.slice(-1);
      one.moved = false;
    }
  }

  row({ table, id, digests, record }: ToldRow): void {
    const one = this.rows.get(nameOf(table.index, id));
    if (one === undefined) return;
    const now = digests !== null && one.told !== null ? mergeDigests(digests, one.told) : digests;
    if (one.former.length < STATES) one.former.push(one.told);
    one.told = now;
    one.place = { partition: record.partition, offset: record.offset, time: record.time };
    one.touched = true;
    one.moved = true;
  }

  truncated(table: VerifiedTable): void {
    for (const one of this.rows.values()) {
      if (one.table !== table.index) continue;
      one.former.push(one.told);
      one.told = null;
      one.touched = true;
      one.moved = true;
    }
  }
}

/** What the last look at the table says, now that the topic was followed behind it. */
export function judge(one: Candidate): Verdict {
  if (agree(one.seen, one.told)) return 'equal';
  if (one.moved && one.former.some((state) => agree(one.seen, state))) {
    one.mismatches = 0;
    return 'again';
  }
  return ++one.mismatches >= SURE ? 'different' : 'again';
}

/** A row that the topic has and the table had not when it was read through; it was not looked for again. */
export function judgeExtra(one: Candidate, early: boolean): Verdict {
  if (one.told === null) return 'equal';
  return one.touched || early ? 'again' : 'different';
}

function agree(seen: Buffer | null, told: Buffer | null): boolean {
  if (seen === null || told === null) return seen === told;
  return differing(seen, told).length === 0;
}
