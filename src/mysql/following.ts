import type { NoteStore } from '../core/notes.ts';
import type { Logger } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import type { Flavor } from './binlog/options.ts';
import type { SourceOptions } from './options.ts';
import { readSaved } from './saved-position.ts';
import { captureSchema, captureTables } from './schema/capture.ts';
import { readCollations } from './schema/collations.ts';
import type { Dialect } from './schema/ddl/index.ts';
import { loadDdl } from './schema/ddl/index.ts';
import { SchemaFollower } from './schema/follower.ts';
import { SchemaHistory } from './schema/history/history.ts';
import type { HistoryPlace } from './schema/history/place.ts';
import type { LiveServer } from './schema/live-server.ts';
import type { ReadingSpot } from './stream/later-changes.ts';
import { LaterChanges } from './stream/later-changes.ts';
import { readEnd } from './server-point.ts';
import type { ServerFacts } from './stream/server-facts.ts';
import type { SqlSession } from './stream/sql-session.ts';
import { withSession } from './stream/sql-session.ts';

/** Where a stream is. */
export interface Reader {
  /** At the next event. @throws RowcastError SOURCE_POSITION_FOREIGN while the place is that of another server */
  next: () => ReadingSpot;
  /** After the last whole transaction. */
  committed: () => HistoryPlace;
}

/** What a stream's tables are followed with. */
export interface Following {
  readonly options: SourceOptions;
  readonly facts: ServerFacts;
  /** Collation id → character set name. */
  readonly charsets: ReadonlyMap<number, string>;
  readonly notes: NoteStore;
  readonly reader: Reader;
  readonly saved: () => Position | null;
  readonly logger: Logger;
}

/** Makes the follower of a server's tables; it is still to be opened. @throws RowcastError SOURCE_* */
export async function follow({ options, facts, charsets, notes, reader, saved, logger }: Following): Promise<SchemaFollower> {
  const flavor = flavorOf(facts);
  const settled = (): HistoryPlace | null => {
    const position = saved();
    return position === null ? null : readSaved(position);
  };
  return new SchemaFollower({
    history: new SchemaHistory({ notes, flavor, settled }),
    live: liveServer({ options, facts, reader, charsets }),
    ddl: loadDdl,
    flavor,
    charsets,
    dialect: await withSession(options, (session) => dialectOf(session, facts)),
    server: facts.identity,
    committed: () => reader.committed(),
    scope: { captures: options.captures, reaches: options.reaches, follows: followed(options), hidesShadow: options.hidesShadow },
    onUnknown: options.onUnknown,
    logger,
  });
}

/** The server's tables as they are now, each question in a session of its own. */
export function serverNow(options: SourceOptions, facts: ServerFacts): Omit<LiveServer, 'changes'> {
  const scope = { flavor: flavorOf(facts), captures: followed(options) };
  return {
    all: () => withSession(options, (session) => captureSchema((sql, values) => session.query(sql, values), scope)),
    table: async (name) => (await withSession(options, (session) => captureTables((sql, values) => session.query(sql, values), { ...scope, within: [name] })))[0],
    end: () => withSession(options, (session) => readEnd(session, facts)),
  };
}

function liveServer({ options, facts, reader, charsets }: Pick<Following, 'options' | 'facts' | 'reader' | 'charsets'>): LiveServer {
  const later = new LaterChanges(followed(options));
  return {
    ...serverNow(options, facts),
    changes: () => withSession(options, (session) => later.read({ server: options, session, facts, rowLimit: options.rowLimit, charsets }, reader.next())),
  };
}

function flavorOf({ mariadb }: ServerFacts): Flavor {
  return mariadb ? 'mariadb' : 'mysql';
}

function followed({ follows, reaches }: SourceOptions): (database: string, table: string) => boolean {
  return follows ?? ((database) => reaches(database));
}

async function dialectOf(session: SqlSession, facts: ServerFacts): Promise<Dialect> {
  const flavor = flavorOf(facts);
  const names = Number(facts.variables.get('lower_case_table_names') ?? 0);
  return {
    flavor,
    version: facts.version,
    lowerCaseTableNames: names === 1 ? 1 : names === 2 ? 2 : 0,
    collations: await readCollations((sql, values) => session.query(sql, values), flavor),
    collationServer: facts.variables.get('collation_server') ?? '',
    explicitDefaultsForTimestamp: facts.variables.get('explicit_defaults_for_timestamp') !== 'OFF',
  };
}
