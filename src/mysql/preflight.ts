import { RowcastError, asRowcastError } from '../core/errors.ts';
import type { StartAt } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import type { Problem } from '../core/problem.ts';
import type { SourceOptions } from './options.ts';
import { passGap, type Gap, type Resumption } from './gap.ts';
import { grantProblems } from './preflight/grants.ts';
import { retentionProblems } from './preflight/retention.ts';
import { roleProblems } from './preflight/role.ts';
import { serverIdProblems } from './preflight/server-ids.ts';
import type { OwnServerId } from './preflight/server-ids.ts';
import { settingProblems } from './preflight/settings.ts';
import { isPosition, locate, readSaved } from './saved-position.ts';
import { readCreated, scanBinlog } from './stream/binlog-scan.ts';
import { BinlogSizes } from './stream/binlog-sizes.ts';
import { bytesBehind } from './stream/lag.ts';
import type { ServerFacts } from './stream/server-facts.ts';
import { ignoresCase, listBinlogs, readServerFacts } from './stream/server-facts.ts';
import type { SqlSession } from './stream/sql-session.ts';
import { serverLabel, withSession } from './stream/sql-session.ts';
import type { StartPoint, Whereabouts } from './stream/points.ts';

/** What a check of a server brings. */
export interface Inspection {
  readonly problems: readonly Problem[];
  /** Where reading would begin; null where that is one of the problems, or was not asked. */
  readonly start: StartPoint | null;
  /** The start lies after a gap, as `onPurged` wants it. */
  readonly gap: Gap | null;
}

/**
 * Everything that is wrong with the server, the account and the position to begin at (null: not looked at), at once. A
 * server that cannot be reached is a problem, too.
 */
export async function preflight(options: SourceOptions, from: Position | StartAt | null): Promise<readonly Problem[]> {
  try {
    return (await withSession(options, (session) => inspect(session, options, from))).problems;
  } catch (error) {
    return [toProblem(asRowcastError(error), serverLabel(options))];
  }
}

/** What a look may be told besides the place. */
export interface Circumstances {
  /** What a stream from that place ended with, whatever the server answers now. @default null */
  readonly purged?: RowcastError | null;
  /** Milliseconds since 1970 when the place was saved, where nothing reads on from it now. @default null */
  readonly idleSince?: number | null;
  /** As many dumps under the server id are the daemon's own, or may be left of it. @default 0 */
  readonly ownDumps?: number;
  /** Sizes of files that were seen before. @default none */
  readonly sizes?: BinlogSizes;
}

/** The same over a session that is open. @throws RowcastError SOURCE_LOST when it is lost */
export async function inspect(session: SqlSession, options: SourceOptions, from: Position | StartAt | null, { purged = null, idleSince = null, ownDumps = 0, sizes = new BinlogSizes() }: Circumstances = {}): Promise<Inspection> {
  const where = serverLabel(options);
  const facts = await readServerFacts(session);
  if (ignoresCase(facts)) options.ignoreCase?.();
  const id = options.serverId === 'auto' ? null : { id: options.serverId, own: ownDumps };
  const behind = idleSince !== null && from !== null && isPosition(from) && (await isBehind(session, from)) ? (Date.now() - idleSince) / 1000 : null;
  const problems = await serverProblems(session, facts, { id, behind, where });
  if (from === null || problems.some((problem) => problem.severity === 'error')) return { problems, start: null, gap: null };
  const scan: Whereabouts['scan'] = (file, visit, until) => scanBinlog({ server: options, encrypted: session.encrypted, mariadb: facts.mariadb, rowLimit: options.rowLimit, file, until }, visit);
  const found = await whereFrom(from, { server: { session, facts, where, scan, created: (file) => readCreated(scan, file) }, onPurged: options.onPurged ?? 'fail', purged, sizes });
  return { ...found, problems: [...problems, ...found.problems] };
}

/** Whether the server has written on after the place; false where it does not tell. */
async function isBehind(session: SqlSession, from: Position): Promise<boolean> {
  try {
    return (bytesBehind(await listBinlogs(session), readSaved(from)) ?? 0) > 0;
  } catch {
    // The missing privilege is a problem of its own.
    return false;
  }
}

/** What is known of the daemon when a server is looked at. */
export interface Reading {
  /** Null: the id is not chosen yet. */
  readonly id: OwnServerId | null;
  /** Seconds that reading is behind; null where nobody knows. */
  readonly behind: number | null;
  /** host:port. */
  readonly where: string;
}

/** Everything that is wrong with the server and the account, whatever the place. Without a privilege, the rest is not asked. */
export async function serverProblems(session: SqlSession, facts: ServerFacts, { id, behind, where }: Reading): Promise<readonly Problem[]> {
  const found = [...settingProblems(facts), ...retentionProblems(facts, behind), ...(await grantProblems(session, facts)), ...(await roleProblems(session, facts))];
  if (id !== null) found.push(...(await serverIdProblems(session, facts, id)));
  return found.map((problem) => ({ ...problem, where }));
}

/** What of a server's settings makes it wrong to go on reading: rows would be missing, or in part. Null without any. */
export function wrongSettings(facts: ServerFacts, where: string): RowcastError | null {
  return refusal(settingProblems(facts).map((problem) => ({ ...problem, where })));
}

interface PlaceChoice {
  readonly server: Whereabouts;
  readonly onPurged: 'fail' | Resumption;
  readonly purged: RowcastError | null;
  readonly sizes: BinlogSizes;
}

async function whereFrom(from: Position | StartAt, { server, onPurged, purged, sizes }: PlaceChoice): Promise<Inspection> {
  try {
    if (purged !== null) throw purged;
    return { problems: [], start: await locate(from, server), gap: null };
  } catch (thrown) {
    const error = asRowcastError(thrown);
    if (error.retry && error.code !== 'SOURCE_BEHIND') throw error;
    const problem = toProblem(error, server.where);
    if (error.code !== 'SOURCE_POSITION_PURGED' || onPurged === 'fail') return { problems: [problem], start: null, gap: null };
    const repair = `Nothing, if the gap may be: source.onPurged is ${onPurged}, so reading goes on after it.`;
    return { problems: [{ ...problem, severity: 'warning', repair }], ...(await passGap(from, error, { server, resumedAt: onPurged, sizes })) };
  }
}

/** One error for all problems of severity `error`; null without one. */
export function refusal(problems: readonly Problem[]): RowcastError | null {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  if (first === undefined) return null;
  if (errors.length === 1) return new RowcastError(first.code, `${first.where ?? 'the server'}: ${first.message}`, { hint: first.repair });
  return new RowcastError('SOURCE_REFUSED', `${first.where ?? 'the server'} has ${errors.length} problems: ${errors.map((problem) => problem.message).join('; ')}`, {
    hint: errors.map((problem) => problem.repair).join(' '),
  });
}

function toProblem(error: RowcastError, where: string): Problem {
  return { code: error.code, message: error.message, repair: error.hint, severity: 'error', where };
}
