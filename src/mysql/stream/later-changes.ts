import { RowcastError } from '../../core/errors.ts';
import { binlogFileName } from '../binlog/file-name.ts';
import { EVENT } from '../binlog/header.ts';
import { changedTables, namedDatabase, onlyIfMissing } from '../binlog/mentions.ts';
import type { Place } from '../binlog/place.ts';
import type { QueryEvent } from '../binlog/query.ts';
import { isBegin, readCompressedQuery, readQuery } from '../binlog/query.ts';
import type { StatementContext } from '../binlog/query-session.ts';
import { readStatement } from '../binlog/query-session.ts';
import { classify } from '../binlog/statement.ts';
import type { ServerOptions } from '../options.ts';
import type { BinlogSpot, ScannedEvent } from './binlog-scan.ts';
import { scanBinlog } from './binlog-scan.ts';
import type { ServerFacts } from './server-facts.ts';
import { listBinlogs, readBinlogEnd } from './server-facts.ts';
import type { SqlSession } from './sql-session.ts';

/** Where a stream is. */
export interface ReadingSpot extends BinlogSpot {
  /** Where its transaction begins. Inside of one MariaDB tells no offsets and does not send all events, so that `position` may be a little too small. */
  readonly group: number;
}

/** A statement that may have changed the columns of a table. */
export interface LaterChange {
  readonly database: string;
  /**
   * A table that the statement names; where the statement's form is not known, any that one of its words could be; null:
   * all tables of the database.
   */
  readonly table: string | null;
  /** Leading keyword of the statement, upper case, for example `ALTER`. */
  readonly verb: string;
  /** `file:position` of the statement, for messages. */
  readonly place: string;
  /** It only makes the table where there is none of its name. */
  readonly onlyIfMissing: boolean;
}

interface Found extends BinlogSpot {
  readonly change: LaterChange;
}

/** What is asked of a server's binlog. */
export interface LaterQuestion {
  readonly server: ServerOptions;
  readonly session: SqlSession;
  readonly facts: ServerFacts;
  /** Bytes that a row image may have; rows are not held. */
  readonly rowLimit: number;
  /** Collation id → character set name. */
  readonly charsets: ReadonlyMap<number, string>;
}

/**
 * Finds the statements that may have changed captured tables and that a stream has not come to yet, in a stream of its own
 * that passes over rows. What lies between is read once however often it is asked, while the stream goes forward.
 */
export class LaterChanges {
  readonly #captures: (database: string, table: string) => boolean;
  /** What was read: from here to there. */
  #begin: BinlogSpot | null = null;
  #end: BinlogSpot | null = null;
  #found: Found[] = [];

  constructor(captures: (database: string, table: string) => boolean) {
    this.#captures = captures;
  }

  /**
   * Those from `from` to the end that the binlog has now, in order.
   * @throws RowcastError SOURCE_*, among them SOURCE_REFUSED where the place is not in the binlog; EVENT_CORRUPT, ROW_TOO_LARGE
   */
  async read(question: LaterQuestion, from: ReadingSpot): Promise<readonly LaterChange[]> {
    const end = await readBinlogEnd(question.session, question.facts);
    const files = await listBinlogs(question.session);
    const first = files.findIndex((file) => file.name === from.file);
    const last = files.findIndex((file) => file.name === end?.file);
    if (end === null || first < 0 || last < first) throw new RowcastError('SOURCE_REFUSED', `the binlog cannot be read from ${from.file}:${from.position} on: the server does not have that file`);
    this.#from(from);
    const start = this.#end ?? { file: from.file, position: from.group };
    if (isBefore(start, end)) await this.#scan(question, start, end);
    this.#end = end;
    return this.#found.filter((found) => !isBefore(found, from)).map(({ change }) => change);
  }

  /** Forgets what lies before; all of it where it was read from a later place on. */
  #from(from: BinlogSpot): void {
    const known = this.#begin !== null && !isBefore(from, this.#begin) && this.#end !== null && !isBefore(this.#end, from);
    this.#found = known ? this.#found.filter((found) => !isBefore(found, from)) : [];
    if (!known) this.#end = null;
    this.#begin = from;
  }

  /** What it finds counts when all was read: a scan that breaks is begun again. */
  async #scan({ server, session, facts, rowLimit, charsets }: LaterQuestion, start: BinlogSpot, until: BinlogSpot): Promise<void> {
    const found: Found[] = [];
    const context: StatementContext = { flavor: facts.mariadb ? 'mariadb' : 'mysql', charsets };
    await scanBinlog({ server, encrypted: session.encrypted, mariadb: facts.mariadb, rowLimit, ...start, until }, (event) => {
      const query = queryOf(event);
      if (query !== null) found.push(...this.#see(query, event.place, context));
      return false;
    });
    this.#found.push(...found);
  }

  #see(query: QueryEvent, { file, start }: Place, context: StatementContext): Found[] {
    const { kind } = classify(query.sql);
    if (kind !== 'ddl' && kind !== 'drop-database') return [];
    return this.#changes(readStatement(query, context).sql, query.database, `${file}:${String(start)}`).map((change) => ({ file, position: start, change }));
  }

  #changes(sql: string, database: string, place: string): LaterChange[] {
    const statement = classify(sql);
    const { verb, kind } = statement;
    if (kind === 'drop-database') return namedDatabase(statement, database).map((name) => ({ database: name, table: null, verb, place, onlyIfMissing: false }));
    if (kind !== 'ddl') return [];
    return changedTables(statement, { database, captures: this.#captures }).map((mention) => ({ ...mention, verb, place, onlyIfMissing: onlyIfMissing(statement) }));
  }
}

/** The statement of an event; null for others, and for BEGIN, which most are. */
function queryOf({ type, body }: ScannedEvent): QueryEvent | null {
  if (body === null) return null;
  if (type === EVENT.QUERY) return isBegin(body) ? null : readQuery(body, 0);
  return type === EVENT.QUERY_COMPRESSED ? readCompressedQuery(body) : null;
}

function isBefore(one: BinlogSpot, other: BinlogSpot): boolean {
  const files = binlogFileName(one.file).number - binlogFileName(other.file).number;
  return files < 0 || (files === 0 && one.position < other.position);
}
