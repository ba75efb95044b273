import type { Writable } from 'node:stream';
import type { Config } from '../config/compile.ts';
import type { Json } from '../core/position.ts';
import type { Problem } from '../core/problem.ts';

/** What the commands need of the daemon; `src/app.ts` has these as exports. */
export interface App {
  /** Runs until a signal asks it to stop, and resolves after a clean stop. @throws RowcastError what ended it */
  runDaemon(config: Config, options: RunOptions): Promise<void>;
  /** Connects to both ends and to every table, and tells all that is wrong. Throws nothing that a problem can tell. */
  checkAll(config: Config): Promise<readonly Problem[]>;
  /** What becomes of `table`, given as `database.table`. @throws RowcastError */
  explainTable(config: Config, table: string): Promise<Explanation>;
  /** What the schema history holds of `table`, or of all tables (null). @throws RowcastError */
  showSchema(config: Config, table: string | null): Promise<ShownSchema>;
  /** Takes `table` as the server shows it now for what it was at the saved position. @throws RowcastError CHECKPOINT_LOCKED while the daemon runs */
  recaptureTable(config: Config, table: string): Promise<ShownRecapture>;
  /** Writes the changes of the tables that match a pattern until `signal` aborts. @throws RowcastError */
  tailUrl(url: string, patterns: readonly string[], options: TailOptions): Promise<void>;
}

export interface RunOptions {
  /** Take the tables as they are now for what they were at the saved position. */
  readonly recaptureSchema: boolean;
}

export interface TailOptions {
  /** Gets the changes as JSON Lines in the plain format. The source waits while it is full. */
  readonly output: Writable;
  /** Ends the tail without an error. */
  readonly signal: AbortSignal;
  /** Lines of topic, key and value, as the stdout sink writes them, instead of values alone. @default false */
  readonly keys?: boolean;
}

/** A table of the schema history. */
export interface ShownTable {
  /** `database.table`. */
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly primaryKey: readonly string[];
}

/** The schema history as of the saved position. */
export interface ShownSchema {
  readonly position: string;
  /** A daemon runs with the checkpoint now. */
  readonly running: boolean;
  readonly tables: readonly ShownTable[];
  /** Tables that are there, and whose columns nobody knows. */
  readonly unknown: readonly { readonly table: string; readonly why: string }[];
  /** Entries behind the position, which are read again. */
  readonly later: number;
}

/** A table that was taken from the server for what it was at `position`; statements up to `until` are in its columns. */
export interface ShownRecapture extends ShownTable {
  readonly position: string;
  readonly until: string;
}

/** What becomes of one table. */
export interface Explanation {
  /** `database.table`. */
  readonly table: string;
  /** Why none of its rows is told; null when a route tells them. */
  readonly leftOut: 'no_route' | 'dropped' | null;
  /** The route that matches it, for people; null when none does. */
  readonly route: string | null;
  /** What the route makes of it; null when it is left out. */
  readonly plan: ExplainedPlan | null;
}

export interface ExplainedPlan {
  readonly topic: string;
  readonly format: string;
  /** Names of the key in messages, in order; empty for messages without a key. */
  readonly key: readonly string[];
  /** In table order. */
  readonly columns: readonly ExplainedColumn[];
  /** Columns of the table that are not shown. */
  readonly hidden: readonly string[];
  readonly where: string | null;
  readonly when: string | null;
  readonly operations: readonly string[];
  readonly tombstones: boolean;
  /** An insert with made-up or real values, as the route would send it. */
  readonly example: { readonly key: Json; readonly value: Json } | null;
}

export interface ExplainedColumn {
  /** In the table. */
  readonly column: string;
  /** In messages. */
  readonly name: string;
  /** As a person would declare it, for example `decimal(12,2)`. */
  readonly sqlType: string;
  /** How its value is hidden, null where it is not. */
  readonly mask: string | null;
}
