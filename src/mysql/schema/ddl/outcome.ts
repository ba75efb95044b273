import type { TableChange, TableName } from '../../../core/notice.ts';

/** What a statement came to. */
export type DdlOutcome =
  /** The schema has it. One change for each tracked table that it changed, `before` and `after` being tracked tables; none where it changed none, or only a database's defaults. */
  | { readonly kind: 'applied'; readonly changes: readonly TableChange[] }
  /** It cannot change a tracked table: routines, users, views, triggers, events, temporary tables, tablespaces, tables that are not captured. Told without parsing. */
  | { readonly kind: 'irrelevant' }
  /** TRUNCATE TABLE of a captured table: the schema stays as it is, the rows are gone. */
  | { readonly kind: 'truncated'; readonly table: TableName }
  /**
   * It could not be parsed or applied, or changes a table that the schema lacks: these tables, as they are named after
   * it, must be looked at again; all captured ones of `databases` too. The schema is as it was. `renames`: in their order,
   * as far as its words tell.
   */
  | { readonly kind: 'unknown'; readonly tables: readonly TableName[]; readonly databases: readonly string[]; readonly renames: readonly Rename[]; readonly why: string };

/** A table takes another name. */
export interface Rename {
  readonly from: TableName;
  readonly to: TableName;
}
