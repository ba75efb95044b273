import { RowcastError } from '../core/errors.ts';
import type { StartAt } from '../core/ports.ts';
import type { Json, Position } from '../core/position.ts';
import type { PreparedPlace } from './binlog/xa.ts';
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
    const { file, position: offset, gtid, serverUuid, created = null, anonymous = false, prepared = [] } = state;
    const known = typeof file === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset) && typeof anonymous === 'boolean' && (created === null || typeof created === 'number');
    const open = readPrepared(prepared);
    if (known && open !== null && (gtid === null || typeof gtid === 'string') && (serverUuid === null || typeof serverUuid === 'string')) {
      return { file, position: offset, gtids: gtid, server: serverUuid ?? '', created, anonymous, ...(open.length === 0 ? {} : { prepared: open }) };
    }
  }
  throw new RowcastError('CHECKPOINT_DAMAGED', `the saved position ${position.label} is none of a MySQL or MariaDB source`);
}

/** Null where it is no such list. */
function readPrepared(list: Json): readonly PreparedPlace[] | null {
  if (!Array.isArray(list)) return null;
  const found: PreparedPlace[] = [];
  for (const one of list as readonly Json[]) {
    if (typeof one !== 'object' || one === null || !('xid' in one)) return null;
    const { xid, gtid, server, file, position, before, empty } = one;
    if (typeof xid !== 'string' || typeof file !== 'string' || typeof position !== 'number' || typeof empty !== 'boolean') return null;
    if (!isText(gtid) || !isText(server) || !isText(before)) return null;
    found.push({ xid, gtid, server, file, position, before, empty });
  }
  return found;
}

function isText(value: Json | undefined): value is string | null {
  return value === null || typeof value === 'string';
}
