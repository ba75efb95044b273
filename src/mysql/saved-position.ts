import { RowcastError } from '../core/errors.ts';
import type { StartAt } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import { checkSaved, findStart } from './stream/start-point.ts';
import type { SavedPoint, StartPoint, Whereabouts } from './stream/points.ts';

/** The place of the server that a saved position or a configured start means. @throws RowcastError SOURCE_POSITION_*, SOURCE_REFUSED */
export async function locate(from: Position | StartAt, server: Whereabouts): Promise<StartPoint> {
  return isPosition(from) ? checkSaved(readSaved(from), server) : findStart(from, server);
}

/** True for a saved position. */
export function isPosition(from: Position | StartAt): from is Position {
  return typeof from === 'object' && 'state' in from;
}

/** What the decoder put into a position; what earlier versions did not put there is taken as not known. @throws RowcastError CHECKPOINT_DAMAGED */
export function readSaved(position: Position): SavedPoint {
  const { state } = position;
  if (typeof state === 'object' && state !== null && 'file' in state) {
    const { file, position: offset, gtid, serverUuid, created = null, anonymous = false } = state;
    const known = typeof file === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset) && typeof anonymous === 'boolean' && (created === null || typeof created === 'number');
    if (known && (gtid === null || typeof gtid === 'string') && (serverUuid === null || typeof serverUuid === 'string')) {
      return { file, position: offset, gtids: gtid, server: serverUuid ?? '', created, anonymous };
    }
  }
  throw new RowcastError('CHECKPOINT_DAMAGED', `the saved position ${position.label} is none of a MySQL or MariaDB source`);
}
