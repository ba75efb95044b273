import { Command, CommanderError } from 'commander';
import { version } from '../app/version.ts';
import { asRowcastError } from '../core/errors.ts';
import { checkCommand } from './commands/check.ts';
import { explainCommand } from './commands/explain.ts';
import { positionCommand } from './commands/position.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { tailCommand } from './commands/tail.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Outcome } from './outcome.ts';
import { errorText } from './report-error.ts';
import type { Terminal } from './terminal.ts';
import { line, painter } from './terminal.ts';

/** Runs `rowcast` with the words after its name. Answers the exit code; throws nothing. */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<number> {
  const outcome: Outcome = { exit: 0, jsonErrors: false };
  try {
    await buildProgram(terminal, outcome).parseAsync(words, { from: 'user' });
    return outcome.exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const verbose = words.includes('--verbose') || words.includes('-v');
    line(terminal.errors, errorText(error, { json: outcome.jsonErrors, verbose, paint: painter(terminal, terminal.interactiveErrors) }));
    return asRowcastError(error).exit;
  }
}

function buildProgram(terminal: Terminal, outcome: Outcome): Command {
  const program = new Command('rowcast')
    .description('Every row change of MySQL and MariaDB, delivered to Kafka.')
    .version(version(), '--version', 'print the version')
    .option('-v, --verbose', 'show stacks and causes of errors')
    .addHelpText('after', `\nExit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${String(code).padEnd(3)} ${meaning}`).join('\n')}\n\nExample:\n  $ rowcast check -c rowcast.yaml && rowcast run -c rowcast.yaml`);
  for (const command of [runCommand, checkCommand, tailCommand, schemaCommand, explainCommand, positionCommand, verifyCommand]) program.addCommand(command(terminal, outcome));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  return program;
}
