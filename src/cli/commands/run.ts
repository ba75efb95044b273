import { Command } from 'commander';
import type { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';

/** `rowcast run`: the daemon in the foreground. */
export function runCommand(terminal: Terminal, outcome: Outcome): Command {
  return new Command('run')
    .description('Run the daemon until SIGTERM or SIGINT; the first drains, a second one exits at once.')
    .requiredOption('-c, --config <file>', 'configuration file')
    .option('--recapture-schema', 'take the tables as they are now for what they were at the saved position', false)
    .addHelpText('after', '\nExample:\n  $ rowcast run -c rowcast.yaml')
    .action(async (options: { config: string; recaptureSchema: boolean }) => {
      const { loadConfig } = await import('../../config/load.ts');
      const config = loadConfig(options.config, terminal.env);
      outcome.jsonErrors = config.log.format === 'json' || (config.log.format === 'auto' && !terminal.interactiveErrors);
      const app = await terminal.app();
      await app.runDaemon(config, { recaptureSchema: options.recaptureSchema });
    });
}
