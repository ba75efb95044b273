import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RowcastError } from '../core/errors.ts';
import type { Difference, TableCounts } from './report.ts';
import { noCounts } from './report.ts';
import type { Unreadable } from './topic-rows.ts';

/** How far the comparison of one topic is. Offsets are text. */
export interface TopicState {
  /** Offsets that the fold of the topic ends at; null before they were asked for. */
  ends: string[] | null;
  /** Where the partitions began then. */
  starts: string[];
  /** Up to where each partition is folded. */
  folded: string[];
  /** Bytes of the files of rows that belong to this state; empty before the first. */
  sizes: number[];
  /** Files of rows; 0 before it was decided. */
  buckets: number;
  /** Files that are compared. */
  compared: number;
  unreadable: Unreadable;
  /** By table. */
  readonly tables: Record<string, TableState>;
}

export interface TableState {
  /** The key of the last row that was read; null before the first. */
  after: readonly string[] | null;
  done: boolean;
  readonly counts: TableCounts;
  /** Names that messages have and the table does not. */
  strange: readonly string[];
}

interface Document {
  readonly fingerprint: string;
  readonly topics: Record<string, TopicState>;
  /** Found so far. */
  readonly differences: Difference[];
}

/** Remembers how far a comparison is, in a folder. */
export class VerifyState {
  readonly folder: string;
  readonly #document: Document;

  private constructor(folder: string, document: Document) {
    this.folder = folder;
    this.#document = document;
  }

  /** @param fingerprint of all that the result depends on @throws RowcastError CONFIG_INVALID where the folder is of another comparison */
  static async open(folder: string, fingerprint: string): Promise<VerifyState> {
    await mkdir(folder, { recursive: true });
    if (!existsSync(join(folder, FILE))) return new VerifyState(folder, { fingerprint, topics: {}, differences: [] });
    const document = JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Document;
    if (document.fingerprint === fingerprint) return new VerifyState(folder, document);
    throw new RowcastError('CONFIG_INVALID', `${folder} holds the state of a comparison with another configuration, other tables or other columns`, { hint: 'Remove the folder to begin anew, or name another one.' });
  }

  topic(name: string, tables: readonly string[]): TopicState {
    const known = this.#document.topics[name];
    if (known !== undefined) return known;
    const made: TopicState = { ends: null, starts: [], folded: [], sizes: [], buckets: 0, compared: 0, unreadable: { count: 0, first: null }, tables: Object.fromEntries(tables.map((table) => [table, { after: null, done: false, counts: noCounts(), strange: [] }])) };
    this.#document.topics[name] = made;
    return made;
  }

  get differences(): readonly Difference[] {
    return this.#document.differences;
  }

  keep(difference: Difference): void {
    this.#document.differences.push(difference);
  }

  /** Atomic; what it tells of is in the files of rows before. */
  async save(): Promise<void> {
    const path = join(this.folder, FILE);
    await writeFile(`${path}.new`, JSON.stringify(this.#document));
    await rename(`${path}.new`, path);
  }
}

const FILE = 'verify.json';
