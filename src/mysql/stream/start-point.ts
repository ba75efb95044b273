import { RowcastError } from '../../core/errors.ts';
import type { StartAt } from '../../core/ports.ts';
import { FILE_START } from '../binlog/place.ts';
import { rangeOf, standingOf } from './binlog-files.ts';
import { checkHas, checkNotPurged, commonPlace } from './gtid-place.ts';
import { readGtidsBefore } from './gtids-before.ts';
import type { SavedPoint, StartPoint, Whereabouts } from './points.ts';
import { askText, compact, gtidMode, listBinlogs, readBinlogEnd } from './server-facts.ts';
import type { SqlSession } from './sql-session.ts';
import { findTime } from './start-time.ts';

/**
 * The place of the server that a configured start means. `latest` and `earliest` know their GTIDs where the server has them.
 * @throws RowcastError SOURCE_REFUSED without a binlog, SOURCE_POSITION_PURGED, SOURCE_POSITION_FOREIGN, SOURCE_BEHIND
 */
export async function findStart(at: StartAt, server: Whereabouts): Promise<StartPoint> {
  if (at === 'latest') return latest(server);
  if (at === 'earliest') return earliest(server);
  if ('gtid' in at) return afterGtids(at.gtid, server);
  if ('timestamp' in at) return fromTime(at.timestamp, server);
  await checkFile(at.file, at.position, server);
  return offsetOf(at.file, at.position, await gtidsAt(at.file, at.position, server), server);
}

/**
 * The saved place, when this server can go on from it. On the server it was saved from, that is its file and offset: no
 * transaction without a GTID can be left out then, whatever gtid_mode was meanwhile. On another one it is its GTIDs.
 * @throws RowcastError SOURCE_POSITION_PURGED, SOURCE_POSITION_FOREIGN, SOURCE_RESET, SOURCE_BEHIND
 */
export async function checkSaved(saved: SavedPoint, server: Whereabouts): Promise<StartPoint> {
  if (saved.file === '' || saved.server !== server.facts.identity) return commonPlace(saved, server);
  await checkNotRewound(saved, server);
  const files = await listBinlogs(server.session);
  const listed = files.find(({ name }) => name === saved.file);
  if (listed === undefined) return withoutFile(saved, server);
  if (saved.position > listed.size) throw reset(`the saved position is ${saved.file}:${saved.position}, and that file has only ${listed.size} bytes now`, server);
  const created = await server.created(saved.file);
  if (saved.created !== null && created !== saved.created) throw reset(`${saved.file} was begun at ${timeText(created)}, and the file that was read at ${timeText(saved.created)}`, server);
  return { ...saved, created, anonymous: saved.anonymous || gtidMode(server.facts) === 'OFF', by: byOffset(saved.position) };
}

/** The end of the binlog. @throws RowcastError SOURCE_REFUSED without a binlog */
export async function latest(server: Whereabouts): Promise<StartPoint> {
  const { session, facts, where } = server;
  const end = await readBinlogEnd(session, facts);
  if (end === null) throw noBinlog(where);
  if (!facts.mariadb) return offsetOf(end.file, end.position, end.executed, server);
  // Its function for the GTIDs at an offset knows offsets of 32 bits. What is committed in between is then not before the place, but told.
  if (end.position > LARGEST_OFFSET) return { ...(await offsetOf(end.file, end.position, await mariadbEnd(session), server)), by: 'gtids' };
  return offsetOf(end.file, end.position, await mariadbGtids(server, end.file, end.position), server);
}

/** The beginning of the oldest binlog file. @throws RowcastError SOURCE_REFUSED without a binlog */
export async function earliest(server: Whereabouts): Promise<StartPoint> {
  const { session, facts } = server;
  const file = await firstFile(server);
  const gtids = facts.mariadb ? await mariadbGtids(server, file, FILE_START) : compact(await askText(session, 'SELECT @@GLOBAL.gtid_purged'));
  return offsetOf(file, FILE_START, gtids, server);
}

async function afterGtids(set: string, server: Whereabouts): Promise<StartPoint> {
  const { facts, where } = server;
  if (!facts.gtids) throw new RowcastError('SOURCE_REFUSED', `source.start names a GTID set, and ${where} has no GTIDs (gtid_mode is ${facts.variables.get('gtid_mode') ?? 'missing'})`);
  await firstFile(server);
  return commonPlace({ server: facts.identity, file: '', position: FILE_START, gtids: compact(set), created: null, anonymous: false }, server);
}

