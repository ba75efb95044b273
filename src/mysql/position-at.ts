import { RowcastError } from '../core/errors.ts';
import type { StartAt } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import { Progress } from './binlog/progress.ts';
import type { SourceOptions } from './options.ts';
import { inspect, refusal } from './preflight.ts';
import { isPosition } from './saved-position.ts';
import { readServerFacts } from './stream/server-facts.ts';
import { withSession } from './stream/sql-session.ts';

/**
 * The position of a place in the server's binlog, which the server still has, so that reading can go on from there. A
 * position is given back as it is.
 * @throws RowcastError SOURCE_POSITION_PURGED, SOURCE_POSITION_FOREIGN and what else keeps the server from being read from there
 */
export function positionAt(options: SourceOptions, from: Position | StartAt): Promise<Position> {
  return withSession(options, async (session) => {
    const { problems, start } = await inspect(session, { ...options, onPurged: 'fail' }, from, { ownDumps: Infinity });
    const refused = refusal(problems);
    if (refused !== null || start === null) throw refused ?? new RowcastError('INTERNAL', 'a check without errors found no place');
    if (isPosition(from)) return from;
    const facts = await readServerFacts(session);
    const { file, position, gtids, server, created, anonymous } = start;
    return new Progress(facts.mariadb ? 'mariadb' : 'mysql', { file, position, gtid: gtids, serverUuid: server, reads: facts.identity, created, anonymous }).toPosition();
  });
}
