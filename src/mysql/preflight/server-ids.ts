import { ERRORS } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import type { ServerFacts } from '../stream/server-facts.ts';
import { dumpsUnder, takenServerIds } from '../stream/server-id.ts';
import type { SqlSession } from '../stream/sql-session.ts';

/** Under which id the daemon reads. */
export interface OwnServerId {
  readonly id: number;
  /** Streams of its own that it has open now: as many dumps under its id are no others'. */
  readonly own: number;
}

/** Whether another replica uses the id: one that has registered is an error, a dump of a client that has not a warning. */
export async function serverIdProblems(session: SqlSession, facts: ServerFacts, { id, own }: OwnServerId): Promise<readonly Problem[]> {
  const repair = ERRORS.SERVER_ID_TAKEN.hint;
  if ((await takenServerIds(session, facts)).has(id)) {
    return [{ code: 'SERVER_ID_TAKEN', message: `server id ${id} is that of the server or of one of its replicas`, repair, severity: 'error' }];
  }
  if ((await dumpsUnder(session, id)) <= own) return [];
  // It may be what is left of a connection of the daemon itself, which the server has not missed yet: no reason to refuse.
  return [{ code: 'SERVER_ID_TAKEN', message: `another connection reads the binlog under server id ${id}`, repair, severity: 'warning' }];
}
