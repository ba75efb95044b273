import { RowcastError } from '../../core/errors.ts';
import type { TableChange, TableName } from '../../core/notice.ts';
import type { Logger } from '../../core/ports.ts';
import { tableLabel } from '../../core/table.ts';
import type { CatalogueTable, LoggedStatement, MappedColumn, StatementEffect, StatementNews, TableCatalogue, UnknownTable } from '../binlog/catalogue.ts';
import { changedTables, namedDatabase, onlyIfMissing } from '../binlog/mentions.ts';
import type { Flavor } from '../binlog/options.ts';
import { readStatement } from '../binlog/query-session.ts';
import type { Statement } from '../binlog/statement.ts';
import type { ApplyDdl, DdlOutcome, Dialect } from './ddl/index.ts';
import { captureAt, recaptureAll } from './first-capture.ts';
import { catalogueColumns, fit } from './fitting.ts';
import type { SchemaHistory } from './history/history.ts';
import { tableKey } from './history/knowledge.ts';
import type { HistoryPlace } from './history/place.ts';
import { reaches } from './history/place.ts';
import type { LiveServer } from './live-server.ts';
import type { NewsContext } from './news.ts';
import { namingsOf, renamesOf, schemaNews, toldChanges, unknownChange } from './news.ts';
import { recaptureTable } from './recapture.ts';
import { shadowOf } from './shadow.ts';

/** What a follower is made with. */
export interface FollowerOptions {
  readonly history: SchemaHistory;
  readonly live: LiveServer;
  /** What applies statements: loaded at the first, and the same from then on. */
  readonly ddl: () => Promise<ApplyDdl>;
  readonly flavor: Flavor;
  readonly dialect: Dialect;
  /** Collation id → character set name. */
  readonly charsets: ReadonlyMap<number, string>;
  /** Identity of the server. */
  readonly server: string;
  /** The last whole transaction read. */
  readonly committed: () => HistoryPlace;
  readonly scope: SchemaScope;
  readonly onUnknown: 'fail' | 'quarantine';
  readonly logger: Logger;
}

/** Which tables matter, by names as the server keeps them. */
export interface SchemaScope {
  /** Some route takes the table. */
  readonly captures: (database: string, name: string) => boolean;
  /** Some route may take tables of the database. */
  readonly reaches: (database: string) => boolean;
  /** The table is in the history. */
  readonly follows: (database: string, name: string) => boolean;
  /** The table is left out where it is a shadow of an online schema change. */
  readonly hidesShadow: (database: string, name: string) => boolean;
}

/** Where following begins. */
export interface FollowerStart {
  readonly place: HistoryPlace;
  /** Nothing was saved: nothing that was kept can belong to what comes. */
  readonly fresh: boolean;
  /** Take the tables as they are now for what they were at the place. */
  readonly recapture: boolean;
}

/** A captured table whose rows have come and could not be read. */
export interface UnreadableTable extends TableName {
  readonly why: string;
}

/** Tables that a statement changed and nobody could follow. */
interface LostTables {
  readonly tables: readonly TableName[];
  /** Those that have another name now. */
  readonly gone: readonly TableName[];
  readonly why: string;
}

/** What no TABLE_MAP tells. */
const MISSING = 'whether TINYINT is TINYINT(1), whether LONGTEXT of MariaDB is JSON, which columns are generated';
/** Names of tables in one line of the log. */
const TOLD = 20;
const NOTHING: StatementEffect = { changed: [], news: null };

/**
 * Follows the tables through the binlog: a first capture at a known place, then each statement in order. What is not
 * known, because a statement could not be understood or the history does not fit the rows, is taken from the server again
 * where no later statement can have changed it; where one can have, the table is unknown until something tells it.
 */
