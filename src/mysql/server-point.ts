import type { Position } from '../core/position.ts';
import { binlogFileName } from './binlog/file-name.ts';
import { MariadbGtidSet, MysqlGtidSet } from './binlog/gtid-set.ts';
import type { ServerOptions } from './options.ts';
import { readSaved } from './saved-position.ts';
import { askText, compact, readBinlogEnd, readServerFacts } from './stream/server-facts.ts';
import { withSession } from './stream/sql-session.ts';

/** The end of a server's binlog at one moment: all that could be read before it was asked is before it. */
export interface ServerEnd {
  readonly server: string;
  readonly mariadb: boolean;
  readonly file: string;
  readonly position: number;
  /** Null where no GTIDs tell it. */
  readonly gtids: string | null;
  readonly label: string;
}

/** @throws RowcastError SOURCE_* */
export function readServerEnd(options: ServerOptions): Promise<ServerEnd> {
  return withSession(options, async (session) => {
    const facts = await readServerFacts(session);
    const end = await readBinlogEnd(session, facts);
    const { file, position, executed } = end ?? { file: '', position: 0, executed: '' };
    const gtids = facts.mariadb ? compact(await askText(session, 'SELECT @@gtid_binlog_pos')) : facts.gtids ? executed : null;
    return { server: facts.identity, mariadb: facts.mariadb, file, position, gtids, label: `${file}:${String(position)}` };
  });
}

/** Whether a saved position is at that end or behind it. @throws RowcastError CHECKPOINT_DAMAGED */
export function hasPassed(saved: Position, end: ServerEnd): boolean {
  const { server, file, position, gtids } = readSaved(saved);
  if (server === end.server && isAt({ file, position }, end)) return true;
  if (gtids === null || end.gtids === null || end.gtids === '') return false;
  return end.mariadb ? containsAll(gtids, end.gtids) : MysqlGtidSet.parse(gtids).contains(MysqlGtidSet.parse(end.gtids));
}

function isAt(saved: { readonly file: string; readonly position: number }, end: ServerEnd): boolean {
  if (saved.file === end.file) return saved.position >= end.position;
  const [mine, other] = [binlogFileName(saved.file), binlogFileName(end.file)];
  return mine.base === other.base && mine.number > other.number;
}

function containsAll(saved: string, wanted: string): boolean {
  const set = MariadbGtidSet.parse(saved);
  return wanted.split(',').every((gtid) => {
    const cut = gtid.lastIndexOf('-');
    return set.contains({ source: gtid.slice(0, cut), number: BigInt(gtid.slice(cut + 1)), separator: '-' });
  });
}
