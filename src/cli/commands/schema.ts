import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { line } from '../terminal.ts';

/** `rowcast schema`: the JSON Schema of the configuration. */
export function schemaCommand(terminal: Terminal): Command {
  return new Command('schema')
    .description('Print the JSON Schema of the configuration, so that editors complete it.')
    .addHelpText('after', '\nExample:\n  $ rowcast schema > rowcast.schema.json\n  # then as the first line of rowcast.yaml:\n  # yaml-language-server: $schema=rowcast.schema.json')
    .action(async () => {
      const { configJsonSchema } = await import('../../config/json-schema.ts');
      line(terminal.output, JSON.stringify(configJsonSchema(), null, 2));
    });
}
