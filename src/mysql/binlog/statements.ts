import { RowcastError } from '../../core/errors.ts';
import type { DdlNotice } from './catalogue.ts';
import type { Groups } from './group.ts';
import { changedTables, droppedDatabase, fillsTable, onlyIfMissing, writtenTables, type Mention } from './mentions.ts';
import type { DecoderOptions } from './options.ts';
import type { Place } from './place.ts';
import type { QueryEvent } from './query.ts';
import { classify, savepointOf, startsTransaction, type Statement } from './statement.ts';
import { sqlShape } from './sql-words.ts';
import type { TableCache } from './table-cache.ts';

export interface StatementParts {
  readonly options: DecoderOptions;
  readonly groups: Groups;
  readonly cache: TableCache;
  readonly place: Place;
}

/** Statements whose effect is that of a routine, which the text does not tell. */
const ROUTINES = new Set(['SELECT', 'DO', 'CALL']);

/** Does what QUERY events ask: begins and ends transactions, stops at rows written as text, asks the catalogue about DDL. */
export class Statements {
  readonly #parts: StatementParts;

  constructor(parts: StatementParts) {
    this.#parts = parts;
  }

  /** @throws RowcastError STATEMENT_DML, SCHEMA_CHANGED, EVENT_UNSUPPORTED, EVENT_CORRUPT */
  handle(query: QueryEvent): void | Promise<void> {
    const statement = classify(query.sql);
    if (statement.kind === 'ddl') return this.#ddl(statement, query);
    if (statement.kind === 'drop-database') return this.#dropDatabase(statement, query);
    this.#now(statement, query);
  }

  #now(statement: Statement, query: QueryEvent): void {
    const { groups } = this.#parts;
    const { kind } = statement;
    if (kind === 'begin' || kind === 'xa-start') this.#begin(statement, query);
    else if (kind === 'commit') groups.commit();
    else if (kind === 'rollback') groups.rollback();
    else if (kind === 'rollback-to') groups.rollbackTo(savepointOf(statement));
    else if (kind === 'savepoint') groups.savepoint(savepointOf(statement));
    else if (kind === 'dml') this.#dml(statement, query);
    else if (kind !== 'release' && kind !== 'xa-end') this.#alone();
  }

  /** Rows written as text (LOAD DATA included) must not be those of a captured table. @throws RowcastError STATEMENT_DML */
  #dml(statement: Statement, query: QueryEvent): void {
    if (ROUTINES.has(statement.verb)) throw this.#written(statement, query, { what: 'may have written rows by a routine', table: null });
    const [first] = this.#mentions(writtenTables, statement, query);
    if (first !== undefined) throw this.#written(statement, query, { what: 'names', table: `${first.database}.${first.table}` });
    this.#alone();
  }

  /** Its text comes without values: they may be of columns that a route masks. */
  #written({ verb }: Statement, { sql }: QueryEvent, { what, table }: { readonly what: string; readonly table: string | null }): RowcastError {
    const position = String(this.#parts.place);
    const statement = sqlShape(sql);
    const facts = table === null ? { position, statement } : { table, position, statement };
    return new RowcastError('STATEMENT_DML', `${verb} was logged as a statement and ${what}${table === null ? '' : ` ${table}`} (at ${position}): ${statement}`, { facts });
  }

  #mentions(of: typeof changedTables, statement: Statement, { database }: QueryEvent): Mention[] {
    return of(statement, { database, captures: this.#parts.options.captures });
  }

  #begin(statement: Statement, query: QueryEvent): void {
    const { groups } = this.#parts;
    if (groups.hasRows) groups.mustBeClosed();
    const group = groups.current();
    group.begun = true;
    group.threadId = query.threadId;
    group.xa ||= statement.kind === 'xa-start';
  }

  #ddl(statement: Statement, query: QueryEvent): void | Promise<void> {
    const { cache } = this.#parts;
    const changed = this.#mentions(changedTables, statement, query);
    const [first] = changed;
    if (first !== undefined && fillsTable(statement)) throw this.#written(statement, query, { what: 'fills', table: `${first.database}.${first.table}` });
    // Its table was dropped before, which the catalogue was told of, or it is there and stays as it is.
    if (onlyIfMissing(statement)) { this.#after(statement, query); return; }
    for (const { database, table } of changed) cache.forget(`${database}.${table}`);
    return this.#tell(changed, statement, query);
  }

  /** Tables of the same name may come back with other columns. */
  #dropDatabase(statement: Statement, query: QueryEvent): void | Promise<void> {
    this.#parts.cache.forgetAll();
    return this.#tell(droppedDatabase(statement).map((database) => ({ database, table: null })), statement, query);
  }

  /** Tells the catalogue, of one table after the other, and then ends the statement. */
  #tell(changed: readonly Pick<DdlNotice, 'database' | 'table'>[], statement: Statement, query: QueryEvent): void | Promise<void> {
    const { options, place } = this.#parts;
    let chain: Promise<void> | undefined;
    for (const { database, table } of changed) {
      const notice = { database, table, verb: statement.verb, place: String(place) };
      const tell = (): void | Promise<void> => options.catalogue.ddl(notice);
      const told = chain === undefined ? tell() : chain.then(tell);
      if (told instanceof Promise) chain = told;
    }
    if (chain !== undefined) return chain.then(() => { this.#after(statement, query); });
    this.#after(statement, query);
  }

  #after(statement: Statement, query: QueryEvent): void {
    if (!startsTransaction(statement)) { this.#alone(); return; }
    const group = this.#parts.groups.current();
    group.begun = true;
    group.threadId = query.threadId;
  }

  /** A statement outside BEGIN commits itself. */
  #alone(): void {
    const { groups } = this.#parts;
    if (!groups.open || !groups.current().begun) groups.commit();
  }
}
