import type { ShownPosition } from '../app/position.ts';
import type { ShownRecapture, ShownSchema } from '../app/shown-schema.ts';
import type { TailOptions } from '../app/tail.ts';
import type { Verification } from '../app/verify/report.ts';
import type { VerifyOptions } from '../app/verify/verify.ts';
import type { Config } from '../config/compile.ts';
import type { StartAt } from '../core/ports.ts';
import type { Json } from '../core/position.ts';
import type { Problem } from '../core/problem.ts';

/** The saved position, wherever it is kept. */
export interface Positions {
  /** @throws RowcastError */
  showPosition(config: Config): Promise<ShownPosition>;
  /** Saves the position of a place that the server still has. @throws RowcastError CHECKPOINT_LOCKED while the daemon runs */
  setPosition(config: Config, place: StartAt): Promise<ShownPosition>;
  /** As text that `importPosition` takes. @throws RowcastError */
  exportPosition(config: Config): Promise<string>;
  /** @throws RowcastError CHECKPOINT_LOCKED while the daemon runs */
  importPosition(config: Config, text: string): Promise<ShownPosition>;
}

/** What the commands need of the daemon; `src/app.ts` has these as exports. */
export interface App extends Positions {
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
  /** Compares tables with their topics. Writes nothing at either end. @throws RowcastError */
  verifyTables(config: Config, options: VerifyOptions): Promise<Verification>;
  /** Writes the changes of the tables that match a pattern until `signal` aborts. @throws RowcastError */
  tailUrl(url: string, patterns: readonly string[], options: TailOptions): Promise<void>;
}

export interface RunOptions {
  /** Take the tables as they are now for what they were at the saved position. */
  readonly recaptureSchema: boolean;
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
