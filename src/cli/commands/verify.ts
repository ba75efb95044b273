import { Command, InvalidArgumentError } from 'commander';
import type { Difference, Verification } from '../../app/verify/report.ts';
import { outcomeOf } from '../../app/verify/report.ts';
import type { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { line, painter } from '../terminal.ts';
import { differenceLine, progressLine, summaryDocument, verifyReport } from '../verify-report.ts';

interface Wanted {
  readonly config: string;
  readonly table: readonly string[];
  readonly state?: string;
  readonly chunk: number;
  readonly limit: number;
  readonly patience: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Exit codes by what was found. */
const EXITS = { equal: 0, different: 10, unsure: 11 } as const;

const HELP = `
Topics are folded to the last state of each key, tables are read by chunks without locks. Rows that differ are looked at again once
the daemon has passed that moment, so that a table may be written to meanwhile; the daemon should run. Nothing is written to the
server and to Kafka. The exit code is 0 without a difference, 10 with one, 11 where something could not be compared.

Example:
  $ rowcast verify -c rowcast.yaml
  $ rowcast verify -c rowcast.yaml --table 'shop.*' --state ./verify-shop --json | jq 'select(.type == "difference")'`;

/** `rowcast verify`: compares tables with their topics. */
export function verifyCommand(terminal: Terminal, outcome: Outcome): Command {
  return new Command('verify')
    .description('Compare tables with their topics, and name rows that are missing, extra or different.')
    .requiredOption('-c, --config <file>', 'configuration file')
    .option('-t, --table <pattern>', 'a table, or several as `shop.*`; may be repeated; without it all that routes tell', (text: string, before: readonly string[]) => [...before, text], [])
    .option('--state <folder>', 'keep in this folder how far it is; the same command goes on there after an interruption')
    .option('--chunk <rows>', 'rows of a SELECT at most', whole, 5_000)
    .option('--limit <number>', 'end after so many differences', whole, 1_000)
    .option('--patience <seconds>', 'how long the daemon may stand still before a position that it must pass', whole, 60)
    .option('--json', 'print differences and the summary as JSON, one object a line', false)
    .option('-q, --quiet', 'no lines of progress on standard error', false)
    .addHelpText('after', HELP)
    .action(async (options: Wanted) => {
      const { loadConfig } = await import('../../config/load.ts');
      const config = loadConfig(options.config, terminal.env);
      const app = await terminal.app();
      const { table, state = null, chunk, limit, patience, json } = options;
      const found = (difference: Difference): void => { line(terminal.output, json ? JSON.stringify({ type: 'difference', ...difference }) : differenceLine(difference, painter(terminal, terminal.interactive))); };
      const verification = await app.verifyTables(config, { tables: table, state, chunk, limit, patience: patience * 1000, signal: terminal.interrupted(), found, progress: progressOf(terminal, options) });
      finish(verification, { terminal, outcome, json });
    });
}

function finish(verification: Verification, { terminal, outcome, json }: { readonly terminal: Terminal; readonly outcome: Outcome; readonly json: boolean }): void {
  outcome.exit = EXITS[outcomeOf(verification)];
  line(terminal.output, json ? JSON.stringify(summaryDocument(verification)) : verifyReport(verification, painter(terminal, terminal.interactive)));
}

/** A line a second at most. */
function progressOf(terminal: Terminal, { quiet }: Wanted): (progress: Parameters<typeof progressLine>[0]) => void {
  let last = 0;
  return (progress) => {
    if (quiet || Date.now() - last < BETWEEN_MS) return;
    last = Date.now();
    line(terminal.errors, progressLine(progress));
  };
}

const BETWEEN_MS = 1_000;

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return number;
}
