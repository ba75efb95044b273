import { RowcastError } from '../../core/errors.ts';
import { askText, compact } from './server-facts.ts';
import type { SqlSession } from './sql-session.ts';
import { textField } from './sql-session.ts';

/**
 * The GTID set before a place of a MySQL binlog file: what the file says was executed before it, and the transactions of
 * its own up to there. The server lists the events, a page at a time; that needs REPLICATION SLAVE.
 * @throws RowcastError SOURCE_POSITION_FOREIGN when no event begins or ends at the place
 */
export async function readGtidsBefore(session: SqlSession, file: string, position: number): Promise<string> {
  let set = '';
  let from = FILE_START;
  while (from < position) {
    const rows = await session.query('SHOW BINLOG EVENTS IN ? FROM ? LIMIT ?', [file, from, PAGE]);
    const found: string[] = [];
    let at = from;
    for (const row of rows) {
      if (at >= position) break;
      const gtids = gtidsOf(textField(row, 'Event_type') ?? '', textField(row, 'Info') ?? '');
      if (gtids !== '') found.push(gtids);
      at = Number(textField(row, 'End_log_pos') ?? 0);
    }
    if (at === from) break;
    from = at;
    // The server merges the intervals.
    if (found.length > 0) set = compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [[set, ...found].filter((one) => one !== '').join(','), '']));
  }
  if (from !== Math.max(position, FILE_START)) {
    throw new RowcastError('SOURCE_POSITION_FOREIGN', `${file}:${position} is not between two events; the nearest one ends at ${from}`);
  }
  return set;
}

/** The GTIDs that a line of SHOW BINLOG EVENTS tells. */
export function gtidsOf(type: string, info: string): string {
  if (type === 'Previous_gtids') return compact(info);
  if (!/^gtid/i.test(type)) return '';
  return /GTID_NEXT\s*=\s*'([0-9a-f-]{36}(?::[a-z_][a-z0-9_]*)?:\d+)'/i.exec(info)?.[1] ?? '';
}

const FILE_START = 4;
const PAGE = 10_000;
