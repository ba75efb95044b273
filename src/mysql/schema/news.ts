import type { SchemaNotice, TableChange, TableName } from '../../core/notice.ts';
import type { Rename } from './ddl/index.ts';
import type { Naming } from './history/names.ts';

/** How statements are judged. */
export interface NewsContext {
  /** True for the tables that some route takes. */
  readonly captures: (database: string, name: string) => boolean;
  /** The table that one is a shadow of; null for none. */
  readonly shadowOf: (database: string, name: string) => string | null;
}

/** What consumers are to know of the changes: those of captured tables, and of an online schema change only what it did to its table. */
export function toldChanges(changes: readonly TableChange[], context: NewsContext): TableChange[] {
  return withoutCutOver(changes, context).filter(({ table, renamedFrom }) => isTold(table, context) || (renamedFrom !== null && isTold(renamedFrom, context)));
}

/** What the changes mean for the names that tables had: the cut-over of an online schema change is no other name of its table. */
export function namingsOf(changes: readonly TableChange[], context: NewsContext): Naming[] {
  return withoutCutOver(changes, context).flatMap(({ kind, table, renamedFrom }): Naming[] => (renamedFrom !== null ? [{ from: renamedFrom, to: table }] : kind === 'create' ? [{ from: null, to: table }] : []));
}

/** A change for each rename of a statement that nobody could follow. */
export function renamesOf(renames: readonly Rename[]): TableChange[] {
  return renames.map(({ from, to }) => ({ kind: 'rename', before: null, after: null, table: to, renamedFrom: from }));
}

function isTold({ database, name }: TableName, { captures, shadowOf }: NewsContext): boolean {
  return captures(database, name) && shadowOf(database, name) === null;
}

/** The cut-over of gh-ost and pt-online-schema-change, `x TO _x_del, _x_gho TO x`, is a change of `x`. */
function withoutCutOver(changes: readonly TableChange[], { shadowOf }: NewsContext): TableChange[] {
  const isShadow = (shadow: TableName, of: TableName): boolean => shadow.database === of.database && shadowOf(shadow.database, shadow.name) === of.name;
  const left: TableChange[] = [];
  for (const change of changes) {
    const { renamedFrom, table } = change;
    const away = renamedFrom === null || !isShadow(renamedFrom, table) ? undefined : changes.find((other) => other.renamedFrom !== null && sameName(other.renamedFrom, table) && isShadow(other.table, table));
    if (away !== undefined) left.push({ kind: 'alter', before: away.before, after: change.after, table, renamedFrom: null });
    else if (renamedFrom === null || !isShadow(table, renamedFrom) || !changes.some((other) => sameName(other.table, renamedFrom))) left.push(change);
  }
  return left;
}

function sameName(one: TableName, other: TableName): boolean {
  return one.database === other.database && one.name === other.name;
}

const KINDS = new Map<string, TableChange['kind']>([['CREATE', 'create'], ['DROP', 'drop'], ['RENAME', 'rename']]);

/** The change of a table by a statement that nobody understood. */
export function unknownChange(verb: string, table: TableName, before: TableChange['before']): TableChange {
  return { kind: KINDS.get(verb) ?? 'alter', before, after: null, table: { database: table.database, name: table.name }, renamedFrom: null };
}

/** The notice's content; `database` where the statement is about one. */
export function schemaNews(sql: string, verb: string, database: string, changes: readonly TableChange[]): Omit<SchemaNotice, 'place'> {
  return { kind: 'schema', sql, verb, database: changes[0]?.table.database ?? database, changes };
}
