import type { ErrorCode } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import type { ServerFacts } from '../stream/server-facts.ts';
import { atLeast } from '../stream/server-facts.ts';

/** What is wrong with the server's version and settings; a variable that the server does not have is as it should be. */
export function settingProblems(facts: ServerFacts): readonly Problem[] {
  const value = (name: string): string => (facts.variables.get(name) ?? '').toUpperCase();
  const found: Problem[] = [];
  const add = (message: string, repair: string, severity: Problem['severity'] = 'error', code: ErrorCode = 'SOURCE_REFUSED'): void => void found.push({ code, message, repair, severity });

  if (facts.mariadb ? !atLeast(facts, 10, 2) : !atLeast(facts, 5, 6)) {
    add(`the server is version ${facts.versionText}; MySQL 5.6 or MariaDB 10.2 is the oldest that can be read`, 'Upgrade the server.');
  }
  if (isOff(value('log_bin'))) add('the server writes no binlog (log_bin is OFF)', 'Start the server with --log-bin.');
  if (differs(value('binlog_format'), 'ROW')) {
    add(`binlog_format is ${value('binlog_format')}, so that changes are logged as statements`, "SET GLOBAL binlog_format = 'ROW'; put it into the configuration of the server, too, and let sessions that are open reconnect.");
  }
  if (differs(value('binlog_row_image'), 'FULL')) add(...imageWarning(value('binlog_row_image')));
  if (value('binlog_row_metadata') !== 'FULL') add(...metadataWarning(facts));
  return found;
}

function metadataWarning(facts: ServerFacts): [string, string, 'warning'] {
  const can = facts.mariadb ? atLeast(facts, 10, 5) : atLeast(facts, 8, 0, 1);
  const message = `binlog_row_metadata is ${can ? (facts.variables.get('binlog_row_metadata') ?? 'unknown') : 'not known to this server'}: what columns mean is followed through the DDL in the binlog, and a table whose changes cannot be followed may end in quarantine`;
  return [message, can ? "SET GLOBAL binlog_row_metadata = 'FULL'; put it into the configuration of the server, too." : 'Upgrade to MySQL 8.0.1 or MariaDB 10.5, and set binlog_row_metadata=FULL.', 'warning'];
}

/** A warning, as messages say what they lack. */
function imageWarning(image: string): [string, string, 'warning'] {
  const message = `binlog_row_image is ${image}, so that rows are logged in part: messages name the columns that they lack, conditions about those follow onError, and a row whose key lacks one stops the daemon`;
  return [message, "SET GLOBAL binlog_row_image = 'FULL'; put it into the configuration of the server, too, and let sessions that are open reconnect.", 'warning'];
}

function differs(value: string, wanted: string): boolean {
  return value !== '' && value !== wanted;
}

function isOff(value: string): boolean {
  return value === 'OFF' || value === '0';
}
