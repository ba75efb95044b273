import { Command } from 'commander';
import { RowcastError } from '../../core/errors.ts';
import { prettyChanges } from '../pretty-stream.ts';
import type { Terminal } from '../terminal.ts';
import { painter } from '../terminal.ts';

/** `rowcast tail`: changes of a server, without configuration and without Kafka. */
export function tailCommand(terminal: Terminal): Command {
  return new Command('tail')
    .description('Show changes as they happen: readable in a terminal, JSON Lines in a pipe.')
    .argument('<url>', 'mysql:// or mariadb://user:password@host:port/ (?tls=required and the like); the password may be left out for MYSQL_PASSWORD')
    .argument('[patterns...]', 'tables to show, such as shop.*; all without one')
    .addHelpText('after', "\nExample:\n  $ rowcast tail mysql://rowcast@127.0.0.1:3306/ 'shop.*'\n  $ rowcast tail mysql://rowcast@127.0.0.1:3306/ | jq .after")
    .action(async (url: string, patterns: string[]) => {
      const app = await terminal.app();
      const output = terminal.interactive ? prettyChanges(terminal.output, painter(terminal, true)) : terminal.output;
      await app.tailUrl(withPassword(url, terminal.env['MYSQL_PASSWORD']), patterns, { output, signal: terminal.interrupted(), keys: terminal.interactive });
    });
}

/** The URL with a password where it has none. @throws RowcastError CONFIG_INVALID where it is no such URL; never shows it */
function withPassword(text: string, password: string | undefined): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['mysql:', 'mariadb:'].includes(url.protocol) || url.hostname === '' || url.username === '') {
    throw new RowcastError('CONFIG_INVALID', 'this is no URL of a MySQL or MariaDB server', { hint: 'Write mysql://user@host:3306/ and put the password into MYSQL_PASSWORD.' });
  }
  if (url.password === '' && password !== undefined) url.password = password;
  return url.href;
}
