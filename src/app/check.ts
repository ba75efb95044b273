import type { Config } from '../config/compile.ts';
import type { Problem } from '../core/problem.ts';
import { inspect } from '../mysql/preflight.ts';
import { readLiveTables } from '../mysql/schema/live-table.ts';
import type { LiveTables } from '../mysql/schema/live-table.ts';
import { readServerFacts } from '../mysql/stream/server-facts.ts';
import { serverLabel, withSession } from '../mysql/stream/sql-session.ts';
import { checkCheckpoint } from './check-checkpoint.ts';
import type { CheckedCheckpoint } from './check-checkpoint.ts';
import { checkRoutes, checkSyntax } from './check-routes.ts';
import type { CheckedSyntax } from './check-routes.ts';
import { checkSink } from './check-sink.ts';
import { problemOf } from './problems.ts';
import { sourceOptions } from './source-options.ts';

interface CheckedSource {
  readonly problems: readonly Problem[];
  /** Null where the server could not be asked. */
  readonly live: LiveTables | null;
  readonly flavor: 'mysql' | 'mariadb';
}

/**
 * Looks at everything that a start needs, changes nothing, and tells all that is wrong: the syntax of the routes, the
 * checkpoint, server, account and position, the routes against the live tables, and the sink with its topics. No part
 * is left out because of another one's problems.
 */
export async function checkAll(config: Config): Promise<readonly Problem[]> {
  const syntax = checkSyntax(config);
  const kept = await checkCheckpoint(config);
  const source = await checkSource(config, syntax, kept);
  const routes = checkRoutes(config, syntax, source);
  return [...syntax.problems, ...kept.problems, ...source.problems, ...routes.problems, ...(await checkSink(config, routes.topics))];
}

async function checkSource(config: Config, { router }: CheckedSyntax, { checkpoint, readable, locked }: CheckedCheckpoint): Promise<CheckedSource> {
  const captures = (database: string, table: string): boolean => router.captures(database, table);
  const options = sourceOptions(config, router, false);
  const from = readable ? (checkpoint?.position ?? config.source.start) : null;
  const problems: Problem[] = [];
  let flavor: CheckedSource['flavor'] = 'mysql';
  try {
    return await withSession(options, async (session) => {
      const found = (await inspect(session, options, from, { idleSince: locked ? null : (checkpoint?.savedAt ?? null), ownDumps: locked ? Infinity : 0 })).problems;
      // The daemon that holds the checkpoint is itself the replica with this id.
      problems.push(...found.filter(({ code }) => !(locked && code === 'SERVER_ID_TAKEN')));
      flavor = (await readServerFacts(session)).mariadb ? 'mariadb' : 'mysql';
      return { problems, flavor, live: await readLiveTables((sql, values) => session.query(sql, values), flavor, captures) };
    });
  } catch (error) {
    return { problems: [...problems, problemOf(error, serverLabel(options))], flavor, live: null };
  }
}
