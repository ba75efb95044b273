import type { TableName } from '../../../core/notice.ts';
import type { DatabaseDefaults, TrackedTable } from './model.ts';

/** A schema's contents: values that may be kept and shared. */
export interface SchemaSnapshot {
  readonly tables: readonly TrackedTable[];
  readonly databases: readonly (DatabaseDefaults & { readonly name: string })[];
}

/** The tables and databases that are known, by name as the server keeps it. Tables are immutable, so a snapshot is a list of them. */
export class Schema {
  readonly #databases = new Map<string, DatabaseDefaults>();
  readonly #tables = new Map<string, Map<string, TrackedTable>>();

  constructor(snapshot?: SchemaSnapshot) {
    for (const { name, charset, collation } of snapshot?.databases ?? []) this.setDatabase(name, { charset, collation });
    for (const table of snapshot?.tables ?? []) this.put(table);
  }

  table(database: string, name: string): TrackedTable | undefined {
    return this.#tables.get(database)?.get(name);
  }

  /** Adds the table or takes it in place of the one with its name. */
  put(table: TrackedTable): void {
    let tables = this.#tables.get(table.database);
    if (tables === undefined) {
      tables = new Map<string, TrackedTable>();
      this.#tables.set(table.database, tables);
    }
    tables.set(table.name, table);
  }

  remove({ database, name }: TableName): void {
    this.#tables.get(database)?.delete(name);
  }

  /** All tables, or those of one database. */
  *tables(database?: string): IterableIterator<TrackedTable> {
    if (database !== undefined) yield* this.#tables.get(database)?.values() ?? [];
    else for (const tables of this.#tables.values()) yield* tables.values();
  }

  database(name: string): DatabaseDefaults | undefined {
    return this.#databases.get(name);
  }

  setDatabase(name: string, defaults: DatabaseDefaults): void {
    this.#databases.set(name, { charset: defaults.charset, collation: defaults.collation });
  }

  /** Removes a database with its tables. */
  removeDatabase(name: string): void {
    this.#databases.delete(name);
    this.#tables.delete(name);
  }

  snapshot(): SchemaSnapshot {
    return { tables: [...this.tables()], databases: Array.from(this.#databases, ([name, defaults]) => ({ name, ...defaults })) };
  }
}
