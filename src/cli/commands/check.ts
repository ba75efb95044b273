import { Command } from 'commander';
import type { Config } from '../../config/compile.ts';
import type { Problem } from '../../core/problem.ts';
import type { Area } from '../check-report.ts';
import { AREAS, checkDocument, checkExit, checkReport } from '../check-report.ts';
import type { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { line, painter } from '../terminal.ts';

/** `rowcast check`: every problem of file, source and sink at once. */
export function checkCommand(terminal: Terminal, outcome: Outcome): Command {
  return new Command('check')
    .description('Validate the file, connect to both ends, and report every problem with its repair.')
    .requiredOption('-c, --config <file>', 'configuration file')
    .option('--json', 'print { ok, problems } as JSON', false)
    .addHelpText('after', '\nThe exit code is that of the first problem, warnings aside; 0 without one.\n\nExample:\n  $ rowcast check -c rowcast.yaml\n  $ rowcast check -c rowcast.yaml --json | jq .problems')
    .action(async (options: { config: string; json: boolean }) => {
      const { readConfig } = await import('../../config/load.ts');
      const { config, problems } = readConfig(options.config, terminal.env);
      const found = config === null ? { problems, checked: NOTHING } : await checkRest(config, terminal);
      outcome.exit = checkExit(found.problems);
      const text = options.json ? JSON.stringify(checkDocument(found.problems), null, 2) : checkReport(found.problems, found.checked, painter(terminal, terminal.interactive));
      line(terminal.output, text);
    });
}

async function checkRest(config: Config, terminal: Terminal): Promise<{ problems: readonly Problem[]; checked: ReadonlySet<Area> }> {
  const app = await terminal.app();
  return { problems: await app.checkAll(config), checked: new Set(AREAS) };
}

const NOTHING: ReadonlySet<Area> = new Set();
