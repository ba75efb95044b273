import { Command } from 'commander';
import { explainReport } from '../explain-report.ts';
import type { Terminal } from '../terminal.ts';
import { line, painter } from '../terminal.ts';

/** `rowcast explain`: what becomes of one table. */
export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .description('Tell which route takes a table, and its topic, key, columns and an example message.')
    .requiredOption('-c, --config <file>', 'configuration file')
    .argument('<table>', 'the table, as database.table')
    .option('--json', 'print it as JSON', false)
    .addHelpText('after', '\nExample:\n  $ rowcast explain -c rowcast.yaml shop.orders')
    .action(async (table: string, options: { config: string; json: boolean }) => {
      const { loadConfig } = await import('../../config/load.ts');
      const config = loadConfig(options.config, terminal.env);
      const explanation = await (await terminal.app()).explainTable(config, table);
      line(terminal.output, options.json ? JSON.stringify(explanation, null, 2) : explainReport(explanation, painter(terminal, terminal.interactive)));
    });
}
