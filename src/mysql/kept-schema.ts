import { RowcastError } from '../core/errors.ts';
import type { TableName } from '../core/notice.ts';
import type { NoteStore, Notes } from '../core/notes.ts';
import type { Position } from '../core/position.ts';
import { tableLabel } from '../core/table.ts';
import type { Flavor } from './binlog/options.ts';
import { serverNow } from './following.ts';
import type { SourceOptions } from './options.ts';
import { readSaved } from './saved-position.ts';
import type { TrackedTable } from './schema/ddl/index.ts';
import type { LostTable } from './schema/history/entry.ts';
import { readBase, readEntry } from './schema/history/entry.ts';
import type { FormerName } from './schema/history/names.ts';
import { SchemaHistory } from './schema/history/history.ts';
import { Knowledge } from './schema/history/knowledge.ts';
import { reaches } from './schema/history/place.ts';
import { ignoresCase, readServerFacts } from './stream/server-facts.ts';
import { serverLabel, withSession } from './stream/sql-session.ts';

/** The schema history as of the saved position. */
export interface KeptSchema {
  readonly tables: readonly TrackedTable[];
  /** Tables that are there, and whose columns nobody knows. */
  readonly lost: readonly LostTable[];
  /** The names that a table had before, oldest first. */
  readonly formerly: (table: TableName) => readonly FormerName[];
  /** Entries that lie behind the position: they are read again. */
  readonly later: number;
}

/** What was taken from the server. */
export interface Recaptured {
  readonly table: TrackedTable;
  /** The names that it had before, oldest first. */
  readonly formerly: readonly FormerName[];
  /** `file:position` up to which statements about the table are taken to be in its columns. */
  readonly until: string;
}

/** Reads without writing, so that a daemon may run meanwhile. Null where nothing is kept for the position. @throws RowcastError HISTORY_* */
export async function keptSchema(notes: NoteStore, position: Position): Promise<KeptSchema | null> {
  const kept = await notes.load();
  if (kept === null) return null;
  const at = readSaved(position);
  const flavor = flavorOf(position);
  const base = readBase(kept.base);
  if (reaches(at, base.place, flavor) !== true) return null;
  const entries = kept.entries.map(readEntry);
  const end = entries.findIndex(({ place }) => reaches(at, place, flavor) !== true);
  const now = new Knowledge(base);
  for (const entry of end < 0 ? entries : entries.slice(0, end)) now.apply(entry);
  return { tables: [...now.schema.tables()], lost: now.lost(), formerly: (table) => now.names.of(table), later: end < 0 ? 0 : entries.length - end };
}

/**
 * Takes a table as the server shows it now for what it was at the saved position. Statements about it up to the end of the
 * binlog are in its columns then. Whoever calls holds the checkpoint's lock.
 * @throws RowcastError CONFIG_INVALID for no such table, HISTORY_*, SOURCE_*
 */
export async function recaptureKept(options: SourceOptions, notes: NoteStore, position: Position, name: TableName): Promise<Recaptured> {
  const at = readSaved(position);
  const facts = await withSession(options, readServerFacts);
  if (ignoresCase(facts)) options.ignoreCase?.();
  const history = new SchemaHistory({ notes, flavor: facts.mariadb ? 'mariadb' : 'mysql', settled: () => at });
  const loaded = await history.load(at);
  if (loaded !== 'kept') throw new RowcastError('HISTORY_DAMAGED', `there is no schema history of the saved position ${position.label}`, { hint: 'Start the daemon: it captures the tables that nothing has changed since the position.' });
  const live = serverNow(options, facts);
  // The end comes first: a statement after it is applied, whether or not it is in the columns.
  const until = await live.end();
  const table = await live.table(name);
  if (table === undefined) {
    throw new RowcastError('CONFIG_INVALID', `${serverLabel(options)} shows no table ${tableLabel(name)} to ${options.user}, or no route reaches its database`, { hint: 'Check the spelling, case included; if the table is there, GRANT SELECT on it to the account.', facts: { table: tableLabel(name) } });
  }
  history.now.schema.put(table);
  history.now.recapture({ ...name, until });
  await history.commit(at);
  return { table, formerly: history.now.names.of(name), until: `${until.file}:${String(until.position)}` };
}

/** True for notes from which the tables as of the position can be known. @throws RowcastError HISTORY_DAMAGED, CHECKPOINT_DAMAGED */
export function isHistoryOf({ base }: Notes, position: Position): boolean {
  return reaches(readSaved(position), readBase(base).place, flavorOf(position)) === true;
}

/** True where `position` lies at `other` or before it; false where it lies behind, or nobody can tell. @throws RowcastError CHECKPOINT_DAMAGED */
export function liesWithin(position: Position, other: Position): boolean {
  const { server, file, position: offset, gtids } = readSaved(position);
  return reaches(readSaved(other), { server, file, position: offset, gtids }, flavorOf(position)) === true;
}

function flavorOf({ state }: Position): Flavor {
  return typeof state === 'object' && state !== null && 'flavor' in state && state.flavor === 'mariadb' ? 'mariadb' : 'mysql';
}
