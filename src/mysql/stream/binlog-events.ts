import { setTimeout as sleep } from 'node:timers/promises';
import { RowcastError } from '../../core/errors.ts';
import type { SqlRow, SqlSession } from './sql-session.ts';

/** Up to `limit` events of a file, from the one that begins at an offset on. */
export interface EventPage {
  readonly file: string;
  readonly from: number;
  readonly limit: number;
}

/** Events to ask for at a time: what a server answers is held until it is looked at. */
export const EVENTS_PAGE = 1_000;

/**
 * SHOW BINLOG EVENTS. MySQL lists a file while others write it, and fails where it meets half an event at its end; a moment
 * later that event is whole. @throws RowcastError SOURCE_*; errno 1220 where no event begins at the offset
 */
export async function showEvents(session: Pick<SqlSession, 'query'>, { file, from, limit }: EventPage): Promise<readonly SqlRow[]> {
  for (let left = TRIES; ; left--) {
    try {
      return await session.query('SHOW BINLOG EVENTS IN ? FROM ? LIMIT ?', [file, from, limit]);
    } catch (error) {
      if (left === 0 || !(error instanceof RowcastError) || error.facts.errno !== FAILED || !HALF_WRITTEN.test(error.message)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

const TRIES = 100;
const PAUSE_MS = 20;
/** ER_ERROR_WHEN_EXECUTING_COMMAND. */
const FAILED = 1220;
const HALF_WRITTEN = /truncated in the middle of event/i;
