import { RowcastError } from '../../core/errors.ts';
import type { Groups } from './group.ts';
import type { DecoderOptions } from './options.ts';
import type { Place } from './place.ts';
import type { QueryEvent } from './query.ts';
import { classify, mentions, startsTransaction, type Statement } from './statement.ts';
import type { TableCache } from './table-cache.ts';

export interface StatementParts {
  readonly options: DecoderOptions;
  readonly groups: Groups;
  readonly cache: TableCache;
  readonly place: Place;
}

/** Does what QUERY events ask: begins and ends transactions, stops at rows written as text, asks the catalogue about DDL. */
export class Statements {
  readonly #parts: StatementParts;

  constructor(parts: StatementParts) {
    this.#parts = parts;
  }

  /** @throws RowcastError STATEMENT_DML, SCHEMA_CHANGED, EVENT_UNSUPPORTED */
  handle(query: QueryEvent): void | Promise<void> {
    const { groups } = this.#parts;
    const statement = classify(query.sql);
    if (statement.kind === 'begin' || statement.kind === 'xa-start') { this.#begin(statement, query); return; }
    if (statement.kind === 'commit' || statement.kind === 'rollback') { groups.commit(); return; }
    if (statement.kind === 'savepoint') return undefined;
    if (statement.kind === 'rollback-to') { this.#rollbackTo(); return; }
    if (statement.kind === 'dml') this.#refuseRows(statement, query);
    if (statement.kind === 'xa') {
      if (!/^XA\s+END\b/iu.test(query.sql)) this.#alone();
      return undefined;
    }
    const told = statement.kind === 'ddl' ? this.#ddl(statement, query) : undefined;
    if (told !== undefined) return told.then(() => this.#after(statement, query));
    this.#after(statement, query);
  }

  /** Rows written as text (LOAD DATA included) must not name a captured table. @throws RowcastError STATEMENT_DML */
  #refuseRows(statement: Statement, query: QueryEvent): void {
    const { options, place } = this.#parts;
    const [first] = mentions(query.sql, query.database, options.captures);
    if (first === undefined) return;
    const table = `${first.database}.${first.table}`;
    throw new RowcastError('STATEMENT_DML', `${statement.verb} was logged as a statement and names ${table} (at ${String(place)})`, { facts: { table, position: String(place) } });
  }

  #begin(statement: Statement, query: QueryEvent): void {
    const { groups } = this.#parts;
    if (groups.hasRows) groups.mustBeClosed();
    const group = groups.current();
    group.begun = true;
    group.threadId = query.threadId;
    group.xa ||= statement.kind === 'xa-start';
  }

  #rollbackTo(): void {
    if (this.#parts.groups.hasRows) throw new RowcastError('EVENT_UNSUPPORTED', `ROLLBACK TO SAVEPOINT takes back rows that were handed over already (at ${String(this.#parts.place)})`);
  }

  #ddl(statement: Statement, query: QueryEvent): Promise<void> | undefined {
    const { options, place, cache } = this.#parts;
    let chain: Promise<void> | undefined;
    for (const { database, table } of mentions(query.sql, query.database, options.captures)) {
      const notice = { database, table, verb: statement.verb, place: String(place) };
      const tell = (): void | Promise<void> => options.catalogue.ddl(notice);
      const told = chain === undefined ? tell() : chain.then(tell);
      if (told instanceof Promise) chain = told;
      cache.forget(`${database}.${table}`);
    }
    return chain;
  }

  #after(statement: Statement, query: QueryEvent): void {
    if (statement.kind === 'ddl' && startsTransaction(query.sql)) {
      const group = this.#parts.groups.current();
      group.begun = true;
      group.threadId = query.threadId;
      return;
    }
    this.#alone();
  }

  /** A statement outside BEGIN commits itself. */
  #alone(): void {
    const { groups } = this.#parts;
    if (!groups.open || !groups.current().begun) groups.commit();
  }
}
