import type { SelectedRow, SqlKey, TableRows } from './ports.ts';

/** Rows of the first chunk, of which nobody knows how large they are. */
const FIRST_ROWS = 32;
/** Bytes that a chunk should have. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const CHUNK_ROWS = 5_000;

/** Where a reading of a table begins, and what ends it. */
export interface ScanFrom {
  readonly after: SqlKey | null;
  readonly signal: AbortSignal;
  /** Rows of a chunk at most. @default 5000 */
  readonly rows?: number;
}

/** Reads a table by chunks in the order of its key, each a SELECT of its own. `done` is told the key after each chunk. */
export async function scan(table: TableRows, { after, signal, rows: most = CHUNK_ROWS }: ScanFrom, take: (row: SelectedRow) => void, done: (last: SqlKey, rows: number) => Promise<void>): Promise<void> {
  let last = after;
  for (let limit = Math.min(FIRST_ROWS, most); ; ) {
    signal.throwIfAborted();
    const chunk = await table.chunk(last, limit, take);
    if (chunk.last === null) return;
    last = chunk.last;
    await done(last, chunk.rows);
    if (chunk.rows < limit) return;
    limit = Math.max(1, Math.min(most, limit * 8, Math.floor(CHUNK_BYTES / Math.max(1, chunk.bytes / chunk.rows))));
  }
}
