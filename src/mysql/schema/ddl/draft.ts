import type { TableChange, TableName } from '../../../core/notice.ts';
import type { DatabaseDefaults, TrackedTable } from './model.ts';
import type { Schema } from './schema.ts';

/** True for the tables that the schema is to hold. */
type Captures = (database: string, name: string) => boolean;

/** What a statement does to a schema, gathered first and done at once: a statement that cannot be followed leaves nothing behind. */
export class Draft {
  readonly #schema: Schema;
  readonly #captures: Captures;
  readonly #changes: TableChange[] = [];
  readonly #tables = new Map<string, TrackedTable | null>();
  readonly #databases = new Map<string, DatabaseDefaults | null>();

  constructor(schema: Schema, captures: Captures) {
    this.#schema = schema;
    this.#captures = captures;
  }

  /** As the statement has left it so far. */
  table(name: TableName): TrackedTable | undefined {
    const drafted = this.#tables.get(keyOf(name));
    return drafted === undefined ? this.#schema.table(name.database, name.name) : (drafted ?? undefined);
  }

  captures({ database, name }: TableName): boolean {
    return this.#captures(database, name);
  }

  create(table: TrackedTable): void {
    const name = nameOf(table);
    if (!this.captures(name)) return;
    this.#tables.set(keyOf(name), table);
    this.#changes.push({ kind: 'create', before: null, after: table, table: name, renamedFrom: null });
  }

  drop(table: TrackedTable): void {
    const name = nameOf(table);
    this.#tables.set(keyOf(name), null);
    this.#changes.push({ kind: 'drop', before: table, after: null, table: name, renamedFrom: null });
  }

  /** `renameOnly`: nothing but the name is another. */
  change(before: TrackedTable, after: TrackedTable, renameOnly = false): void {
    const [from, to] = [nameOf(before), nameOf(after)];
    const renamed = keyOf(from) !== keyOf(to);
    if (renamed) this.#tables.set(keyOf(from), null);
    this.#tables.set(keyOf(to), this.captures(to) ? after : null);
    this.#changes.push({ kind: renameOnly ? 'rename' : 'alter', before, after, table: to, renamedFrom: renamed ? from : null });
  }

  setDatabase(name: string, defaults: DatabaseDefaults): void {
    this.#databases.set(name, defaults);
  }

  dropDatabase(name: string): void {
    for (const table of this.#schema.tables(name)) this.drop(table);
    this.#databases.set(name, null);
  }

  /** Brings the schema to what was drafted. */
  commit(): readonly TableChange[] {
    for (const [key, table] of this.#tables) {
      if (table === null) this.#schema.remove(nameOfKey(key));
      else this.#schema.put(table);
    }
    for (const [name, defaults] of this.#databases) {
      if (defaults === null) this.#schema.removeDatabase(name);
      else this.#schema.setDatabase(name, defaults);
    }
    return this.#changes;
  }
}

function nameOf({ database, name }: TableName): TableName {
  return { database, name };
}

/** No name holds a zero. */
function keyOf({ database, name }: TableName): string {
  return `${database}\0${name}`;
}

function nameOfKey(key: string): TableName {
  const [database = '', name = ''] = key.split('\0');
  return { database, name };
}
