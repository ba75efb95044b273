import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { TableName } from '../../core/notice.ts';
import type { LaterChange } from '../stream/later-changes.ts';
import type { HistoryBase } from './history/entry.ts';
import type { HistoryPlace } from './history/place.ts';
import type { LiveServer } from './live-server.ts';

/**
 * The tables as they were at a place of the binlog, from the server as it is now: those that nothing has changed in between.
 * The others are known to be there, and not how they were.
 * @throws RowcastError SOURCE_*
 */
export async function captureAt(place: HistoryPlace, live: LiveServer): Promise<HistoryBase> {
  const { tables, databases } = await live.all();
  const changes = await laterChanges(live);
  const why = (table: TableName): string | null => (changes instanceof RowcastError ? changes.message : reason(changeOf(table, changes)));
  return {
    place,
    databases,
    tables: tables.filter((table) => why(table) === null),
    lost: tables.flatMap(({ database, name }) => {
      const change = why({ database, name });
      return change === null ? [] : [{ database, name, why: change }];
    }),
    recaptures: [],
    names: [],
  };
}

/** The tables as they are now, on the operator's word that they were so at `place`: statements before the end of the binlog are in them. */
export async function recaptureAll(place: HistoryPlace, live: LiveServer): Promise<HistoryBase> {
  // The end comes first: a statement after it is applied, whether or not it is in the tables.
  const until = await live.end();
  const { tables, databases } = await live.all();
  return { place, databases, tables, lost: [], recaptures: tables.map(({ database, name }) => ({ database, name, until })), names: [] };
}

/** An error that would come again is an answer: nobody knows. @throws RowcastError that may pass */
export async function laterChanges(live: LiveServer): Promise<readonly LaterChange[] | RowcastError> {
  try {
    return await live.changes();
  } catch (error) {
    const known = asRowcastError(error);
    if (known.retry) throw known;
    return known;
  }
}

/** The first statement that may have changed the table. */
export function changeOf({ database, name }: TableName, changes: readonly LaterChange[]): LaterChange | undefined {
  return changes.find((change) => change.database === database && (change.table === null || change.table === name));
}

function reason(change: LaterChange | undefined): string | null {
  return change === undefined ? null : `${change.verb} at ${change.place} changes it after the place where reading began`;
}
