import { ERRORS, RowcastError, asRowcastError } from '../core/errors.ts';
import type { StartAt } from '../core/ports.ts';
import type { Position } from '../core/position.ts';
import type { Problem } from '../core/problem.ts';
import type { SourceOptions } from './options.ts';
import { passGap, type Gap, type Resumption } from './gap.ts';
import { grantProblems } from './preflight/grants.ts';
import { settingProblems } from './preflight/settings.ts';
import { locate } from './saved-position.ts';
import { readCreated, scanBinlog } from './stream/binlog-scan.ts';
import { readServerFacts } from './stream/server-facts.ts';
import { takenServerIds } from './stream/server-id.ts';
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

/**
 * The same over a session that is open. `purged`: what a stream from that place ended with, whatever the server answers now.
 * @throws RowcastError SOURCE_LOST when it is lost
 */
export async function inspect(session: SqlSession, options: SourceOptions, from: Position | StartAt | null, purged: RowcastError | null = null): Promise<Inspection> {
  const where = serverLabel(options);
  const facts = await readServerFacts(session);
  const problems = [...settingProblems(facts), ...(await grantProblems(session, facts))].map((problem) => ({ ...problem, where }));
  if (options.serverId !== 'auto' && (await takenServerIds(session, facts)).has(options.serverId)) {
    const message = `server id ${options.serverId} is that of the server or of one of its replicas`;
    problems.push({ code: 'SERVER_ID_TAKEN', message, repair: ERRORS.SERVER_ID_TAKEN.hint, severity: 'error', where });
  }
  if (from === null || problems.some((problem) => problem.severity === 'error')) return { problems, start: null, gap: null };
  const scan: Whereabouts['scan'] = (file, visit) => scanBinlog({ server: options, encrypted: session.encrypted, mariadb: facts.mariadb, rowLimit: options.rowLimit, file }, visit);
  const found = await whereFrom(from, { server: { session, facts, where, scan, created: (file) => readCreated(scan, file) }, onPurged: options.onPurged ?? 'fail', purged });
  return { ...found, problems: [...problems, ...found.problems] };
}

interface PlaceChoice {
  readonly server: Whereabouts;
  readonly onPurged: 'fail' | Resumption;
  readonly purged: RowcastError | null;
}

async function whereFrom(from: Position | StartAt, { server, onPurged, purged }: PlaceChoice): Promise<Inspection> {
  try {
    if (purged !== null) throw purged;
    return { problems: [], start: await locate(from, server), gap: null };
  } catch (thrown) {
    const error = asRowcastError(thrown);
    if (error.retry && error.code !== 'SOURCE_BEHIND') throw error;
    const problem = toProblem(error, server.where);
    if (error.code !== 'SOURCE_POSITION_PURGED' || onPurged === 'fail') return { problems: [problem], start: null, gap: null };
    const repair = `Nothing, if the gap may be: source.onPurged is ${onPurged}, so reading goes on after it.`;
    return { problems: [{ ...problem, severity: 'warning', repair }], ...(await passGap(from, error, { server, resumedAt: onPurged })) };
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
