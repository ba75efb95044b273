import { Command } from 'commander';
import { recaptureReport, schemaReport } from '../schema-report.ts';
import type { Terminal } from '../terminal.ts';
import { line, painter } from '../terminal.ts';

/** `rowcast schema`: the JSON Schema of the configuration; `show` and `recapture`: the schema history of the tables. */
export function schemaCommand(terminal: Terminal): Command {
  return new Command('schema')
    .description('Print the JSON Schema of the configuration, so that editors complete it; or show and repair what is known of the tables.')
    .addHelpText('after', '\nExample:\n  $ rowcast schema > rowcast.schema.json\n  # then as the first line of rowcast.yaml:\n  # yaml-language-server: $schema=rowcast.schema.json')
    .action(async () => {
      const { configJsonSchema } = await import('../../config/json-schema.ts');
      line(terminal.output, JSON.stringify(configJsonSchema(), null, 2));
    })
    .addCommand(showCommand(terminal))
    .addCommand(recaptureCommand(terminal));
}

function showCommand(terminal: Terminal): Command {
  return new Command('show')
    .description('Show the columns by which rows are read from the saved position on. The daemon may run.')
    .requiredOption('-c, --config <file>', 'configuration file')
    .argument('[table]', 'one table, as database.table; all without it')
    .option('--json', 'print them as JSON', false)
    .addHelpText('after', '\nExample:\n  $ rowcast schema show -c rowcast.yaml shop.orders')
    .action(async (table: string | undefined, options: { config: string; json: boolean }) => {
      const { loadConfig } = await import('../../config/load.ts');
      const known = await (await terminal.app()).showSchema(loadConfig(options.config, terminal.env), table ?? null);
      line(terminal.output, options.json ? JSON.stringify(known, null, 2) : schemaReport(known, painter(terminal, terminal.interactive)));
    });
}

function recaptureCommand(terminal: Terminal): Command {
  return new Command('recapture')
    .description('Take a table as the server shows it now for what it was at the saved position: for a table in quarantine whose columns nobody else can tell. The daemon must not run.')
    .requiredOption('-c, --config <file>', 'configuration file')
    .argument('<table>', 'the table, as database.table')
    .option('--json', 'print it as JSON', false)
    .addHelpText('after', '\nRight only where the rows that are still to be read have the names, order and types of columns that the table has now.\n\nExample:\n  $ rowcast schema recapture -c rowcast.yaml shop.orders')
    .action(async (table: string, options: { config: string; json: boolean }) => {
      const { loadConfig } = await import('../../config/load.ts');
      const taken = await (await terminal.app()).recaptureTable(loadConfig(options.config, terminal.env), table);
      line(terminal.output, options.json ? JSON.stringify(taken, null, 2) : recaptureReport(taken, painter(terminal, terminal.interactive)));
    });
}
