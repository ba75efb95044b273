import { RowcastError } from '../../core/errors.ts';
import type { SavedPoint, StartPoint, Whereabouts } from './points.ts';
import { isReplica } from './replica.ts';
import { askText, compact, gtidMode, listBinlogs } from './server-facts.ts';

/**
 * The place by its GTIDs, on whatever server has all of them and still holds all that follows: a failover just goes on.
 * @throws RowcastError SOURCE_POSITION_PURGED, SOURCE_POSITION_FOREIGN, and SOURCE_BEHIND for a replica that lacks some yet
 */
export async function commonPlace(saved: SavedPoint, server: Whereabouts): Promise<StartPoint> {
  const { facts, where } = server;
  const { gtids } = saved;
  const other = `the saved position is of server ${saved.server}, and ${where} is server ${facts.identity}`;
  if (gtids === null || gtids === '') throw foreign(`${other}. It has no GTIDs, which another server could go on from`);
  if (saved.anonymous) throw foreign(`${other}. The last transaction that was read had no GTID, so only the server it came from knows the place`);
  if (!facts.gtids) throw foreign(`${other}. It could go on by GTIDs only with gtid_mode=ON, and its gtid_mode is ${gtidMode(facts)}`);
  await checkHas(gtids, server, (lacking, executed) => stranger(gtids, { lacking, executed }, server));
  await checkNotPurged(gtids, server);
  return { ...saved, by: 'gtids' };
}

/** @throws RowcastError SOURCE_POSITION_PURGED when some of what follows the set is no longer in the binlog */
export async function checkNotPurged(gtids: string, server: Whereabouts): Promise<void> {
  const gone = await goneAfter(gtids, server);
  if (gone === '') return;
  throw new RowcastError('SOURCE_POSITION_PURGED', `${server.where} has purged transactions that were not read yet: ${gone}`, { facts: { gtids: gone } });
}

async function goneAfter(gtids: string, { session, facts }: Whereabouts): Promise<string> {
  if (!facts.mariadb) return compact(await askText(session, 'SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, ?)', [gtids]));
  const [first] = await listBinlogs(session);
  if (first === undefined) return '';
  return beyond(compact(await askText(session, 'SELECT BINLOG_GTID_POS(?, 4)', [first.name])), gtids).join(',');
}

/** @throws what `refuse` makes of the transactions of a position that the server does not have */
export async function checkHas(gtids: string, { session, facts }: Whereabouts, refuse: (lacking: string, executed: string) => RowcastError | Promise<RowcastError>): Promise<void> {
  const executed = compact(await askText(session, facts.mariadb ? 'SELECT @@GLOBAL.gtid_binlog_pos' : 'SELECT @@GLOBAL.gtid_executed'));
  const lacking = facts.mariadb ? beyond(gtids, executed).join(',') : compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [gtids, executed]));
  if (lacking !== '') throw await refuse(lacking, executed);
}

/** What another server that lacks transactions is: a replica that comes from the same ones and will have them, or a foreign one. */
async function stranger(gtids: string, { lacking, executed }: { readonly lacking: string; readonly executed: string }, { session, facts, where }: Whereabouts): Promise<RowcastError> {
  const related = executed === '' || (facts.mariadb ? sharesDomain(gtids, executed) : compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [gtids, lacking])) !== '');
  if (related && (await isReplica(session, facts))) {
    return new RowcastError('SOURCE_BEHIND', `${where} is a replica that does not have transactions yet which were read already: ${lacking}`, { facts: { gtids: lacking } });
  }
  return foreign(`the position holds transactions that ${where} does not have, and it is no replica that would get them: ${lacking}`);
}

/** The GTIDs of a MariaDB position that lie beyond another one. */
export function beyond(position: string, end: string): readonly string[] {
  const known = new Map(end.split(',').map((gtid) => [gtid.split('-')[0], BigInt(gtid.split('-')[2] ?? 0)]));
  return position.split(',').filter((gtid) => {
    const [domain, , sequence] = gtid.split('-');
    return sequence !== undefined && BigInt(sequence) > (known.get(domain) ?? 0n);
  });
}

function sharesDomain(position: string, end: string): boolean {
  const domains = new Set(end.split(',').map((gtid) => gtid.split('-')[0]));
  return position.split(',').some((gtid) => domains.has(gtid.split('-')[0]));
}

function foreign(message: string): RowcastError {
  return new RowcastError('SOURCE_POSITION_FOREIGN', message);
}
