import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { Logger, NoteStore } from '../../core/ports.ts';
import type { CatalogueColumn, CatalogueTable, DdlNotice, MappedColumn, TableCatalogue } from '../binlog/catalogue.ts';
import type { Boundary, CatalogueNotes, Tables } from './catalogue-notes.ts';
import { readNotes, writeNotes } from './catalogue-notes.ts';
import { differences } from './differences.ts';
import { misfit } from './fits.ts';

/**
 * How far the server's binlog describes its tables itself from now on.
 * `none`: names, keys and labels are missing, so the columns are kept here and a change of a table stops the daemon.
 * `full`: it tells all, but which of MariaDB's own types a binary column is. What was written before that was switched on
 * still needs kept columns.
 */
export type Metadata = 'none' | 'full';

/** Where the live columns come from. */
export interface LiveColumns {
  all(): Promise<Tables>;
  table(database: string, table: string): Promise<readonly CatalogueColumn[]>;
  /** The end of the server's binlog. */
  end(): Promise<Boundary>;
  /** Statements between where the stream is and the end of the binlog that may have changed captured tables. @throws RowcastError where nobody can tell */
  changes(): Promise<readonly DdlNotice[]>;
}

/** What a catalogue is made with. */
export interface CatalogueOptions {
  readonly metadata: Metadata;
  readonly live: LiveColumns;
  /** Identity of the server. */
  readonly server: string;
  readonly notes: NoteStore | null;
  /** Take the live columns of every captured table instead of the kept ones. */
  readonly recapture: boolean;
  /** Reading begins without a saved position, so that no kept columns can belong to what comes. */
  readonly fresh: boolean;
  readonly logger: Logger;
}

/**
 * Columns of captured tables for the parts of a binlog that do not tell them. What it has told it keeps, durably before
 * the answer, and tells again after a restart: rows are decoded with the columns they were written with (Invariant 8).
 *
 * The first start keeps the live columns of the tables that nothing changes between its place and the end of the binlog.
 * Any other table is read when its first rows come. The live columns are those of the rows only where no change of the table
 * lies between: the binlog is looked through for one, and with one, or where that cannot be done, no row is told.
 * Recapturing takes the live columns, and lets pass the changes that lie before the end of the binlog at that moment. It
 * is right only where no rows in older columns lie between the saved position and the last of those changes, as is so
 * after the daemon has stopped at a change.
 */
