import { setTimeout as sleep } from 'node:timers/promises';
import { RowcastError } from '../core/errors.ts';
import type { Candidate } from './candidates.ts';
import { Candidates, judge, judgeExtra } from './candidates.ts';
import type { Expected } from './expected.ts';
import { nameOf } from './fold.ts';
import type { Daemon, Offsets, SelectedRow, SqlKey, TableRows, TopicLog } from './ports.ts';
import { scan } from './scan.ts';
import type { TopicRows } from './topic-rows.ts';
import type { VerifiedTable } from './verified-table.ts';

/** A table and how it is read. */
export interface ReadTable {
  readonly table: VerifiedTable;
  readonly rows: TableRows;
  readonly expected: Expected;
}

/** What settling works with. */
export interface SettlingParts {
  readonly tables: readonly ReadTable[];
  readonly log: TopicLog;
  readonly daemon: Daemon;
  /** Makes rows of messages for these candidates. */
  readonly reads: (candidates: Candidates) => TopicRows;
  /** Tables that were read so soon after the end of the topic was taken that a row may have been in the topic alone for a moment. */
  readonly early: ReadonlySet<number>;
  /** Milliseconds that the daemon may stand still before a point that must be passed. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** What became of a candidate: `moving` ones agreed in each look with a state that the topic had then. */
export type Settled = (one: Candidate, what: 'equal' | 'different' | 'moving') => void;

/** A row that changes all the time is looked at so often. */
const LOOKS = 6;
/** Milliseconds between two looks, in which a transaction that is in the binlog comes to be seen by SELECT. */
const BETWEEN = 1_000;
const POLL = 200;
const KEYS_AT_ONCE = 200;

/**
 * Looks at rows again that differed, until each is settled. A look: the topic's committed end is taken, then the rows are
 * selected, then the server's position is; the daemon passes that, and the topic is followed from the first end to the
 * last. What SELECT saw must be one of the states that the topic had in between; a row without messages in between must be
 * as the topic has it.
 */
export class Settling {
  readonly #parts: SettlingParts;

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  /** @param from where the fold of the topic ended @throws RowcastError VERIFY_BEHIND, SOURCE_*, SINK_* */
  async settle(candidates: Candidates, from: Offsets, settled: Settled): Promise<void> {
    const reads = this.#parts.reads(candidates);
    let at = from;
    for (let look = 1; candidates.rows.size > 0; look++) {
      if (look > 1) await sleep(BETWEEN, undefined, { signal: this.#parts.signal });
      at = await this.#follow(reads, at, 'stable');
      candidates.look();
      await this.#select(candidates, look);
      await this.#wait();
      at = await this.#follow(reads, at, 'high');
      for (const [name, one] of candidates.rows) {
        const verdict = look === 1 && one.key === null ? judgeExtra(one, this.#parts.early.has(one.table)) : judge(one);
        if (verdict === 'again' && (look < LOOKS || one.mismatches > 0)) continue;
        candidates.rows.delete(name);
        settled(one, verdict === 'again' ? 'moving' : verdict);
      }
    }
  }

  async #follow(reads: TopicRows, from: Offsets, kind: 'stable' | 'high'): Promise<Offsets> {
    const { log, signal } = this.#parts;
    const ends = await log.ends(kind);
    for (const [partition, to] of ends.entries()) {
      for (let at = from[partition] ?? 0n; at < to; ) {
        signal.throwIfAborted();
        const { records, next } = await log.fetch(partition, at);
        for (const record of records) if (record.offset < to) reads.read(record);
        at = next;
      }
    }
    return ends.map((end, partition) => (end > (from[partition] ?? 0n) ? end : (from[partition] ?? 0n)));
  }

  /** Rows that the table had are found by their key; those that it never had in a reading of the whole table, once they have changed. */
  async #select(candidates: Candidates, look: number): Promise<void> {
    for (const { table, rows, expected } of this.#parts.tables) {
      const wanted = [...candidates.rows.values()].filter((one) => one.table === table.index);
      const keys: SqlKey[] = wanted.flatMap(({ key }) => (key === null ? [] : [key]));
      for (const one of wanted) if (one.key !== null) one.seen = null;
      const take = ({ image, key }: SelectedRow): void => {
        const found = expected.of(image);
        const one = found === null ? undefined : candidates.rows.get(nameOf(table.index, found.id));
        if (found === null || one === undefined) return;
        one.seen = found.digests;
        one.key = [...key];
      };
      for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) {
        this.#parts.signal.throwIfAborted();
        await rows.find(keys.slice(i, i + KEYS_AT_ONCE), take);
      }
      if (look > 1 && wanted.some(({ key }) => key === null)) await scan(rows, { after: null, signal: this.#parts.signal }, take, () => Promise.resolve());
    }
  }

  /** Until the daemon has passed the end of the binlog as it is now. */
  async #wait(): Promise<void> {
    const { daemon, patience, signal } = this.#parts;
    const point = await daemon.point();
    let last = '';
    let since = Date.now();
    for (;;) {
      const { passed, at } = await daemon.passed(point);
      if (passed) return;
      if (at !== last) {
        last = at;
        since = Date.now();
      } else if (Date.now() - since > patience) {
        throw new RowcastError('VERIFY_BEHIND', `rows differ, and whether they do for good shows when the daemon has passed ${point.label}; its saved position has stood at ${at} for ${String(Math.round(patience / 1000))} s`, { facts: { point: point.label, saved: at } });
      }
      await sleep(POLL, undefined, { signal });
    }
  }
}