export class SchemaFollower implements TableCatalogue {
  readonly #options: FollowerOptions;
  readonly #unreadable = new Map<string, UnreadableTable>();
  #dialect: Dialect;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#dialect = options.dialect;
  }

  /** @throws RowcastError HISTORY_*, CHECKPOINT_UNWRITABLE, SOURCE_* */
  async open({ place, fresh, recapture }: FollowerStart): Promise<void> {
    const { history, live, logger } = this.#options;
    const loaded = fresh || recapture ? 'none' : await history.load(place);
    if (loaded === 'kept') return;
    logger.info('capturing the tables for the schema history: the binlog that is still to be read is looked through for changes of them', { from: `${place.file}:${String(place.position)}` });
    if (loaded !== 'none') logger.warn('the kept schema history is not of the saved position; the tables that nothing has changed since are captured anew', { history: loaded });
    await history.begin(recapture ? await recaptureAll(place, live) : await captureAt(place, live));
    logger.info('tables captured for the schema history', { tables: [...history.now.schema.tables()].length, unknown: history.now.lost().length });
  }

  /** Nothing is noted any more. */
  close(): void {
    this.#options.history.close();
  }

  /** Captured tables whose rows have come and cannot be read. */
  unreadable(): readonly UnreadableTable[] {
    return [...this.#unreadable.values()];
  }

  writtenBy(serverVersion: string): void {
    const [major = 0, minor = 0, patch = 0] = serverVersion.replace(/^5\.5\.5-(?=\d+\.\d+\.\d+-mariadb)/iu, '').split(/[.\-+]/u).map((part) => Number.parseInt(part, 10) || 0);
    this.#dialect = { ...this.#dialect, version: [major, minor, patch] };
  }

  shadowOf(database: string, name: string): string | null {
    const { scope, history } = this.#options;
    if (!scope.hidesShadow(database, name)) return null;
    const starting = (prefix: string): string | undefined => [...history.now.schema.tables(database)].find((table) => table.name.startsWith(prefix))?.name;
    return shadowOf(name, (real) => history.now.has({ database, name: real }), starting);
  }

  describe(database: string, name: string, mapped: readonly MappedColumn[]): CatalogueTable | UnknownTable | Promise<CatalogueTable | UnknownTable> {
    const table = this.#options.history.now.schema.table(database, name);
    const label = tableLabel({ database, name });
    const fits = table === undefined ? null : fit(label, catalogueColumns(table, mapped.length), mapped);
    if (fits !== null && !(fits instanceof RowcastError)) return this.#known({ database, name }, fits);
    if (mapped.every((column) => column.name !== null && !column.ambiguous)) return this.#described({ database, name }, fits, mapped);
    return this.#ask({ database, name }, fits, mapped);
  }

  async statement(logged: LoggedStatement): Promise<StatementEffect> {
    return this.#follow(logged, await this.#options.ddl());
  }

  #follow(logged: LoggedStatement, apply: ApplyDdl): StatementEffect | Promise<StatementEffect> {
    const { place } = logged;
    const { history, flavor, charsets, scope, server } = this.#options;
    const { schema } = history.now;
    const statement = readStatement(logged.query, { flavor, charsets });
    if (statement.session.alterPending) return NOTHING;
    const outcome = apply(schema, statement, { dialect: this.#dialect, captures: scope.follows });
    if (outcome.kind === 'irrelevant') return NOTHING;
    if (outcome.kind === 'truncated') return this.#truncated(statement.sql, outcome.table);
    const at: HistoryPlace = { server, file: place.file, position: place.end, gtids: place.gtid };
    const changes = outcome.kind === 'applied' ? this.#applied(logged, at, outcome.changes) : this.#lost(logged, at, this.#names(logged, outcome));
    this.#rename(logged.statement, at, outcome.kind === 'applied' ? outcome.changes : renamesOf(outcome.renames));
    const changed = [...schema.touched(), ...changes.flatMap(({ table, renamedFrom }) => (renamedFrom === null ? [table] : [table, renamedFrom]))];
    for (const table of changed) this.#unreadable.delete(tableKey(table));
    const effect = { changed, news: this.#news(logged, statement.sql, changes) };
    return history.commit(at).then(() => effect);
  }

  #truncated(sql: string, { database, name }: TableName): StatementEffect {
    const told = this.#options.scope.captures(database, name) && this.shadowOf(database, name) === null;
    return { changed: [], news: told ? { kind: 'truncate', sql, table: { database, name } } : null };
  }

  /** Takes back what the statement did to tables that have it already, or that may have been there in another form. */
  #applied({ statement, query }: LoggedStatement, at: HistoryPlace, changes: readonly TableChange[]): TableChange[] {
    const { history } = this.#options;
    const { schema } = history.now;
    const undone = new Set<string>();
    for (const table of statement.verb === 'DROP' ? this.#named(statement, query.database) : []) if (history.now.isLost(table)) schema.remove(table);
    for (const table of schema.touched()) {
      if (this.#recaptured(table, at)) {
        schema.restore(table);
        undone.add(tableKey(table));
      } else if (onlyIfMissing(statement) && history.now.isLost(table)) {
        history.now.lose({ ...table, why: 'it may have been there already in another form than CREATE TABLE IF NOT EXISTS gives it' });
      }
    }
    return changes.filter(({ table }) => !undone.has(tableKey(table)));
  }

  /** Keeps the names that tables had, also of those whose columns nobody knows. */
  #rename(statement: Statement, at: HistoryPlace, changes: readonly TableChange[]): void {
    const { history, scope } = this.#options;
    const steps = namingsOf(changes, this.#newsContext()).filter(({ from }) => from !== null || !onlyIfMissing(statement));
    history.now.names.rename(steps.map(({ from, to }) => ({ from, to: to !== null && scope.follows(to.database, to.name) ? to : null })), at);
  }

  /** From here on nobody knows these tables; those that have other names now are not there any more. */
  #lost({ statement, place }: LoggedStatement, at: HistoryPlace, { tables, gone, why }: LostTables): TableChange[] {
    const { history, logger, scope } = this.#options;
    for (const table of gone) history.now.schema.remove(table);
    const lost = tables.filter((table) => !this.#recaptured(table, at));
    const captured = lost.filter(({ database, name }) => scope.captures(database, name)).map(tableLabel);
    if (captured.length > 0) logger.warn('a change of tables could not be followed; their columns are taken from the server when their next rows come', { tables: captured.slice(0, TOLD), count: captured.length, position: place.label, why });
    return lost.map((table) => {
      const before = history.now.schema.before(table) ?? null;
      if (statement.verb === 'DROP') history.now.schema.remove(table);
      else history.now.lose({ ...table, why: `${statement.verb} at ${place.label} could not be followed: ${why}` });
      return unknownChange(statement.verb, table, before);
    });
  }

  /** The tables that the outcome names, those of its databases, and any that the statement's words name, under old names too. */
  #names({ statement, query }: LoggedStatement, outcome: Extract<DdlOutcome, { readonly kind: 'unknown' }>): LostTables {
    const { scope, history } = this.#options;
    const named = this.#named(statement, query.database);
    const inside = outcome.databases.flatMap((database) => [...history.now.schema.tables(database)]);
    const known = named.filter((table) => history.now.has(table));
    const all = new Map([...outcome.tables, ...inside, ...known].map(({ database, name }) => [tableKey({ database, name }), { database, name }]));
    const taken = new Set(outcome.renames.map(({ to }) => tableKey(to)));
    const gone = statement.verb === 'RENAME' ? outcome.renames.map(({ from }) => from).filter((from) => !taken.has(tableKey(from))) : [];
    for (const from of gone) all.delete(tableKey(from));
    return { tables: [...all.values()].filter(({ database, name }) => scope.follows(database, name)), gone, why: outcome.why };
  }

  /** Tables that the statement's words name. */
  #named(statement: Statement, database: string): TableName[] {
    return changedTables(statement, { database, captures: this.#options.scope.follows }).map((mention) => ({ database: mention.database, name: mention.table }));
  }

  /** The statement is in the table's columns already. */
  #recaptured(table: TableName, at: HistoryPlace): boolean {
    const recapture = this.#options.history.now.recaptureOf(table);
    return recapture !== undefined && reaches(recapture.until, at, this.#options.flavor) === true;
  }

  #news({ statement, query }: LoggedStatement, sql: string, changes: readonly TableChange[]): StatementNews | null {
    const { scope } = this.#options;
    const told = toldChanges(changes, this.#newsContext());
    const [named, lower] = statement.kind === 'ddl' ? [] : namedDatabase(statement, query.database);
    const database = this.#dialect.lowerCaseTableNames === 1 ? (lower ?? named) : named;
    if (told.length === 0 && (database === undefined || !scope.reaches(database))) return null;
    return schemaNews(sql, statement.verb, database ?? '', told);
  }

  #newsContext(): NewsContext {
    return { captures: this.#options.scope.captures, shadowOf: (database, name) => this.shadowOf(database, name) };
  }

  #known(table: TableName, columns: CatalogueTable): CatalogueTable {
    this.#unreadable.delete(tableKey(table));
    return columns;
  }

  /** The binlog describes the table well enough to read its rows; what only the history knows is taken from the server again, or said to be missing (Invariant 8). */
  async #described(table: TableName, misfit: RowcastError | null, mapped: readonly MappedColumn[]): Promise<CatalogueTable> {
    const columns = await this.#recapture(table, misfit, mapped);
    if (!(columns instanceof RowcastError)) return this.#known(table, columns);
    this.#options.logger.warn(`rows of a table are told as the binlog describes them, without what only the schema history knows: ${MISSING}`, { table: tableLabel(table), why: columns.message });
    return this.#known(table, { columns: [] });
  }

  /** A table that does not fit its rows is never used for them. */
  async #forget(table: TableName, misfit: RowcastError): Promise<void> {
    const { history, committed, logger } = this.#options;
    logger.warn('the schema history of a table does not fit its rows and is not used', { table: tableLabel(table), why: misfit.message });
    history.now.lose({ ...table, why: misfit.message });
    await history.commit(committed());
  }

  async #ask(table: TableName, misfit: RowcastError | null, mapped: readonly MappedColumn[]): Promise<CatalogueTable | UnknownTable> {
    const columns = await this.#recapture(table, misfit, mapped);
    if (!(columns instanceof RowcastError)) return this.#known(table, columns);
    if (this.#options.onUnknown === 'fail') throw columns;
    this.#unreadable.set(tableKey(table), { ...table, why: columns.message });
    return { unknown: columns };
  }

  /** The columns of the rows that come, from the server, and kept; or why nobody can know them. */
  async #recapture(table: TableName, misfit: RowcastError | null, mapped: readonly MappedColumn[]): Promise<CatalogueTable | RowcastError> {
    const { history, live, committed, logger } = this.#options;
    if (misfit !== null) await this.#forget(table, misfit);
    const found = await recaptureTable(table, live, mapped);
    if (found instanceof RowcastError) return found;
    history.now.schema.put(found);
    await history.commit(committed());
    logger.info('the columns of a table were taken from the server', { table: tableLabel(table) });
    return { columns: catalogueColumns(found, mapped.length) };
  }
}
