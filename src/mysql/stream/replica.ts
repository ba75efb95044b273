import type { ServerFacts } from './server-facts.ts';
import { atLeast } from './server-facts.ts';
import type { SqlRow, SqlSession } from './sql-session.ts';

/**
 * Whether the server gets transactions from another one: by replication, whether it runs or not, as a member of a group,
 * or of a Galera cluster. False where the account may not ask.
 */
export async function isReplica(session: SqlSession, facts: ServerFacts): Promise<boolean> {
  const { variables } = facts;
  if ((variables.get('group_replication_group_name') ?? '') !== '' || variables.get('wsrep_on') === 'ON') return true;
  try {
    return (await readReplication(session, facts)).length > 0;
  } catch {
    // A missing privilege, which grants are no reason to refuse for.
    return false;
  }
}

/** What the server says of the servers that it replicates; empty where it is no replica. @throws RowcastError SOURCE_REFUSED without the privilege */
export function readReplication(session: SqlSession, facts: ServerFacts): Promise<readonly SqlRow[]> {
  return session.query(statusQuery(facts));
}

function statusQuery(facts: ServerFacts): string {
  if (facts.mariadb) return 'SHOW ALL SLAVES STATUS';
  return atLeast(facts, 8, 0, 22) ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS';
}
