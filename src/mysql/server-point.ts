import type { Position } from '../core/position.ts';
import type { Flavor } from './binlog/options.ts';
import type { ServerOptions } from './options.ts';
import { readSaved } from './saved-position.ts';
import type { HistoryPlace } from './schema/history/place.ts';
import { reachesByFile, reachesByGtids } from './schema/history/place.ts';
import type { ServerFacts } from './stream/server-facts.ts';
import { askText, compact, readBinlogEnd, readServerFacts } from './stream/server-facts.ts';
import type { SqlSession } from './stream/sql-session.ts';
import { withSession } from './stream/sql-session.ts';

/** The end of a server's binlog at one moment: all that could be read before it was asked is before it. */
export interface ServerEnd extends HistoryPlace {
  readonly flavor: Flavor;
  readonly label: string;
}

/** @throws RowcastError SOURCE_* */
export function readServerEnd(options: ServerOptions): Promise<ServerEnd> {
  return withSession(options, async (session) => {
    const facts = await readServerFacts(session);
    const end = await readEnd(session, facts);
    return { ...end, flavor: facts.mariadb ? 'mariadb' : 'mysql', label: `${end.file}:${String(end.position)}` };
  });
}

/** The end of a server's binlog as a place. @throws RowcastError SOURCE_* */
export async function readEnd(session: SqlSession, facts: ServerFacts): Promise<HistoryPlace> {
  const end = await readBinlogEnd(session, facts);
  const gtids = facts.mariadb ? compact(await askText(session, 'SELECT @@GLOBAL.gtid_binlog_pos')) : facts.gtids ? (end?.executed ?? null) : null;
  return { server: facts.identity, file: end?.file ?? '', position: end?.position ?? 0, gtids };
}

/**
 * Whether a saved position is at that end or behind it. GTIDs may tell it where offsets do not: an idle server begins files that hold nothing to read.
 * @throws RowcastError CHECKPOINT_DAMAGED
 */
export function hasPassed(saved: Position, end: ServerEnd): boolean {
  const at = readSaved(saved);
  return reachesByFile(at, end) === true || (end.gtids !== '' && reachesByGtids(at, end, end.flavor) === true);
}
