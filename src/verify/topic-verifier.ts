import { join } from 'node:path';
import { RowcastError } from '../core/errors.ts';
import type { Candidate } from './candidates.ts';
import { Candidates } from './candidates.ts';
import { differing } from './digest.ts';
import type { FoldedRow } from './fold.ts';
import { Fold } from './fold.ts';
import type { Daemon, LogRecord, TopicLog } from './ports.ts';
import type { Difference, TableCounts } from './report.ts';
import { countUncompared, differentColumns } from './report.ts';
import { scan } from './scan.ts';
import type { ReadTable } from './settling.ts';
import { Settling } from './settling.ts';
import { GONE, SEEN, SET, Spill, TRUNCATED } from './spill.ts';
import type { TopicState, VerifyState } from './state.ts';
import type { Reading, ToldRows } from './topic-rows.ts';
import { TopicRows } from './topic-rows.ts';
import type { VerifiedTable } from './verified-table.ts';

/** How far it is, for people. */
export interface Progress {
  readonly phase: 'topic' | 'table' | 'compare';
  /** The topic, or the table. */
  readonly what: string;
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
}

export interface VerifierParts {
  readonly tables: readonly ReadTable[];
  readonly reading: Reading;
  readonly log: TopicLog;
  readonly daemon: Daemon;
  readonly state: VerifyState;
  readonly signal: AbortSignal;
  /** Rows of a SELECT at most. */
  readonly chunk: number;
  readonly patience: number;
  readonly progress: (progress: Progress) => void;
  /** Told of each difference. False: enough was found. */
  readonly found: (difference: Difference) => boolean;
}

/** Rows that are looked at again at once. */
const CANDIDATES = 20_000;
const ROWS_PER_FILE = 20_000;
const MIN_FILES = 16;
const MAX_FILES = 1_024;
const SAVE_MS = 2_000;
/** A transaction may be in the topic some moments, in milliseconds, before a SELECT shows it. */
const GRACE_MS = 1_000;

/** Compares the tables of one topic with it: folds the topic into files, reads the tables into them, compares file by file, and looks again at rows that differ. */
export class TopicVerifier {
  readonly #parts: VerifierParts;
  readonly #state: TopicState;
  #spill: Spill | null = null;
  #saved = Date.now();
  #endsAt = 0;
  /** Tables whose reading began right after the end of the topic was taken. */
  readonly #early = new Set<number>();

  constructor(parts: VerifierParts) {
    this.#parts = parts;
    this.#state = parts.state.topic(parts.log.topic, parts.tables.map(({ table }) => table.label));
  }

  /** @throws RowcastError VERIFY_*, SOURCE_*, SINK_* */
  async run(): Promise<TopicState> {
    // Compared before, and its files removed.
    if (this.#state.buckets > 0 && this.#state.compared === this.#state.buckets) return this.#state;
    const spill = await this.#open();
    await this.#foldTopic(spill);
    for (const table of this.#parts.tables) await this.#readTable(spill, table);
    await this.#compare(spill);
    await spill.remove();
    return this.#state;
  }

  async #open(): Promise<Spill> {
    const { log, state } = this.#parts;
    const own = this.#state;
    if (own.ends === null) {
      const [starts, ends] = [await log.starts(), await log.ends('stable')];
      this.#endsAt = Date.now();
      const messages = ends.reduce((sum, end, partition) => sum + Number(end - (starts[partition] ?? 0n)), 0);
      own.starts = starts.map(String);
      own.folded = starts.map(String);
      own.ends = ends.map(String);
      own.buckets = Math.min(MAX_FILES, Math.max(MIN_FILES, Math.ceil(messages / ROWS_PER_FILE)));
    } else await this.#stillThere(own.folded);
    const spill = new Spill(join(state.folder, `topic-${Buffer.from(log.topic).toString('hex').slice(0, 200)}`), own.buckets);
    await spill.open(own.sizes.length === 0 ? null : own.sizes);
    this.#spill = spill;
    return spill;
  }

  async #stillThere(needed: readonly string[]): Promise<void> {
    const starts = await this.#parts.log.starts();
    if (starts.every((start, partition) => start <= BigInt(needed[partition] ?? 0))) return;
    throw new RowcastError('VERIFY_REFUSED', `messages of topic ${this.#parts.log.topic} that the comparison has not read yet were deleted meanwhile`, { hint: 'Remove the folder of --state and begin anew.' });
  }

  async #foldTopic(spill: Spill): Promise<void> {
    const { log, tables, reading, progress, signal } = this.#parts;
    const own = this.#state;
    const reads = new TopicRows(reading, tables.map(({ table }) => table), this.#into(spill));
    const [ends, starts] = [(own.ends ?? []).map(BigInt), own.starts.map(BigInt)];
    const total = ends.reduce((sum, end, partition) => sum + Number(end - (starts[partition] ?? 0n)), 0);
    for (const [partition, to] of ends.entries()) {
      for (let from = BigInt(own.folded[partition] ?? 0); from < to; from = BigInt(own.folded[partition] ?? 0)) {
        signal.throwIfAborted();
        const { records, next } = await log.fetch(partition, from);
        for (const record of records) if (record.offset < to) reads.read(record);
        own.folded[partition] = String(next < to ? next : to);
        own.unreadable = { count: own.unreadable.count + reads.unreadable.count, first: own.unreadable.first ?? reads.unreadable.first };
        Object.assign(reads.unreadable, { count: 0, first: null });
        if (spill.full) await spill.flush();
        progress({ phase: 'topic', what: log.topic, done: own.folded.reduce((sum, at, i) => sum + Number(BigInt(at) - (starts[i] ?? 0n)), 0), total });
        await this.#save(false);
      }
    }
    for (const { table, expected } of tables) {
      const known = this.#table(table);
      known.strange = [...new Set([...known.strange, ...reads.strange(table)])].filter((name) => !expected.strange.has(name));
    }
    await this.#save(true);
  }

