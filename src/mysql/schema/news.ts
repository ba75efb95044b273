import type { SchemaNotice, TableChange, TableName } from '../../core/notice.ts';

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
