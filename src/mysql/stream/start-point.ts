import { RowcastError } from '../../core/errors.ts';
import type { StartAt } from '../../core/ports.ts';
import type { BinlogFile, ServerFacts } from './server-facts.ts';
import { askText, compact, listBinlogs, readBinlogEnd } from './server-facts.ts';
import { readGtidsBefore } from './gtids-before.ts';
import type { SqlSession } from './sql-session.ts';

/** A place between two transactions as the server knows it. */
export interface StartPoint {
  readonly file: string;
  readonly position: number;
  /** Everything before it, where the server has GTIDs and tells: a MySQL set or a MariaDB position. */
  readonly gtids: string | null;
}

/** A start point that was saved, with the identity of the server it came from. */
export interface SavedPoint extends StartPoint {
  readonly server: string;
}

/** What a place is checked and found with. */
export interface Whereabouts {
  readonly session: SqlSession;
  readonly facts: ServerFacts;
  /** host:port, for messages. */
  readonly where: string;
}

/**
 * The place of the server that a configured start means. `latest` and `earliest` know their GTIDs where the server has them.
 * @throws RowcastError SOURCE_REFUSED without a binlog, SOURCE_POSITION_PURGED, SOURCE_POSITION_FOREIGN
 */
export async function findStart(at: StartAt, server: Whereabouts): Promise<StartPoint> {
  if (at === 'latest') return latest(server);
  if (at === 'earliest') return earliest(server);
  if ('gtid' in at) return afterGtids(at.gtid, server);
  await checkFile(at.file, at.position, server);
  return { file: at.file, position: at.position, gtids: await gtidsAt(at.file, at.position, server) };
}

/**
 * The saved place, when this server can go on from it. With GTIDs it may be another server than the one it was saved from,
 * as long as that has all of them and still holds all that follows. What cannot be told: a server that was reset and has
 * written past the place again under the same numbers (MariaDB: the same GTIDs; without GTIDs: a file of that name).
 * @throws RowcastError SOURCE_POSITION_PURGED, SOURCE_POSITION_FOREIGN
 */
export async function checkSaved(saved: SavedPoint, server: Whereabouts): Promise<StartPoint> {
  const { facts, where } = server;
  if (saved.gtids !== null && facts.gtids) {
    await checkGtids(saved.gtids, server);
    if (!facts.mariadb && saved.server === facts.identity) await checkSameHistory(saved, server);
    return saved;
  }
  if (saved.server !== facts.identity) {
    throw foreign(`the saved position is of server ${saved.server}, and ${where} is server ${facts.identity}`);
  }
  await checkFile(saved.file, saved.position, server);
  return saved;
}

async function latest({ session, facts, where }: Whereabouts): Promise<StartPoint> {
  const end = await readBinlogEnd(session, facts);
  if (end === null) throw noBinlog(where);
  if (facts.mariadb) return { file: end.file, position: end.position, gtids: await mariadbGtids({ session, facts, where }, end.file, end.position) };
  return { file: end.file, position: end.position, gtids: facts.gtids ? end.executed : null };
}

async function earliest(server: Whereabouts): Promise<StartPoint> {
  const { session, facts, where } = server;
  const [first] = await listBinlogs(session);
  if (first === undefined) throw noBinlog(where);
  if (facts.mariadb) return { file: first.name, position: FILE_START, gtids: await mariadbGtids(server, first.name, FILE_START) };
  return { file: first.name, position: FILE_START, gtids: facts.gtids ? compact(await askText(session, 'SELECT @@GLOBAL.gtid_purged')) : null };
}

async function afterGtids(set: string, server: Whereabouts): Promise<StartPoint> {
  const { session, facts, where } = server;
  if (!facts.gtids) throw new RowcastError('SOURCE_REFUSED', `source.start names a GTID set, and ${where} has no GTIDs (gtid_mode is ${facts.variables.get('gtid_mode') ?? 'missing'})`);
  const gtids = compact(set);
  await checkGtids(gtids, server);
  const [first] = await listBinlogs(session);
  if (first === undefined) throw noBinlog(where);
  return { file: first.name, position: FILE_START, gtids };
}

