import { RowcastError } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import { readReplication } from '../stream/replica.ts';
import type { ServerFacts } from '../stream/server-facts.ts';
import { askText, atLeast, listBinlogs } from '../stream/server-facts.ts';
import type { SqlSession } from '../stream/sql-session.ts';

/**
 * The privileges that are missing, found by using them: SHOW GRANTS does not tell what a role gives. Only MariaDB has no
 * question that just REPLICATION SLAVE may ask; there the list of grants, which names those of the active role, must do.
 */
export async function grantProblems(session: SqlSession, facts: ServerFacts): Promise<readonly Problem[]> {
  const found: Problem[] = [];
  const account = quoteAccount((await askText(session, 'SELECT CURRENT_USER()')) ?? '');
  if (await isDenied(listBinlogs(session))) {
    found.push(missing(facts.mariadb && atLeast(facts, 10, 5, 2) ? 'BINLOG MONITOR' : 'REPLICATION CLIENT', account));
  }
  const slave = facts.mariadb ? await lacksGrant(session) : await isDenied(session.query(atLeast(facts, 8, 0, 22) ? 'SHOW REPLICAS' : 'SHOW SLAVE HOSTS'));
  if (slave) found.push(missing('REPLICATION SLAVE', account));
  if (facts.mariadb && atLeast(facts, 10, 5, 9) && (await isDenied(readReplication(session, facts)))) found.push(blindToReplication(account));
  return found;
}

/** Whether a line of SHOW GRANTS gives `REPLICATION SLAVE` on everything. */
export function givesReplicationSlave(grant: string): boolean {
  const found = /^GRANT (.+?) ON \*\.\* TO /i.exec(grant);
  return (found?.[1] ?? '').split(/,\s*/).some((privilege) => /^(ALL PRIVILEGES|ALL|REPLICATION SLAVE)$/i.test(privilege));
}

async function lacksGrant(session: SqlSession): Promise<boolean> {
  const grants = await session.query('SHOW GRANTS');
  return !grants.some((row) => Object.values(row).some((line) => typeof line === 'string' && givesReplicationSlave(line)));
}

async function isDenied(question: Promise<unknown>): Promise<boolean> {
  try {
    await question;
    return false;
  } catch (error) {
    if (error instanceof RowcastError && DENIALS.has(Number(error.facts.errno ?? 0))) return true;
    // Without a binlog SHOW BINARY LOGS is an error of its own (1381), which the settings tell already.
    if (error instanceof RowcastError && error.facts.errno === NO_BINLOG) return false;
    throw error;
  }
}

/** `user@host`, as CURRENT_USER() tells it, in a form to be pasted: the host holds no @, the name may. */
export function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  const quoted = (text: string): string => `\`${text.replaceAll('`', '``')}\``;
  return at < 0 ? quoted(account) : `${quoted(account.slice(0, at))}@${quoted(account.slice(at + 1))}`;
}

function missing(privilege: string, account: string): Problem {
  return {
    code: 'SOURCE_REFUSED',
    message: `the account ${account} lacks the privilege ${privilege}`,
    repair: `GRANT ${privilege} ON *.* TO ${account};`,
    severity: 'error',
  };
}

/** Older servers, and MySQL, tell it for REPLICATION CLIENT. */
function blindToReplication(account: string): Problem {
  return {
    ...missing('SLAVE MONITOR', account),
    message: `the account ${account} lacks the privilege SLAVE MONITOR: a replica that is behind after a failover would be taken for a server of another history`,
    severity: 'warning',
  };
}

const DENIALS = new Set([1044, 1045, 1142, 1227]);
const NO_BINLOG = 1381;