export class KeptCatalogue implements TableCatalogue {
  readonly #options: CatalogueOptions;
  readonly #tables = new Map<string, readonly CatalogueColumn[]>();
  readonly #stale = new Set<string>();
  /** Of tables that the binlog names the columns of: what only the server can tell beyond that, as it is now. */
  readonly #live = new Map<string, readonly CatalogueColumn[]>();
  #recaptured: Boundary | null = null;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /** Loads the kept columns, or takes the live ones where there are none. @throws RowcastError CHECKPOINT_DAMAGED, SOURCE_* */
  async open(): Promise<void> {
    const { metadata, notes, recapture, fresh } = this.#options;
    const saved = recapture || fresh ? null : await notes?.load();
    if (saved !== undefined && saved !== null) this.#restore(readNotes(saved));
    if (metadata !== 'none') return;
    if (recapture) await this.#capture();
    else if (this.#tables.size === 0) await this.#captureUnchanged();
    else await this.#compare();
  }

  describe(database: string, table: string, mapped: readonly MappedColumn[]): CatalogueTable | Promise<CatalogueTable> {
    const label = `${database}.${table}`;
    const named = mapped.every((column) => column.name !== null);
    if (!named && this.#stale.has(label)) {
      throw new RowcastError('SCHEMA_CHANGED', `rows of ${label} follow a change of that table, and the binlog does not describe their columns`, { facts: { table: label } });
    }
    const known = (named ? this.#live : this.#tables).get(label);
    if (known === undefined) return named ? this.#readLive(database, table, mapped) : this.#readNew(database, table, mapped);
    return named ? byName(label, known, mapped) : byPlace(label, known, mapped);
  }

  ddl(notice: DdlNotice): void | Promise<void> {
    if (notice.verb === 'TRUNCATE') return undefined;
    const labels = notice.table === null ? this.#labelsOf(notice.database) : [`${notice.database}.${notice.table}`];
    const stale = labels.filter((label) => this.#outdates(label, notice));
    return stale.length > 0 ? this.#save() : undefined;
  }

  #labelsOf(database: string): string[] {
    return [...this.#tables.keys(), ...this.#live.keys()].filter((label) => label.startsWith(`${database}.`));
  }

  /** True where kept columns no longer hold. @throws RowcastError SCHEMA_CHANGED where nothing else will tell the new ones */
  #outdates(label: string, notice: DdlNotice): boolean {
    this.#live.delete(label);
    if (!this.#tables.has(label) || this.#included(notice.place)) return false;
    if (this.#options.metadata === 'none') {
      throw new RowcastError('SCHEMA_CHANGED', `${notice.verb} at ${notice.place} changes the captured table ${label}, and the binlog does not describe the columns after it`, {
        facts: { table: label, position: notice.place },
      });
    }
    this.#stale.add(label);
    return true;
  }

  #restore(notes: CatalogueNotes): void {
    for (const [name, columns] of notes.tables) this.#tables.set(name, columns);
    for (const name of notes.stale) this.#stale.add(name);
    this.#recaptured = notes.recaptured;
  }

  async #capture(): Promise<void> {
    // The end comes first: a change after it stops the daemon, whether or not it is in the columns.
    this.#recaptured = await this.#options.live.end();
    for (const [name, columns] of await this.#options.live.all()) this.#tables.set(name, columns);
    await this.#save();
  }

  /** The other tables are asked for when their rows come. */
  async #captureUnchanged(): Promise<void> {
    const live = await this.#options.live.all();
    const changes = await this.#changes();
    if (!(changes instanceof RowcastError)) {
      for (const [label, columns] of live) if (changeOf(label, changes) === undefined) this.#tables.set(label, columns);
    }
    await this.#save();
  }

  /** An error that would come again is the answer: then nobody knows. @throws RowcastError that may pass */
  async #changes(): Promise<readonly DdlNotice[] | RowcastError> {
    try {
      return await this.#options.live.changes();
    } catch (error) {
      const known = asRowcastError(error);
      if (known.retry) throw known;
      return known;
    }
  }