async function fromTime(time: number, server: Whereabouts): Promise<StartPoint> {
  const { found, end } = await findTime(time, server);
  const { file, position } = found ?? end;
  if (server.facts.mariadb) return offsetOf(file, position, await mariadbGtids(server, file, position), server);
  return offsetOf(file, position, found === null ? end.executed : found.gtids, server);
}

async function offsetOf(file: string, position: number, gtids: string | null, { facts }: Whereabouts): Promise<StartPoint> {
  return Promise.resolve({ server: facts.identity, file, position, gtids, created: null, anonymous: !facts.gtids, by: byOffset(position) });
}

function byOffset(position: number): 'offset' | 'count' {
  return position > LARGEST_OFFSET ? 'count' : 'offset';
}

/** The saved file is no longer listed: only GTIDs may still show that nothing after the place is gone. */
async function withoutFile(saved: SavedPoint, server: Whereabouts): Promise<StartPoint> {
  const { facts, where, session } = server;
  const files = await listBinlogs(session);
  const held = `${where} has ${rangeOf(files)}`;
  const standing = standingOf(saved.file, files);
  if (standing === 'after') throw reset(`the saved position is in ${saved.file}, and ${held}`, server);
  const { gtids } = saved;
  // MariaDB keeps the state of its GTIDs with its files: under a new base name it begins without.
  const told = facts.gtids && !(facts.mariadb && standing === 'renamed');
  if (told && gtids !== null && gtids !== '' && !saved.anonymous) {
    await checkHas(gtids, server, (lacking) => reset(`it does not have transactions that were read from it: ${lacking}`, server));
    await checkNotPurged(gtids, server);
    return { ...saved, by: 'gtids' };
  }
  const why = standing === 'renamed' ? `is not listed any more, since the base name of the files is another one` : 'is purged';
  throw new RowcastError('SOURCE_POSITION_PURGED', `the binlog file ${saved.file} ${why}: ${held}`, { facts: { file: saved.file } });
}

/** @throws RowcastError SOURCE_RESET when the server lacks transactions that were read from it */
async function checkNotRewound({ gtids }: SavedPoint, server: Whereabouts): Promise<void> {
  const { session, facts } = server;
  if (gtids === null || gtids === '' || facts.mariadb || gtidMode(facts) === 'OFF') return;
  const lacking = compact(await askText(session, 'SELECT GTID_SUBTRACT(?, @@GLOBAL.gtid_executed)', [gtids]));
  if (lacking !== '') throw reset(`it does not have transactions that were read from it: ${lacking}`, server);
}

async function checkFile(file: string, position: number, { session, where }: Whereabouts): Promise<void> {
  const files = await listBinlogs(session);
  const found = files.find((one) => one.name === file);
  if (found !== undefined) {
    if (position > found.size) throw foreign(`the position is ${file}:${position}, and ${file} on ${where} has only ${found.size} bytes`);
    return;
  }
  const held = `${where} has ${rangeOf(files)}`;
  if (standingOf(file, files) === 'before') throw new RowcastError('SOURCE_POSITION_PURGED', `the binlog file ${file} is purged: ${held}`, { facts: { file } });
  throw foreign(`there is no binlog file ${file}: ${held}`);
}

/** The GTIDs before a place, which must be between two transactions; null where they are not known. @throws RowcastError SOURCE_POSITION_FOREIGN */
async function gtidsAt(file: string, position: number, server: Whereabouts): Promise<string | null> {
  const before = await readGtidsBefore(server, { file, position });
  return server.facts.mariadb ? mariadbGtids(server, file, position) : before;
}

/** The GTIDs before a place of a MariaDB binlog. The server answers '' before the first transaction and NULL for no place. */
export async function mariadbGtids({ session }: Pick<Whereabouts, 'session'>, file: string, position: number): Promise<string | null> {
  return askText(session, 'SELECT BINLOG_GTID_POS(?, ?)', [file, position]);
}

async function mariadbEnd(session: SqlSession): Promise<string> {
  return compact(await askText(session, 'SELECT @@GLOBAL.gtid_binlog_pos'));
}

async function firstFile({ session, where }: Whereabouts): Promise<string> {
  const [first] = await listBinlogs(session);
  if (first === undefined) throw noBinlog(where);
  return first.name;
}

function reset(what: string, { where }: Whereabouts): RowcastError {
  return new RowcastError('SOURCE_RESET', `${where} was reset, or its data was restored: ${what}`);
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function foreign(message: string): RowcastError {
  return new RowcastError('SOURCE_POSITION_FOREIGN', message);
}

function noBinlog(where: string): RowcastError {
  return new RowcastError('SOURCE_REFUSED', `${where} writes no binlog (log_bin is off)`);
}

/** What the dump command can ask for. */
const LARGEST_OFFSET = 0xffffffff;
