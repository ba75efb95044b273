#!/usr/bin/env node
import type { App } from './app-interface.ts';
import { runProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Exit code of a process that a second signal ends: 128 + SIGINT. */
const INTERRUPTED = 130;
/** Milliseconds that a reader who stands still can hold up the end of a daemon, or of anything that a signal ended. */
const READER_MS = 1_000;
const interruption = new AbortController();

const terminal: Terminal = {
  env: process.env,
  output: process.stdout,
  errors: process.stderr,
  interactive: process.stdout.isTTY,
  interactiveErrors: process.stderr.isTTY,
  interrupted,
  app: async (): Promise<App> => import('../app.ts'),
};

// Whoever reads a pipe may stop reading: `rowcast tail … | head` is no failure. The daemon's own sink decides for `run`.
if (process.argv[2] !== 'run') {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const exit = await runProgram(process.argv.slice(2), terminal);
// Pipes are written behind the process's back: it may end only when they are through.
if (interruption.signal.aborted || process.argv[2] === 'run') setTimeout(() => process.exit(exit), READER_MS);
process.stdout.write('', () => process.stderr.write('', () => process.exit(exit)));

/** Aborts at the first signal; the second ends the process at once. */
function interrupted(): AbortSignal {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(INTERRUPTED);
      interruption.abort();
    });
  }
  return interruption.signal;
}