  /** Tells of changes that were made meanwhile. The rows before them are still to come, and need the kept columns. */
  async #compare(): Promise<void> {
    const live = await this.#options.live.all();
    for (const [table, kept] of this.#tables) {
      const changed = differences(kept, live.get(table) ?? []);
      if (changed !== '') this.#options.logger.warn('a captured table has changed; reading goes on with its kept columns up to that change', { table, changed });
    }
  }

  async #readNew(database: string, table: string, mapped: readonly MappedColumn[]): Promise<CatalogueTable> {
    const label = `${database}.${table}`;
    const columns = await this.#ask(database, table);
    const answer = byPlace(label, columns, mapped);
    await this.#mustBeUnchanged(label);
    this.#tables.set(label, columns);
    await this.#save();
    return answer;
  }

  /** The live columns may be newer than the rows. @throws RowcastError SCHEMA_CHANGED */
  async #mustBeUnchanged(label: string): Promise<void> {
    const changes = await this.#changes();
    if (changes instanceof RowcastError) {
      throw new RowcastError('SCHEMA_CHANGED', `rows of ${label} come without column names, and whether the table has changed since they were written cannot be told: ${changes.message}`, { cause: changes, hint: NEWER_HINT, facts: { table: label } });
    }
    const change = changeOf(label, changes);
    if (change === undefined) return;
    throw new RowcastError('SCHEMA_CHANGED', `rows of ${label} come without column names, and ${change.verb} at ${change.place} has changed the table since they were written`, { hint: NEWER_HINT, facts: { table: label, change: change.place } });
  }

  async #readLive(database: string, table: string, mapped: readonly MappedColumn[]): Promise<CatalogueTable> {
    const label = `${database}.${table}`;
    const columns = await this.#ask(database, table);
    const answer = byName(label, columns, mapped);
    this.#live.set(label, columns);
    return answer;
  }

  async #ask(database: string, table: string): Promise<readonly CatalogueColumn[]> {
    const columns = await this.#options.live.table(database, table);
    if (columns.length > 0) return columns;
    const label = `${database}.${table}`;
    throw new RowcastError('SCHEMA_MISMATCH', `rows of ${label} need its columns, and the server shows no such table (dropped since, or SELECT on it is missing)`, { facts: { table: label } });
  }

  /** True for a change that is in the recaptured columns. */
  #included(place: string): boolean {
    const boundary = this.#recaptured;
    if (boundary === null || boundary.server !== this.#options.server) return false;
    const colon = place.lastIndexOf(':');
    const file = fileNumber(place.slice(0, colon));
    const last = fileNumber(boundary.file);
    return file < last || (file === last && Number(place.slice(colon + 1)) <= boundary.position);
  }

  async #save(): Promise<void> {
    await this.#options.notes?.save(writeNotes({ tables: this.#tables, stale: this.#stale, recaptured: this.#recaptured }));
  }
}

/** The first statement that may have changed the table. */
function changeOf(label: string, changes: readonly DdlNotice[]): DdlNotice | undefined {
  return changes.find(({ database, table }) => (table === null ? label.startsWith(`${database}.`) : label === `${database}.${table}`));
}

const NEWER_HINT =
  'Set binlog_row_metadata=FULL on the server. If the names, order and types of the columns now are those that these rows were written with, restart with --recapture-schema. If not, nothing tells the columns of these rows: repair the downstream data for them, remove the checkpoint and set source.start to a position after the change.';

/** Without names all must agree, column by column: a value under a wrong name is worse than none. @throws RowcastError SCHEMA_MISMATCH */
function byPlace(label: string, columns: readonly CatalogueColumn[], mapped: readonly MappedColumn[]): CatalogueTable {
  if (columns.length !== mapped.length) {
    throw new RowcastError('SCHEMA_MISMATCH', `${label} has ${columns.length} columns here and ${mapped.length} in the binlog`, { facts: { table: label, columns: columns.length, inBinlog: mapped.length } });
  }
  for (const [i, column] of columns.entries()) {
    const other = mapped[i];
    const why = other === undefined ? null : misfit(column, other);
    if (why !== null) throw mismatch(label, column.name, why);
  }
  return { columns };
}

/** With names only the columns that nothing else tells must be there; those that have changed since are left out. @throws RowcastError SCHEMA_MISMATCH */
function byName(label: string, columns: readonly CatalogueColumn[], mapped: readonly MappedColumn[]): CatalogueTable {
  const known = new Map(columns.map((column) => [column.name, column]));
  const found: CatalogueColumn[] = [];
  for (const other of mapped) {
    const column = known.get(other.name ?? '');
    const why = column === undefined ? `${other.name ?? ''} is not there any more, and the binlog alone does not tell its type` : misfit(column, other);
    if (why === null && column !== undefined) found.push(column);
    else if (other.ambiguous) throw mismatch(label, other.name ?? '', why ?? '');
  }
  return { columns: found };
}

function mismatch(label: string, column: string, why: string): RowcastError {
  return new RowcastError('SCHEMA_MISMATCH', `the columns of ${label} are not those of its rows in the binlog: ${why}`, { facts: { table: label, column } });
}

function fileNumber(file: string): number {
  return Number(/\.(\d+)$/.exec(file)?.[1] ?? Number.NaN);
}
