import { RowcastError } from '../../core/errors.ts';
import { FILE_START } from '../binlog/place.ts';
import { EVENTS_PAGE, showEvents } from './binlog-events.ts';
import { askText, compact } from './server-facts.ts';
import type { SqlSession } from './sql-session.ts';
import { textField } from './sql-session.ts';

/**
 * Reads a binlog file up to a place and makes sure that the place is between two transactions. The answer is MySQL's GTID
 * set before it: what the file says was executed before it, and its own transactions up to there; '' where there are no
 * GTIDs (and for MariaDB). The server lists the events, a page at a time; that needs REPLICATION SLAVE.
 * @throws RowcastError SOURCE_POSITION_FOREIGN when no transaction ends at the place
 */
export async function readGtidsBefore(session: SqlSession, file: string, position: number): Promise<string> {
  const walk = new TransactionWalk();
  let set = '';
  let seen = 0;
  // Where the next event begins: the end that an event names is 0 in transactions of new MariaDB servers.
  let next = FILE_START;
  for (let more = next < position; more; ) {
    const rows = await showEvents(session, { file, from: Math.max(seen, FILE_START), limit: EVENTS_PAGE });
    const found: string[] = [];
    for (const row of rows) {
      const at = Number(textField(row, 'Pos') ?? 0);
      if (at <= seen) continue;
      next = at;
      if (at >= position) break;
      const type = textField(row, 'Event_type') ?? '';
      const info = textField(row, 'Info') ?? '';
      walk.see(type, info);
      const gtids = gtidsOf(type, info);
      if (gtids !== '') found.push(gtids);
      seen = at;
      next = Number(textField(row, 'End_log_pos') ?? 0);
    }
    more = next < position && rows.length === EVENTS_PAGE;
    // The server merges the intervals.
    if (found.length > 0) set = compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [[set, ...found].filter((one) => one !== '').join(','), '']));
  }
  if (next !== position) throw new RowcastError('SOURCE_POSITION_FOREIGN', `${file}:${position} is not between two events; the nearest one is at ${next}`);
  if (walk.inside) throw new RowcastError('SOURCE_POSITION_FOREIGN', `${file}:${position} is inside a transaction: the rest of it would be read without its beginning`, { hint: HINT });
  return set;
}

const HINT = 'Take the end of a transaction from SHOW BINLOG EVENTS: End_log_pos of an Xid, or of a COMMIT.';

/** Follows the lines of SHOW BINLOG EVENTS, and knows whether a transaction is open after the last of them. */
export class TransactionWalk {
  #inside = false;
  #begun = false;

  get inside(): boolean {
    return this.#inside;
  }

  see(type: string, info: string): void {
    if (/^(anonymous_)?gtid(_tagged.*)?$/i.test(type)) this.#open(/^BEGIN\b/i.test(info));
    else if (/^(xid|xa_prepare|transaction_payload)$/i.test(type)) this.#close();
    else if (/^query/i.test(type)) this.#query(info.replace(/^use `(?:[^`]|``)*`; /, ''));
  }

  #query(sql: string): void {
    if (/^(BEGIN|XA START)\b/i.test(sql)) this.#open(true);
    else if (!this.#begun || /^(COMMIT|ROLLBACK)\s*(\/\*.*)?$/i.test(sql)) this.#close();
  }

  #open(begun: boolean): void {
    this.#inside = true;
    this.#begun = begun;
  }

  #close(): void {
    this.#inside = false;
    this.#begun = false;
  }
}

/** The GTIDs that a line of SHOW BINLOG EVENTS of MySQL tells. */
export function gtidsOf(type: string, info: string): string {
  if (type === 'Previous_gtids') return compact(info);
  if (!/^gtid/i.test(type)) return '';
  return /GTID_NEXT\s*=\s*'([0-9a-f-]{36}(?::[a-z_][a-z0-9_]*)?:\d+)'/i.exec(info)?.[1] ?? '';
}