async function checkGtids(gtids: string, { session, facts, where }: Whereabouts): Promise<void> {
  if (facts.mariadb) {
    const server = compact(await askText(session, 'SELECT @@GLOBAL.gtid_binlog_pos'));
    const unknown = beyond(gtids, server);
    if (unknown !== null) throw foreign(`the position ${gtids} holds ${unknown}, which ${where} does not have (its binlog ends at ${server || 'nothing'})`);
    return;
  }
  const executed = compact(await askText(session, 'SELECT @@GLOBAL.gtid_executed'));
  if ((await askText(session, 'SELECT GTID_SUBSET(?, ?)', [gtids, executed])) !== '1') {
    const extra = compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [gtids, executed]));
    throw foreign(`the position holds transactions that ${where} does not have: ${extra}. The server was reset, restored from a backup or replaced`);
  }
  const purged = compact(await askText(session, 'SELECT @@GLOBAL.gtid_purged'));
  if ((await askText(session, 'SELECT GTID_SUBSET(?, ?)', [purged, gtids])) !== '1') {
    const gone = compact(await askText(session, 'SELECT GTID_SUBTRACT(?, ?)', [purged, gtids]));
    throw new RowcastError('SOURCE_POSITION_PURGED', `${where} has purged transactions that were not read yet: ${gone}`);
  }
}

/** The first GTID of a MariaDB position that lies beyond another one, null where none does. */
export function beyond(position: string, end: string): string | null {
  const known = new Map(end.split(',').map((gtid) => [gtid.split('-')[0], BigInt(gtid.split('-')[2] ?? 0)]));
  for (const gtid of position.split(',')) {
    const [domain, , sequence] = gtid.split('-');
    if (sequence !== undefined && BigInt(sequence) > (known.get(domain) ?? 0n)) return gtid;
  }
  return null;
}

/**
 * A server that was reset counts its GTIDs from 1 again: once it has as many as before, the set alone cannot tell. Its
 * files begin anew too, so one that ends before the saved place shows it.
 */
async function checkSameHistory({ file, position }: SavedPoint, { session, where }: Whereabouts): Promise<void> {
  const last = (await listBinlogs(session)).at(-1);
  if (last === undefined) return;
  const ahead = fileNumber(file) - fileNumber(last.name);
  if (ahead > 0 || (ahead === 0 && position > last.size)) {
    throw new RowcastError('SOURCE_POSITION_FOREIGN', `the position is at ${file}:${position}, and the binlog of ${where} ends at ${last.name}:${last.size}, before it. The server was reset or restored, so its GTIDs may stand for other transactions than those that were read`, {
      hint: 'Re-create the downstream data and remove the checkpoint. Only where the server kept its GTIDs (restored from a backup of itself): remove the checkpoint and set source.start to { gtid: … } with the saved set.',
    });
  }
}

async function checkFile(file: string, position: number, { session, where }: Whereabouts): Promise<void> {
  const files = await listBinlogs(session);
  const found = files.find((one) => one.name === file);
  if (found !== undefined) {
    if (position > found.size) throw foreign(`the position is ${file}:${position}, and ${file} on ${where} has only ${found.size} bytes`);
    if (position > LARGEST_POSITION) throw new RowcastError('SOURCE_REFUSED', `the position ${file}:${position} is beyond 4 GiB, which only a server with GTIDs can be asked for`);
    return;
  }
  const held = `${where} has ${range(files)}`;
  const first = files[0];
  if (first !== undefined && fileNumber(file) < fileNumber(first.name)) {
    throw new RowcastError('SOURCE_POSITION_PURGED', `the binlog file ${file} is purged: ${held}`);
  }
  throw foreign(`there is no binlog file ${file}: ${held}`);
}

/** The GTIDs before a place, which must be between two transactions; null where the server has none. @throws RowcastError SOURCE_POSITION_FOREIGN */
async function gtidsAt(file: string, position: number, server: Whereabouts): Promise<string | null> {
  const before = await readGtidsBefore(server.session, file, position);
  if (server.facts.mariadb) return mariadbGtids(server, file, position);
  return server.facts.gtids ? before : null;
}

/** The GTIDs before a place of a MariaDB binlog. The server answers '' before the first transaction and NULL for no place. */
async function mariadbGtids({ session }: Whereabouts, file: string, position: number): Promise<string | null> {
  return askText(session, 'SELECT BINLOG_GTID_POS(?, ?)', [file, position]);
}

function fileNumber(file: string): number {
  return Number(/\.(\d+)$/.exec(file)?.[1] ?? Number.NaN);
}

function range(files: readonly BinlogFile[]): string {
  const first = files[0]?.name;
  const last = files.at(-1)?.name;
  return first === undefined ? 'none' : first === last ? `only ${first}` : `${first} to ${last ?? ''}`;
}

function foreign(message: string): RowcastError {
  return new RowcastError('SOURCE_POSITION_FOREIGN', message);
}

function noBinlog(where: string): RowcastError {
  return new RowcastError('SOURCE_REFUSED', `${where} writes no binlog (log_bin is off)`);
}

/** Where the first event of a file begins. */
const FILE_START = 4;
const LARGEST_POSITION = 0xffffffff;
