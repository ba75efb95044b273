import type { Problem } from '../../core/problem.ts';
import type { ServerFacts } from '../stream/server-facts.ts';

/**
 * Warns where the server may purge binlog before it is read: it keeps it for less than a day, or for less than twice as long
 * as reading is behind. `behind`: seconds; null where nobody knows.
 */
export function retentionProblems(facts: ServerFacts, behind: number | null): readonly Problem[] {
  const kept = keptSeconds(facts);
  if (kept === null) return [];
  const found: Problem[] = [];
  const longer = keepLonger(facts);
  const add = (message: string, repair: string): void => void found.push({ code: 'SOURCE_REFUSED', severity: 'warning', message, repair });
  if (kept < DAY) add(`binlogs are kept for ${kept} seconds only: a daemon that stands still for longer loses its place`, longer);
  if (behind !== null && behind > kept / 2) {
    add(`reading is behind by more than half of the ${kept} seconds that binlogs are kept for: what falls behind further is purged before it is read`, `Find out what holds the daemon back, and until then: ${longer}`);
  }
  return found;
}

/** For how long the server keeps binlog files, in seconds; null: for ever, or by size alone. */
export function keptSeconds({ variables }: ServerFacts): number | null {
  if (variables.get('binlog_expire_logs_auto_purge') === 'OFF') return null;
  const seconds = Number(variables.get('binlog_expire_logs_seconds') ?? 0);
  const days = Number(variables.get('expire_logs_days') ?? 0);
  return seconds > 0 ? seconds : days > 0 ? days * DAY : null;
}

/** How many bytes of binlog the server keeps (MariaDB from 11.4 on); null: any number. */
export function keptBytes({ variables }: ServerFacts): number | null {
  const bytes = Number(variables.get('max_binlog_total_size') ?? 0);
  return bytes > 0 ? bytes : null;
}

/** Seconds. */
const DAY = 86_400;

/** By the one of the two variables that the server has. */
function keepLonger({ variables }: ServerFacts): string {
  const setting = variables.has('binlog_expire_logs_seconds') ? 'binlog_expire_logs_seconds = 604800' : 'expire_logs_days = 7';
  return `SET GLOBAL ${setting}; put it into the configuration of the server, too.`;
}
