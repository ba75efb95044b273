import { randomInt } from 'node:crypto';
import type { ServerFacts } from './server-facts.ts';
import { atLeast } from './server-facts.ts';
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

/** An id that is in no use, high enough that no person would have chosen it. */
export function drawServerId(taken: ReadonlySet<number>, draw: () => number = () => randomInt(LOWEST, HIGHEST)): number {
  let id = draw();
  while (taken.has(id)) id = draw();
  return id;
}

const LOWEST = 2_000_000_000;
const HIGHEST = 4_294_967_295;
