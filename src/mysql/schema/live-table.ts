import { asRowcastError } from '../../core/errors.ts';
import type { RowcastError } from '../../core/errors.ts';
import { tableLabel } from '../../core/table.ts';
import type { TableVersion } from '../../core/table.ts';
import type { CatalogueColumn } from '../binlog/catalogue.ts';
import type { Flavor } from '../binlog/options.ts';
import { describeColumn } from '../columns/describe.ts';
import type { ColumnDescription } from '../columns/description.ts';
import { describeLive } from './live-description.ts';
import type { Ask } from './ask.ts';
import { captureTables } from './capture.ts';
import type { TrackedTable } from './ddl/index.ts';
import { catalogueColumns } from './fitting.ts';

/** A table as the server shows it now, in the form that its rows have in the binlog. */
export interface LiveTable {
  readonly version: TableVersion;
  /** One for each column of the version. */
  readonly descriptions: readonly ColumnDescription[];
}

/** The captured tables of a server. */
export interface LiveTables {
  readonly tables: readonly FoundTable[];
}

interface TableName {
  readonly database: string;
  readonly name: string;
}

/** A table that is there, or why it cannot be read. */
export interface FoundTable extends TableName {
  readonly table: LiveTable | RowcastError;
}

/** Every base table that `captures` takes, by name, as far as the account may see them. @throws RowcastError SOURCE_* */
export async function readLiveTables(ask: Ask, flavor: Flavor, captures: (database: string, table: string) => boolean): Promise<LiveTables> {
  const found = (await captureTables(ask, { flavor, captures })).toSorted((one, other) => (tableLabel(one) < tableLabel(other) ? -1 : 1));
  return { tables: found.map((table) => ({ database: table.database, name: table.name, table: attempt(() => liveOf(table, flavor)) })) };
}

function liveOf(table: TrackedTable, flavor: Flavor): LiveTable {
  return liveTable(table, catalogueColumns(table, table.columns.length), flavor);
}

function attempt(make: () => LiveTable): LiveTable | RowcastError {
  try {
    return make();
  } catch (error) {
    return asRowcastError(error);
  }
}

/** One table, null where the account sees none of that name. @throws RowcastError SOURCE_*, EVENT_UNSUPPORTED for a type that is not known */
export async function readLiveTable(ask: Ask, flavor: Flavor, { database, name }: TableName): Promise<LiveTable | null> {
  const [table] = await captureTables(ask, { flavor, captures: () => true, within: [{ database, name }] });
  return table === undefined ? null : liveOf(table, flavor);
}

/** The table of these columns. @throws RowcastError EVENT_UNSUPPORTED for a type that is not known */
export function liveTable({ database, name }: TableName, columns: readonly CatalogueColumn[], flavor: Flavor): LiveTable {
  const descriptions = columns.map((column) => describeLive(column, flavor));
  const version: TableVersion = {
    database,
    name,
    columns: descriptions.map((description, index) => ({ index, name: description.name, nullable: columns[index]?.nullable ?? true, ...describeColumn(description) })),
    primaryKey: columns
      .flatMap(({ keyOrder }, index) => (keyOrder === null ? [] : [{ index, keyOrder }]))
      .sort((one, other) => one.keyOrder - other.keyOrder)
      .map(({ index }) => index),
    captured: true,
  };
  return { version, descriptions };
}
