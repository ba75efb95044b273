import { randomInt } from 'node:crypto';
import type { ServerFacts } from './server-facts.ts';
import { atLeast } from './server-facts.ts';
import { replicaUuid } from './session-settings.ts';
import type { SqlSession } from './sql-session.ts';
import { textField } from './sql-session.ts';

/** The ids that the server's registered replicas use, and its own; only that where the account may not ask. */
export async function takenServerIds(session: SqlSession, facts: ServerFacts): Promise<ReadonlySet<number>> {
  const taken = new Set([facts.serverId]);
  const renamed = !facts.mariadb && atLeast(facts, 8, 0, 22);
  try {
    for (const row of await session.query(renamed ? 'SHOW REPLICAS' : 'SHOW SLAVE HOSTS')) {
      taken.add(Number(textField(row, 'Server_Id') ?? textField(row, 'Server_id') ?? 0));
    }
  } catch {
    // Without the privilege nothing is known; preflight reports the missing privilege itself.
  }
  return taken;
}

/**
 * How many connections read the binlog under an id now, registered or not, by the uuid that goes with it; 0 where the account
 * may not look or the server does not list that (MySQL does, with performance_schema).
 */
export async function dumpsUnder(session: SqlSession, id: number): Promise<number> {
  try {
    const [row] = await session.query(DUMPS, [replicaUuid(id)]);
    return Number(textField(row, 'dumps') ?? 0);
  } catch {
    return 0;
  }
}

const DUMPS = `SELECT COUNT(DISTINCT THREAD_ID) AS dumps FROM performance_schema.threads JOIN performance_schema.user_variables_by_thread USING (THREAD_ID)
  WHERE PROCESSLIST_COMMAND LIKE 'Binlog Dump%' AND VARIABLE_NAME IN ('replica_uuid', 'slave_uuid') AND VARIABLE_VALUE = ?`;

/** An id that is in no use, high enough that no person would have chosen it. */
export function drawServerId(taken: ReadonlySet<number>, draw: () => number = () => randomInt(LOWEST, HIGHEST)): number {
  let id = draw();
  while (taken.has(id)) id = draw();
  return id;
}

const LOWEST = 2_000_000_000;
const HIGHEST = 4_294_967_295;
