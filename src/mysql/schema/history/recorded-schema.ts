import type { TableName } from '../../../core/notice.ts';
import type { DatabaseDefaults, SchemaSnapshot, TrackedTable } from '../ddl/index.ts';
import { Schema } from '../ddl/index.ts';

/** What became of a schema: tables and databases as they are after it, or gone. */
export interface SchemaDelta {
  readonly tables: readonly TrackedTable[];
  readonly removed: readonly TableName[];
  readonly databases: SchemaSnapshot['databases'];
  readonly removedDatabases: readonly string[];
}

/** A schema that knows what was changed in it since it was last asked. */
export class RecordedSchema extends Schema {
  readonly #tables = new Map<string, { readonly name: TableName; readonly before: TrackedTable | undefined }>();
  readonly #databases = new Set<string>();

  constructor(snapshot?: SchemaSnapshot) {
    super();
    for (const { name, charset, collation } of snapshot?.databases ?? []) super.setDatabase(name, { charset, collation });
    for (const table of snapshot?.tables ?? []) super.put(table);
  }

  override put(table: TrackedTable): void {
    this.#touch(table);
    super.put(table);
  }

  override remove(name: TableName): void {
    this.#touch(name);
    super.remove(name);
  }

  override setDatabase(name: string, defaults: DatabaseDefaults): void {
    this.#databases.add(name);
    super.setDatabase(name, defaults);
  }

  override removeDatabase(name: string): void {
    for (const table of this.tables(name)) this.#touch(table);
    this.#databases.add(name);
    super.removeDatabase(name);
  }

  /** As it was before the changes since `take`; what was not changed, as it is. */
  before({ database, name }: TableName): TrackedTable | undefined {
    const touched = this.#tables.get(keyOf({ database, name }));
    return touched === undefined ? this.table(database, name) : touched.before;
  }

  /** Tables that were changed since `take`. */
  touched(): TableName[] {
    return Array.from(this.#tables.values(), ({ name }) => name);
  }

  /** Puts a table back to what it was at the last `take`. */
  restore(name: TableName): void {
    const before = this.before(name);
    if (before === undefined) super.remove(name);
    else super.put(before);
    this.#tables.delete(keyOf(name));
  }

  /** What was changed since the last time; null for nothing. */
  take(): SchemaDelta | null {
    if (this.#tables.size + this.#databases.size === 0) return null;
    const names = this.touched();
    const databases = [...this.#databases].map((name) => ({ name, defaults: this.database(name) }));
    this.#tables.clear();
    this.#databases.clear();
    return {
      tables: names.flatMap(({ database, name }) => this.table(database, name) ?? []),
      removed: names.filter(({ database, name }) => this.table(database, name) === undefined),
      databases: databases.flatMap(({ name, defaults }) => (defaults === undefined ? [] : [{ name, ...defaults }])),
      removedDatabases: databases.flatMap(({ name, defaults }) => (defaults === undefined ? [name] : [])),
    };
  }

  #touch({ database, name }: TableName): void {
    const key = keyOf({ database, name });
    if (!this.#tables.has(key)) this.#tables.set(key, { name: { database, name }, before: this.table(database, name) });
  }
}

/** Brings a schema to what it was after the change. */
export function applyDelta(schema: Schema, delta: SchemaDelta): void {
  for (const name of delta.removedDatabases) schema.removeDatabase(name);
  for (const name of delta.removed) schema.remove(name);
  for (const { name, charset, collation } of delta.databases) schema.setDatabase(name, { charset, collation });
  for (const table of delta.tables) schema.put(table);
}

/** No name holds U+0000. */
function keyOf({ database, name }: TableName): string {
  return `${database}\0${name}`;
}
