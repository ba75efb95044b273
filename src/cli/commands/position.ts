import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Config } from '../../config/compile.ts';
import { RowcastError } from '../../core/errors.ts';
import type { StartAt } from '../../core/ports.ts';
import type { ShownPosition } from '../../app/position.ts';
import { positionReport } from '../position-report.ts';
import type { Terminal } from '../terminal.ts';
import { line } from '../terminal.ts';

/** `rowcast position`: the saved position, wherever it is kept. */
export function positionCommand(terminal: Terminal): Command {
  const command = new Command('position').description('Show, move, export or import the saved position, in whatever place it is kept.');
  for (const each of [showCommand, setCommand, exportCommand, importCommand]) command.addCommand(each(terminal));
  return command;
}

function showCommand(terminal: Terminal): Command {
  return configured(new Command('show'), 'Show the saved position. The daemon may run.')
    .option('--json', 'print it as JSON', false)
    .addHelpText('after', '\nExample:\n  $ rowcast position show -c rowcast.yaml')
    .action(async (options: { config: string; json: boolean }) => {
      tell(terminal, await (await terminal.app()).showPosition(await configOf(terminal, options.config)), options.json);
    });
}

interface Wanted {
  readonly config: string;
  readonly json: boolean;
  readonly gtid?: string;
  readonly file?: string;
  readonly offset?: string;
  readonly timestamp?: string;
  readonly earliest?: boolean;
  readonly latest?: boolean;
}

function setCommand(terminal: Terminal): Command {
  return configured(new Command('set'), 'Save another position, which the server must have. The daemon must not run.')
    .option('--gtid <set>', 'after these transactions')
    .option('--file <name>', 'in this binlog file, at --offset')
    .option('--offset <number>', 'an offset in --file, which must be the end of a transaction')
    .option('--timestamp <time>', 'at the first transaction of this time or later, as 2026-01-31T12:00:00Z')
    .addOption(new Option('--earliest', 'at the oldest binlog that the server has').conflicts('latest'))
    .option('--latest', 'at the end of the binlog')
    .option('--json', 'print it as JSON', false)
    .addHelpText('after', '\nRows between the old position and the new one are told again, or never.\n\nExample:\n  $ rowcast position set -c rowcast.yaml --file binlog.000042 --offset 1547')
    .action(async (options: Wanted) => {
      const place = placeOf(options);
      tell(terminal, await (await terminal.app()).setPosition(await configOf(terminal, options.config), place), options.json);
    });
}

function exportCommand(terminal: Terminal): Command {
  return configured(new Command('export'), 'Print the saved position, and the schema history that belongs to it, as text that `import` takes. The daemon may run.')
    .option('-o, --output <file>', 'write it to a file instead')
    .addHelpText('after', '\nExample:\n  $ rowcast position export -c rowcast.yaml -o shop.position')
    .action(async (options: { config: string; output?: string }) => {
      const text = await (await terminal.app()).exportPosition(await configOf(terminal, options.config));
      if (options.output === undefined) line(terminal.output, text.trimEnd());
      else writeFileSync(options.output, text);
    });
}

function importCommand(terminal: Terminal): Command {
  return configured(new Command('import'), 'Save an exported position with its schema history, for example in another place. The server must have it, and the daemon must not run.')
    .argument('<file>', 'what `export` wrote')
    .option('--json', 'print it as JSON', false)
    .addHelpText('after', '\nExample:\n  $ rowcast position export -c old.yaml -o shop.position\n  $ rowcast position import -c new.yaml shop.position')
    .action(async (file: string, options: { config: string; json: boolean }) => {
      const config = await configOf(terminal, options.config);
      tell(terminal, await (await terminal.app()).importPosition(config, readText(file)), options.json);
    });
}

function configured(command: Command, description: string): Command {
  return command.description(description).requiredOption('-c, --config <file>', 'configuration file');
}

async function configOf(terminal: Terminal, path: string): Promise<Config> {
  const { loadConfig } = await import('../../config/load.ts');
  return loadConfig(path, terminal.env);
}

function tell(terminal: Terminal, position: ShownPosition, json: boolean): void {
  line(terminal.output, json ? JSON.stringify(position, null, 2) : positionReport(position));
}

/** The one place that the options name. @throws RowcastError CONFIG_INVALID where they name none, or several */
function placeOf({ gtid, file, offset, timestamp, earliest, latest }: Wanted): StartAt {
  const places: StartAt[] = [];
  if (gtid !== undefined) places.push({ gtid });
  if (file !== undefined || offset !== undefined) places.push(inFile(file, offset));
  if (timestamp !== undefined) places.push({ timestamp: microseconds(timestamp) });
  if (earliest === true) places.push('earliest');
  if (latest === true) places.push('latest');
  const [place] = places;
  if (place !== undefined && places.length === 1) return place;
  throw wrong(places.length === 0 ? 'no position is named' : 'more than one position is named');
}

function inFile(file: string | undefined, offset: string | undefined): StartAt {
  const position = Number(offset);
  if (file === undefined || !Number.isSafeInteger(position) || position < FIRST_OFFSET) throw wrong('a place in a binlog file needs --file and --offset, a whole number from 4 on');
  return { file, position };
}

const FIRST_OFFSET = 4;

function microseconds(text: string): number {
  const at = Date.parse(text);
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(at)) throw wrong('--timestamp is no time with its zone');
  return at * 1000;
}

function wrong(message: string): RowcastError {
  return new RowcastError('CONFIG_INVALID', message, { hint: 'Give one of --gtid SET, --file NAME with --offset NUMBER, --timestamp 2026-01-31T12:00:00Z, --earliest, --latest.' });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RowcastError('CONFIG_UNREADABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
