/** A table of the schema history. */
export interface ShownTable {
  /** `database.table`. */
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly primaryKey: readonly string[];
  /** Names that the table had before, oldest first, and the statement (`file:position` of its end) that ended each. */
  readonly formerly: readonly { readonly table: string; readonly until: string }[];
}

/** The schema history as of the saved position. */
export interface ShownSchema {
  readonly position: string;
  /** A daemon runs with the checkpoint now, so that there may be newer entries at any moment. */
  readonly running: boolean;
  readonly tables: readonly ShownTable[];
  /** Tables that are there, and whose columns nobody knows. */
  readonly unknown: readonly { readonly table: string; readonly why: string; readonly formerly: ShownTable['formerly'] }[];
  /** Entries behind the position, which are read again. */
  readonly later: number;
}

/** A table that was taken from the server for what it was at `position`; statements up to `until` are in its columns. */
export interface ShownRecapture extends ShownTable {
  readonly position: string;
  readonly until: string;
}
