import type { TableName } from '../../../core/notice.ts';
import type { Json } from '../../../core/position.ts';
import type { SchemaSnapshot } from '../ddl/index.ts';
import { damaged, readList, readRecord, readText } from './fields.ts';
import type { NameChain } from './names.ts';
import { readChains, writeChains } from './names.ts';
import type { HistoryPlace } from './place.ts';
import { readPlace, writePlace } from './place.ts';
import type { SchemaDelta } from './recorded-schema.ts';
import { readTables, writeTables } from './table-json.ts';

/** A captured table that is there, and whose columns nobody knows. */
export interface LostTable extends TableName {
  readonly why: string;
}

/** A table that was taken from the server on somebody's word: statements up to `until` are in its columns already. */
export interface Recapture extends TableName {
  readonly until: HistoryPlace;
}

/** All that was known at a place. */
export interface HistoryBase extends SchemaSnapshot {
  readonly place: HistoryPlace;
  readonly lost: readonly LostTable[];
  readonly recaptures: readonly Recapture[];
  /** Of tables that had other names. */
  readonly names: readonly NameChain[];
}

/** What became of it at a later place. */
export interface HistoryEntry extends SchemaDelta {
  /** A position that reaches it has the entry behind it. */
  readonly place: HistoryPlace;
  readonly lost: readonly LostTable[];
  readonly recaptures: readonly Recapture[];
  /** Of tables that have others than before; an empty chain of one that has none any more. */
  readonly names: readonly NameChain[];
}

/** 1 had no names. */
const FORMAT = 2;

export function writeBase({ place, tables, databases, lost, recaptures, names }: HistoryBase): Json {
  return { format: FORMAT, place: writePlace(place), schema: writeTables(tables), databases: writeDatabases(databases), lost: writeLost(lost), recaptures: writeRecaptures(recaptures), names: writeChains(names) };
}

/** True for a base that `writeBase` writes now: entries of now may follow it. */
export function isCurrent(json: Json): boolean {
  return readRecord(json).format === FORMAT;
}

/** @throws RowcastError HISTORY_DAMAGED */
export function readBase(json: Json): HistoryBase {
  const { format, place, schema, databases, lost, recaptures, names } = readRecord(json);
  if (format !== FORMAT && format !== 1) throw damaged(`its format is ${JSON.stringify(format ?? null)}, this program reads formats 1 to ${FORMAT}`);
  return { place: readPlace(place), tables: readTables(schema), databases: readDatabases(databases), lost: readLost(lost), recaptures: readRecaptures(recaptures), names: format === 1 ? [] : readChains(names) };
}

export function writeEntry({ place, tables, removed, databases, removedDatabases, lost, recaptures, names }: HistoryEntry): Json {
  return {
    place: writePlace(place),
    schema: writeTables(tables),
    removed: removed.map(({ database, name }) => [database, name]),
    databases: writeDatabases(databases),
    removedDatabases: [...removedDatabases],
    lost: writeLost(lost),
    recaptures: writeRecaptures(recaptures),
    names: writeChains(names),
  };
}

/** @throws RowcastError HISTORY_DAMAGED */
export function readEntry(json: Json): HistoryEntry {
  const entry = readRecord(json);
  return {
    place: readPlace(entry.place),
    tables: readTables(entry.schema),
    removed: readList(entry.removed).map(readName),
    databases: readDatabases(entry.databases),
    removedDatabases: readList(entry.removedDatabases).map(readText),
    lost: readLost(entry.lost),
    recaptures: readRecaptures(entry.recaptures),
    // Entries of format 1 have none.
    names: readChains(entry.names ?? []),
  };
}

function readName(json: Json): TableName {
  const [database, name] = readList(json);
  return { database: readText(database), name: readText(name) };
}

function writeDatabases(databases: SchemaSnapshot['databases']): Json {
  return databases.map(({ name, charset, collation }) => [name, charset, collation]);
}

function readDatabases(json: Json | undefined): SchemaSnapshot['databases'] {
  return readList(json).map((one) => {
    const [name, charset, collation] = readList(one);
    return { name: readText(name), charset: readText(charset), collation: readText(collation) };
  });
}

function writeLost(lost: readonly LostTable[]): Json {
  return lost.map(({ database, name, why }) => [database, name, why]);
}

function readLost(json: Json | undefined): LostTable[] {
  return readList(json).map((one) => ({ ...readName(one), why: readText(readList(one)[2]) }));
}

/** Tables with one end stand together: most often it is that of all tables. */
function writeRecaptures(recaptures: readonly Recapture[]): Json {
  const groups = new Map<string, { until: Json; tables: Json[] }>();
  for (const { database, name, until } of recaptures) {
    const place = writePlace(until);
    const key = JSON.stringify(place);
    const group = groups.get(key) ?? { until: place, tables: [] };
    group.tables.push([database, name]);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ until, tables }) => ({ until, tables }));
}

function readRecaptures(json: Json | undefined): Recapture[] {
  return readList(json).flatMap((group) => {
    const { until, tables } = readRecord(group);
    const place = readPlace(until);
    return readList(tables).map((name) => ({ ...readName(name), until: place }));
  });
}
