import type { TableName } from '../../../core/notice.ts';
import type { SchemaSnapshot } from '../ddl/index.ts';
import type { HistoryBase, HistoryEntry, LostTable, Recapture } from './entry.ts';
import { FormerNames } from './names.ts';
import type { HistoryPlace } from './place.ts';
import type { SchemaDelta } from './recorded-schema.ts';
import { applyDelta, RecordedSchema } from './recorded-schema.ts';

/** What is known of the tables at one place: the schema, the tables that nobody knows, the recaptured ones, and the names they had. */
export class Knowledge {
  readonly schema: RecordedSchema;
  readonly names: FormerNames;
  readonly #lost: Map<string, LostTable>;
  readonly #recaptures: Map<string, Recapture>;
  #newlyLost: LostTable[] = [];
  #newRecaptures: Recapture[] = [];

  constructor(of: SchemaSnapshot & Pick<HistoryBase, 'lost' | 'recaptures' | 'names'>) {
    this.schema = new RecordedSchema(of);
    this.names = new FormerNames(of.names);
    this.#lost = new Map(of.lost.map((table) => [tableKey(table), table]));
    this.#recaptures = new Map(of.recaptures.map((table) => [tableKey(table), table]));
  }

  /** Tables that are there and that nobody knows. */
  lost(): readonly LostTable[] {
    return [...this.#lost.values()];
  }

  /** True for a table that is there and that nobody knows. */
  isLost({ database, name }: TableName): boolean {
    return this.#lost.has(tableKey({ database, name }));
  }

  /** True for a table that is there, known or not. */
  has({ database, name }: TableName): boolean {
    return this.schema.table(database, name) !== undefined || this.#lost.has(tableKey({ database, name }));
  }

  /** From here on nobody knows the table. */
  lose(table: LostTable): void {
    this.schema.remove(table);
    this.#newlyLost.push(table);
    this.#lost.set(tableKey(table), table);
  }

  /** The table is as it was put into the schema, statements up to `until` included. */
  recapture(table: Recapture): void {
    this.#newRecaptures.push(table);
    this.#recaptures.set(tableKey(table), table);
  }

  recaptureOf(table: TableName): Recapture | undefined {
    return this.#recaptures.get(tableKey(table));
  }

  /** What has changed since the last time, as an entry; null for nothing. */
  take(place: HistoryPlace): HistoryEntry | null {
    const delta = this.schema.take();
    const [lost, recaptures] = [this.#newlyLost, this.#newRecaptures];
    this.#newlyLost = [];
    this.#newRecaptures = [];
    if (delta !== null) this.#forgetNames(delta, lost);
    const names = this.names.take();
    if (delta === null && lost.length + recaptures.length + names.length === 0) return null;
    const entry = { ...(delta ?? NOTHING), place, lost, recaptures, names };
    this.#note(entry);
    return entry;
  }

  apply(entry: HistoryEntry): void {
    applyDelta(this.schema, entry);
    this.schema.take();
    this.#note(entry);
    this.names.apply(entry.names);
  }

  base(place: HistoryPlace): HistoryBase {
    return { ...this.schema.snapshot(), place, lost: this.lost(), recaptures: [...this.#recaptures.values()], names: this.names.all() };
  }

  /** Tables that are there no more. */
  #forgetNames({ removed, removedDatabases }: SchemaDelta, lost: readonly LostTable[]): void {
    const there = new Set(lost.map(tableKey));
    for (const table of removed) if (!there.has(tableKey(table))) this.names.remove(table);
    if (removedDatabases.length > 0) for (const chain of this.names.all()) if (removedDatabases.includes(chain.database)) this.names.remove(chain);
  }

  #note({ tables, removed, removedDatabases, lost, recaptures }: HistoryEntry): void {
    for (const table of [...tables, ...removed]) this.#lost.delete(tableKey(table));
    for (const [key, { database }] of this.#lost) if (removedDatabases.includes(database)) this.#lost.delete(key);
    for (const table of lost) this.#lost.set(tableKey(table), table);
    for (const table of recaptures) this.#recaptures.set(tableKey(table), table);
  }
}

/** A key for maps: no name holds U+0000. */
export function tableKey({ database, name }: TableName): string {
  return `${database}\0${name}`;
}

const NOTHING = { tables: [], removed: [], databases: [], removedDatabases: [] } as const;
