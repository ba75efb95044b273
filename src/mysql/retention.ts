import { keptBytes, keptSeconds } from './preflight/retention.ts';
import type { SavedPoint } from './stream/points.ts';
import type { BinlogFile, ServerFacts } from './stream/server-facts.ts';

/** How long the server keeps what a daemon needs, seen at one moment. */
export interface Retention {
  /** Milliseconds since 1970, by the clock of this process, from which on the server may purge it for its age; null: never. */
  readonly expiresAt: number | null;
  /** Bytes that may be written until the server purges it because there is too much; null: any number. */
  readonly room: number | null;
  /** Bytes from the beginning of the oldest file that is needed to the end. */
  readonly held: number;
  /** Bytes that were written since this process looked first. */
  readonly written: number;
  /** Seconds for which the server keeps a finished file; null: for ever. */
  readonly kept: number | null;
}

/** What is asked of the server for it. */
export interface RetentionQuestions {
  /** Seconds since 1970 by the server's clock. */
  readonly clock: () => Promise<number>;
  readonly files: () => Promise<readonly BinlogFile[]>;
  /** Seconds since 1970 when a file was begun. */
  readonly created: (file: string) => Promise<number>;
}

/**
 * Looks again and again how long the server keeps the files that a restart would need. A server purges a finished file a
 * given time after the last write to it, which is when the next one was begun. The file that it writes to now may be
 * finished at once. That files which somebody reads now are spared does not count: the daemon may lose its connection.
 */
export class RetentionWatch {
  #created: { readonly file: string; readonly at: number } | null = null;
  #end: BinlogFile | null = null;
  #written = 0;

  /** Null where the position is of another server, or tells no file. @throws RowcastError SOURCE_* */
  async look(needs: SavedPoint, facts: ServerFacts, { clock, files, created }: RetentionQuestions): Promise<Retention | null> {
    if (needs.file === '' || needs.server !== facts.identity) return null;
    const listed = await files();
    this.#count(listed);
    const names = [needs.file, ...(needs.prepared ?? []).filter(({ server }) => server === facts.identity).map(({ file }) => file)];
    const oldest = Math.min(...names.map((name) => listed.findIndex((file) => file.name === name)));
    const [kept, bytes] = [keptSeconds(facts), keptBytes(facts)];
    const common = { written: this.#written, kept };
    if (oldest < 0) return { ...common, expiresAt: 0, room: bytes === null ? null : 0, held: 0 };
    const held = listed.slice(oldest).reduce((sum, { size }) => sum + size, 0);
    const room = bytes === null ? null : Math.max(0, bytes - held);
    if (kept === null) return { ...common, expiresAt: null, room, held };
    const next = listed[oldest + 1];
    const now = await clock();
    const finished = next === undefined ? now : await this.#begun(next.name, created);
    return { ...common, expiresAt: Date.now() + (finished + kept - now) * 1000, room, held };
  }

  /** When a file was begun does not change, and finding it out takes a connection. */
  async #begun(file: string, created: (file: string) => Promise<number>): Promise<number> {
    if (this.#created?.file !== file) this.#created = { file, at: await created(file) };
    return this.#created.at;
  }

  #count(files: readonly BinlogFile[]): void {
    const before = this.#end;
    this.#end = files.at(-1) ?? null;
    const from = before === null ? -1 : files.findIndex(({ name }) => name === before.name);
    if (before === null || from < 0) return;
    this.#written += Math.max(0, files.slice(from).reduce((sum, { size }) => sum + size, 0) - before.size);
  }
}
