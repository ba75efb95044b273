import type { NoteStore } from '../../../../src/core/notes.ts';
import type { Logger } from '../../../../src/core/ports.ts';
import type { RowcastError } from '../../../../src/core/errors.ts';
import type { MappedColumn, StatementEffect } from '../../../../src/mysql/binlog/catalogue.ts';
import { classify } from '../../../../src/mysql/binlog/statement.ts';
import { lookAgain } from './by-words.ts';
import type { ApplyDdl, SchemaSnapshot, TrackedTable } from '../../../../src/mysql/schema/ddl/index.ts';
import { SchemaFollower, type FollowerOptions, type FollowerStart } from '../../../../src/mysql/schema/follower.ts';
import { SchemaHistory } from '../../../../src/mysql/schema/history/history.ts';
import { memoryNotes } from '../../../../src/mysql/schema/memory-notes.ts';
import type { LaterChange } from '../../../../src/mysql/stream/later-changes.ts';
import { at, trackedInts } from './history/support.ts';

/** A server with tables in `shop`, where the stream is, and what was warned of. */
export class World {
  readonly notes: NoteStore = memoryNotes();
  live: TrackedTable[] = [trackedInts('a', 'id', 'x')];
  databases: SchemaSnapshot['databases'] = [];
  changes: LaterChange[] = [];
  /** What looking for changes ends with. */
  fails: RowcastError | null = null;
  end = 900;
  /** The last whole transaction read. */
  read = 100;
  readonly said: string[] = [];
  /** Questions to the server. */
  asked = 0;

  async follower({ apply = lookAgain, ...given }: Partial<FollowerOptions & FollowerStart & { apply: ApplyDdl }> = {}): Promise<SchemaFollower> {
    const say = (message: string): void => void this.said.push(message);
    const logger: Logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
    const follower = new SchemaFollower({
      history: new SchemaHistory({ notes: this.notes, flavor: 'mysql', settled: () => null }),
      live: {
        all: () => this.#answer({ tables: this.live, databases: this.databases }),
        table: (name) => this.#answer(this.live.find((table) => table.database === name.database && table.name === name.name)),
        end: () => this.#answer(at(this.end)),
        changes: () => (this.fails === null ? this.#answer(this.changes) : Promise.reject(this.fails)),
      },
      ddl: () => Promise.resolve(apply),
      flavor: 'mysql',
      dialect: { flavor: 'mysql', version: [9, 7, 0], lowerCaseTableNames: 0, collationServer: '', explicitDefaultsForTimestamp: true, collations: { charsetOf: () => undefined, defaultOf: () => undefined, byId: () => undefined } },
      charsets: new Map(),
      server: 'a',
      committed: () => at(this.read),
      scope: { captures: (database, name) => database === 'shop' && name !== 'private', reaches: (database) => database === 'shop', follows: (database) => database === 'shop', hidesShadow: () => true },
      onUnknown: 'fail',
      logger,
      ...given,
    });
    await follower.open({ place: at(this.read), fresh: false, recapture: false, ...given });
    return follower;
  }

  #answer<T>(value: T): Promise<T> {
    this.asked++;
    return Promise.resolve(value);
  }
}

/** Hands in a statement whose event begins at `position` and has 10 bytes. */
export async function follow(follower: SchemaFollower, sql: string, position = 200): Promise<StatementEffect> {
  const query = { threadId: 1, database: 'shop', sql, text: Buffer.from(sql), status: Buffer.alloc(0) };
  return follower.statement({ statement: classify(sql), query, place: { label: `bin.000001:${String(position)}`, file: 'bin.000001', end: position + 10, gtid: null } });
}

/** An INT column for each name as a TABLE_MAP shows it, the first NOT NULL; without names for null. */
export function mapped(...names: (string | null)[]): MappedColumn[] {
  return names.map((name, index) => ({ name, typeCode: 3, meta: 0, nullable: index > 0, ambiguous: false }));
}

/** The names of the columns that the follower tells, or the code of what it says instead. */
export async function told(follower: SchemaFollower, name: string, columns: readonly MappedColumn[]): Promise<string> {
  try {
    const answer = await follower.describe('shop', name, columns);
    return 'unknown' in answer ? `unknown ${answer.unknown.code}` : answer.columns.map((column) => column.name).join(' ');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** A later statement about a table of `shop`; null: about all. */
export function later(table: string | null, more: Partial<LaterChange> = {}): LaterChange {
  return { database: 'shop', table, verb: 'ALTER', place: 'bin.000001:800', onlyIfMissing: false, ...more };
}

/** Gives each statement the outcome written for it. */
export function outcomes(of: Readonly<Record<string, ApplyDdl>>): ApplyDdl {
  return (schema, statement, context) => of[statement.sql]?.(schema, statement, context) ?? { kind: 'irrelevant' };
}