  #into(spill: Spill): ToldRows {
    return {
      row: ({ table, id, digests, record }) => {
        spill.add({ kind: digests === null ? GONE : SET, table: table.index, id, digests: digests ?? NOTHING, partition: record.partition, offset: record.offset, time: record.time, key: [] });
      },
      truncated: (table, record) => {
        this.#mayTruncate(table, record);
        const { partition, offset, time } = record;
        spill.addToAll({ kind: TRUNCATED, table: table.index, id: '', digests: NOTHING, partition, offset, time, key: [] });
      },
    };
  }

  #mayTruncate({ label }: VerifiedTable, { partition, offset }: LogRecord): void {
    if (this.#state.starts.length === 1) return;
    throw new RowcastError('VERIFY_REFUSED', `topic ${this.#parts.log.topic} tells that ${label} was truncated (offset ${String(offset)} of partition ${String(partition)}), and has several partitions, so nobody can tell which rows came before`);
  }

  #follow(into: Candidates): TopicRows {
    const { reading, tables } = this.#parts;
    return new TopicRows(reading, tables.map(({ table }) => table), {
      row: (told) => { into.row(told); },
      truncated: (table, record) => {
        this.#mayTruncate(table, record);
        into.truncated(table);
      },
    });
  }

  async #readTable(spill: Spill, { table, rows, expected }: ReadTable): Promise<void> {
    const own = this.#table(table);
    if (own.done) return;
    const { signal, chunk, progress } = this.#parts;
    if (Date.now() < this.#endsAt + GRACE_MS) this.#early.add(table.index);
    await scan(rows, { after: own.after, signal, rows: chunk }, ({ image, key }) => {
      const row = expected.of(image);
      if (row === null) return;
      own.counts.rows++;
      spill.add({ kind: SEEN, table: table.index, id: row.id, digests: row.digests, partition: 0, offset: 0n, time: 0, key });
    }, async (last) => {
      own.after = last;
      own.counts.unanswered += expected.unanswered;
      expected.unanswered = 0;
      if (spill.full) await spill.flush();
      progress({ phase: 'table', what: table.label, done: own.counts.rows, total: null });
      await this.#save(false);
    });
    own.done = true;
    await this.#save(true);
  }

  async #compare(spill: Spill): Promise<void> {
    const own = this.#state;
    const from = (own.ends ?? []).map(BigInt);
    let candidates = new Candidates();
    for (let bucket = own.compared; bucket < spill.count; bucket++) {
      this.#parts.signal.throwIfAborted();
      const fold = new Fold();
      for await (const row of spill.read(bucket)) fold.take(row);
      for (const row of fold.rows.values()) if (!this.#agrees(row)) candidates.add(row);
      this.#parts.progress({ phase: 'compare', what: this.#parts.log.topic, done: bucket + 1, total: spill.count });
      if (candidates.rows.size < CANDIDATES && bucket + 1 < spill.count) continue;
      if (candidates.rows.size > 0) await this.#settle(candidates, from);
      candidates = new Candidates();
      own.compared = bucket + 1;
      await this.#save(true);
    }
  }

  #agrees({ table, seen, told }: FoldedRow): boolean {
    const one = this.#parts.tables[table];
    if (seen === null || told === null || one === undefined) return seen === told;
    if (differing(seen, told).length > 0) return false;
    countUncompared(one.table, told, this.#table(one.table).counts);
    return true;
  }

  async #settle(candidates: Candidates, from: readonly bigint[]): Promise<void> {
    const { tables, log, daemon, patience, signal } = this.#parts;
    await this.#stillThere(from.map(String));
    const settling = new Settling({ tables, log, daemon, patience, signal, early: this.#early, reads: (into) => this.#follow(into) });
    await settling.settle(candidates, from, (one, what) => {
      const table = tables[one.table]?.table;
      if (table === undefined) return;
      const { counts } = this.#table(table);
      if (what === 'moving') counts.moving++;
      else if (what === 'different') this.#tell(table, one, counts);
      else if (one.told !== null) countUncompared(table, one.told, counts);
    });
  }

  #tell(table: VerifiedTable, { id, seen, told, place }: Candidate, counts: TableCounts): void {
    const kind = seen === null ? 'extra' : told !== null ? 'different' : place === null && this.#state.starts.some((start) => start !== '0') ? 'unknown' : 'missing';
    counts[kind]++;
    const message = place === null ? null : { partition: place.partition, offset: String(place.offset) };
    const difference = { kind, table: table.label, key: id, columns: seen !== null && told !== null ? differentColumns(table, seen, told) : [], message } as const;
    this.#parts.state.keep(difference);
    if (!this.#parts.found(difference)) throw new EnoughFound();
  }

  #table({ label }: VerifiedTable): TopicState['tables'][string] {
    const known = this.#state.tables[label];
    if (known === undefined) throw new RowcastError('INTERNAL', `${label} is not in the state`);
    return known;
  }

  /** What is saved is in the files before. */
  async #save(now: boolean): Promise<void> {
    const spill = this.#spill;
    if (spill === null || (!now && Date.now() - this.#saved < SAVE_MS)) return;
    this.#saved = Date.now();
    await spill.flush();
    this.#state.sizes = await spill.sizes();
    await this.#parts.state.save();
  }
}

/** Ends a comparison that found as many differences as were asked for. */
export class EnoughFound extends Error {}

const NOTHING = Buffer.alloc(0);
