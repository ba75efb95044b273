import type { DdlOutcome } from './outcome.ts';
import type { Schema } from './schema.ts';
import type { DdlStatement, Dialect } from './statement.ts';

/** Where statements are applied. */
export interface DdlContext {
  readonly dialect: Dialect;
  /** True for the tables that the schema is to hold, by name as the server keeps it. */
  readonly captures: (database: string, name: string) => boolean;
}

/** Brings the schema from before the statement to after it, or leaves it and says what cannot be known. Never throws for a statement, whatever it says. */
export type ApplyDdl = (schema: Schema, statement: DdlStatement, context: DdlContext) => DdlOutcome;
