import type { ApplyDdl } from './contract.ts';

export type { ApplyDdl, DdlContext } from './contract.ts';
export type { DatabaseDefaults, KeyPart, TrackedColumn, TrackedKey, TrackedTable } from './model.ts';
export type { DdlOutcome, Rename } from './outcome.ts';
export { Schema, type SchemaSnapshot } from './schema.ts';
export { compareKeys, trackedTable } from './table.ts';
export { UNKNOWN_SESSION, type Collations, type DdlSession, type DdlStatement, type Dialect } from './statement.ts';

/**
 * Loads the SQL grammars, once; the tables of one are unpacked at its first statement. They cost nothing before: a daemon
 * that meets no DDL never needs them.
 */
export function loadDdl(): Promise<ApplyDdl> {
  loading ??= load();
  return loading;
}

let loading: Promise<ApplyDdl> | undefined;

async function load(): Promise<ApplyDdl> {
  const { DdlApplier, createGrammars } = await import('./load.ts');
  const applier = new DdlApplier(createGrammars());
  return (schema, statement, context) => applier.apply(schema, statement, context);
}
