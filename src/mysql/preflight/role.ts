import type { Problem } from '../../core/problem.ts';
import { isReplica } from '../stream/replica.ts';
import type { ServerFacts } from '../stream/server-facts.ts';
import type { SqlSession } from '../stream/sql-session.ts';

/** A replica that does not log what it replicates has only its own writes in its binlog. */
export async function roleProblems(session: SqlSession, facts: ServerFacts): Promise<readonly Problem[]> {
  const logs = facts.variables.get('log_replica_updates') ?? facts.variables.get('log_slave_updates');
  if (logs !== 'OFF' || !(await isReplica(session, facts))) return [];
  const setting = facts.variables.has('log_replica_updates') ? 'log_replica_updates' : 'log_slave_updates';
  return [{
    code: 'SOURCE_REFUSED',
    severity: 'warning',
    message: `the server is a replica, and ${setting} is OFF: what it replicates is not in its binlog, and is not told`,
    repair: `Start the server with --${setting.replaceAll('_', '-')}, or read from its source.`,
  }];
}
