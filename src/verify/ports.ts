import type { Header } from '../core/ports.ts';
import type { RowImage } from '../core/row-image.ts';

/** A record of a topic, as it was committed. */
export interface LogRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970, of its batch. */
  readonly time: number;
}

/** Where the partitions of a topic begin or end, by partition. */
export type Offsets = readonly bigint[];

/** Committed records of a topic. */
export interface TopicLog {
  readonly topic: string;
  /** The offsets of the first records that are still there. @throws RowcastError SINK_* */
  starts(): Promise<Offsets>;
  /** Behind the last committed record; `high`: behind the last record, also of transactions that are still open. @throws RowcastError SINK_* */
  ends(kind: 'stable' | 'high'): Promise<Offsets>;
  /** Committed records of a partition from an offset on, some megabytes at most and perhaps none, and the offset behind them; open transactions are waited for. @throws RowcastError SINK_* */
  fetch(partition: number, from: bigint): Promise<{ readonly records: readonly LogRecord[]; readonly next: bigint }>;
}

/** A row as SELECT shows it. */
export interface SelectedRow {
  /** Valid until the next row is asked for. */
  readonly image: RowImage;
  /** Literals of SQL, one for each column of the primary key. */
  readonly key: SqlKey;
}

export type SqlKey = readonly string[];

/** Rows of one table, read without locks; each call sees what is committed at its time. */
export interface TableRows {
  /** The next rows in the order of the primary key, at most `limit`; the answer is how many there were, and their bytes. @throws RowcastError SOURCE_* */
  chunk(after: SqlKey | null, limit: number, take: (row: SelectedRow) => void): Promise<{ readonly rows: number; readonly bytes: number; readonly last: SqlKey | null }>;
  /** Those of these rows that are there. @throws RowcastError SOURCE_* */
  find(keys: readonly SqlKey[], take: (row: SelectedRow) => void): Promise<void>;
}

/** A place in the server's binlog, behind all that a SELECT before it saw. */
export interface ServerPoint {
  /** For people. */
  readonly label: string;
  readonly state: unknown;
}

/** Tells how far the daemon is. */
export interface Daemon {
  /** The end of the binlog now. @throws RowcastError SOURCE_* */
  point(): Promise<ServerPoint>;
  /** Whether all up to the point is in the topics (Invariant 1), and where the daemon is. @throws RowcastError CHECKPOINT_*, SINK_* */
  passed(point: ServerPoint): Promise<{ readonly passed: boolean; readonly at: string }>;
}
