import { RowcastError } from '../../core/errors.ts';
import type { SourceNotice } from '../../core/notice.ts';
import { tableLabel } from '../../core/table.ts';
import type { StatementEffect } from './catalogue.ts';
import type { Groups } from './group.ts';
import { changedTables, fillsTable, writtenTables, type Mention } from './mentions.ts';
import type { DecoderOptions } from './options.ts';
import type { Place } from './place.ts';
import type { QueryEvent } from './query.ts';
import { classify, savepointOf, startsTransaction, type Statement } from './statement.ts';
import { sqlShape } from './sql-words.ts';
import type { Group } from './transaction.ts';
import type { TableCache } from './table-cache.ts';
import { closedStream } from './valve.ts';
import { lost, xidOf } from './xa.ts';

export interface StatementParts {
  readonly options: DecoderOptions;
  readonly groups: Groups;
  readonly cache: TableCache;
  readonly place: Place;
}

/** Where a QUERY event comes from. */
export interface Origin {
  readonly serverId: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** Statements whose effect is that of a routine, which the text does not tell. */
const ROUTINES = new Set(['SELECT', 'DO', 'CALL']);

/** Does what QUERY events ask: begins and ends transactions, stops at rows written as text, has the catalogue follow DDL. */
export class Statements {
  readonly #parts: StatementParts;

  constructor(parts: StatementParts) {
    this.#parts = parts;
  }

  /** @throws RowcastError STATEMENT_DML, EVENT_UNSUPPORTED, EVENT_CORRUPT, and what the catalogue and handlers throw */
  handle(query: QueryEvent, origin: Origin): void | Promise<void> {
    const statement = classify(query.sql);
    const { kind } = statement;
    if (kind === 'ddl' || kind === 'database' || kind === 'drop-database' || kind === 'truncate') return this.#follow(statement, query, origin);
    return this.#now(statement, query);
  }

  #now(statement: Statement, query: QueryEvent): void | Promise<void> {
    const { groups } = this.#parts;
    const { kind } = statement;
    if (kind === 'commit') return groups.commit();
    if (kind === 'rollback') return groups.rollback();
    if (kind === 'dml') return this.#dml(statement, query);
    if (kind === 'xa-commit') return groups.commitPrepared(xidOf(query.sql));
    if (kind === 'xa-rollback') return groups.rollbackPrepared(xidOf(query.sql));
    if (kind === 'begin') this.begin(query.threadId);
    else if (kind === 'xa-start') groups.startXa(this.begin(query.threadId), xidOf(query.sql));
    else if (kind === 'rollback-to') groups.rollbackTo(savepointOf(statement));
    else if (kind === 'savepoint') groups.savepoint(savepointOf(statement));
    else if (kind !== 'release' && kind !== 'xa-end') return this.#alone();
  }

  /** Rows written as text (LOAD DATA included) must not be those of a captured table. @throws RowcastError STATEMENT_DML */
  #dml(statement: Statement, query: QueryEvent): void | Promise<void> {
    if (ROUTINES.has(statement.verb)) throw this.#written(statement, query, { what: 'may have written rows by a routine', table: null });
    const [first] = this.#mentions(writtenTables, statement, query);
    if (first !== undefined) throw this.#written(statement, query, { what: 'names', table: `${first.database}.${first.table}` });
    return this.#alone();
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

  /** BEGIN, or XA START, of a session. @throws RowcastError EVENT_CORRUPT inside another transaction */
  begin(threadId: number): Group {
    const { groups } = this.#parts;
    if (groups.hasRows) groups.mustBeClosed();
    const group = groups.current();
    group.begun = true;
    group.threadId = threadId;
    return group;
  }

  #follow(statement: Statement, query: QueryEvent, origin: Origin): void | Promise<void> {
    const { options, groups, place } = this.#parts;
    // The tables are known as of where reading is, which is behind all that is read again.
    if (options.rereads) throw lost(options.rereads.xid);
    if (statement.kind === 'ddl' && fillsTable(statement)) {
      const [first] = this.#mentions(changedTables, statement, query);
      if (first !== undefined) throw this.#written(statement, query, { what: 'fills', table: `${first.database}.${first.table}` });
    }
    const effect = options.catalogue.statement({ statement, query, place: { label: String(place), file: place.file, end: place.position, gtid: groups.gtid() } });
    if (effect instanceof Promise) return effect.then((known) => this.#done(known, statement, { query, origin }));
    return this.#done(effect, statement, { query, origin });
  }

  /** What the statement came to is durable: tables are asked for again, and whoever wants to know is told. */
  #done({ changed, news }: StatementEffect, statement: Statement, { query, origin }: { readonly query: QueryEvent; readonly origin: Origin }): void | Promise<void> {
    const { cache, groups, options, place } = this.#parts;
    if (groups.valve.closed) throw closedStream();
    for (const table of changed) cache.forget(tableLabel(table));
    this.#after(statement, query);
    if (news === null) return this.#alone();
    const transaction = groups.silent(origin.serverId, origin.timestamp);
    const notice: SourceNotice = { ...news, place: { transaction, position: place.start, timestamp: origin.timestamp } };
    // Of a CREATE TABLE with rows the notice comes before them, as in the binlog.
    if (groups.hasRows) { groups.notice(notice); return; }
    // The notice comes before the position moves, so that no position is saved behind it before it is durable (Invariant 1).
    options.rest?.broken();
    const told = options.handler.notice(notice);
    return told instanceof Promise ? told.then(() => this.#alone()) : this.#alone();
  }

  /** A CREATE TABLE whose rows follow leaves its transaction open. */
  #after(statement: Statement, query: QueryEvent): void {
    if (!startsTransaction(statement)) return;
    const group = this.#parts.groups.current();
    group.begun = true;
    group.threadId = query.threadId;
  }

  /** A statement outside BEGIN commits itself. */
  #alone(): void | Promise<void> {
    const { groups } = this.#parts;
    if (!groups.open || !groups.current().begun) return groups.commit();
  }
}
