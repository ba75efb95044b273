import { RowcastError } from '../../core/errors.ts';
import { binlogFileName } from '../binlog/file-name.ts';
import { changedTables, namedDatabase, onlyIfMissing } from '../binlog/mentions.ts';
import { FILE_START } from '../binlog/place.ts';
import { classify } from '../binlog/statement.ts';
import type { BinlogFile, ServerFacts } from './server-facts.ts';
import { EVENTS_PAGE, showEvents } from './binlog-events.ts';
import { listBinlogs, readBinlogEnd } from './server-facts.ts';
import type { SqlRow, SqlSession } from './sql-session.ts';
import { textField } from './sql-session.ts';

/** An offset in a binlog file. */
export interface BinlogSpot {
  readonly file: string;
  readonly position: number;
}

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

/**
 * Finds the statements that may have changed captured tables and that a stream has not come to yet. The server lists the
 * events (SHOW BINLOG EVENTS), each of them once however often it is asked, while the stream goes forward.
 */
export class LaterChanges {
  readonly #captures: (database: string, table: string) => boolean;
  /** What was listed: from here on, to the last event seen. */
  #begin: BinlogSpot | null = null;
  #seen: BinlogSpot | null = null;
  #found: Found[] = [];

  constructor(captures: (database: string, table: string) => boolean) {
    this.#captures = captures;
  }

  /**
   * Those from `from` to the end that the binlog has now, in order. A server lists some hundred megabytes of binlog a second.
   * @throws RowcastError SOURCE_*, among them SOURCE_REFUSED where the place is not in the binlog
   */
  async read(session: SqlSession, facts: ServerFacts, from: ReadingSpot): Promise<readonly LaterChange[]> {
    const end = await readBinlogEnd(session, facts);
    const files = await listBinlogs(session);
    const first = files.findIndex((file) => file.name === from.file);
    const last = files.findIndex((file) => file.name === end?.file);
    if (end === null || first < 0 || last < first) throw new RowcastError('SOURCE_REFUSED', `the binlog cannot be listed from ${from.file}:${from.position} on: the server does not have that file`);
    this.#from(from);
    for (const file of files.slice(first, last + 1)) await this.#file(session, file, { from, end });
    return this.#found.map(({ change }) => change);
  }

  /** Forgets what lies before; all of it where it was listed from a later place on. */
  #from(from: BinlogSpot): void {
    const known = this.#begin !== null && !isBefore(from, this.#begin) && this.#seen !== null && !isBefore(this.#seen, from);
    this.#found = known ? this.#found.filter((found) => !isBefore(found, from)) : [];
    if (!known) this.#seen = null;
    this.#begin = from;
  }

  async #file(session: SqlSession, { name, size }: BinlogFile, { from, end }: { readonly from: ReadingSpot; readonly end: BinlogSpot }): Promise<void> {
    const until = name === end.file ? end.position : size;
    if (this.#seen !== null && isBefore({ file: name, position: until }, this.#seen)) return;
    const first = name === from.file ? from.position : FILE_START;
    let at = name === from.file ? from.group : FILE_START;
    let seen = first - 1;
    if (this.#seen?.file === name) at = seen = this.#seen.position;
    for (let more = at < until; more; ) {
      const rows = await list(session, name, at);
      for (const row of rows) {
        const position = Number(textField(row, 'Pos') ?? 0);
        if (position >= until) return;
        at = position;
        if (position <= seen) continue;
        seen = position;
        this.#seen = { file: name, position };
        this.#see(row, this.#seen);
      }
      more = rows.length === EVENTS_PAGE;
    }
  }

  #see(row: SqlRow, spot: BinlogSpot): void {
    if (!/^query/i.test(textField(row, 'Event_type') ?? '')) return;
    const info = textField(row, 'Info') ?? '';
    const use = /^use `((?:[^`]|``)*)`; /.exec(info);
    const place = `${spot.file}:${spot.position}`;
    for (const change of this.#changes(info.slice(use?.[0].length ?? 0), use?.[1]?.replaceAll('``', '`') ?? '', place)) this.#found.push({ ...spot, change });
  }

  #changes(sql: string, database: string, place: string): LaterChange[] {
    const statement = classify(sql);
    const { verb, kind } = statement;
    if (kind === 'drop-database') return namedDatabase(statement, database).map((name) => ({ database: name, table: null, verb, place, onlyIfMissing: false }));
    if (kind !== 'ddl') return [];
    return changedTables(statement, { database, captures: this.#captures }).map((mention) => ({ ...mention, verb, place, onlyIfMissing: onlyIfMissing(statement) }));
  }
}

/** Events from an offset on; from the beginning of the file where none begins at the offset. */
async function list(session: SqlSession, file: string, from: number): Promise<readonly SqlRow[]> {
  const ask = (position: number): Promise<readonly SqlRow[]> => showEvents(session, { file, from: position, limit: EVENTS_PAGE });
  try {
    return await ask(from);
  } catch (error) {
    if (!(error instanceof RowcastError) || error.facts.errno !== NO_EVENT_THERE || from === FILE_START) throw error;
    return ask(FILE_START);
  }
}

/** ER_ERROR_WHEN_EXECUTING_COMMAND. */
const NO_EVENT_THERE = 1220;

function isBefore(one: BinlogSpot, other: BinlogSpot): boolean {
  const files = binlogFileName(one.file).number - binlogFileName(other.file).number;
  return files < 0 || (files === 0 && one.position < other.position);
}
