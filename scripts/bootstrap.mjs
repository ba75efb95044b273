// Plain JavaScript without dependencies: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with a message where Node is too old for the project. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Rowcast needs Node 20.19 or newer, and this is ${process.version}.`);
  process.exit(1);
}

/** Installs the packages of package-lock.json where they are missing or were cut off half-way. */
export function requirePackages() {
  // npm writes this file last.
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) step('packages: npm ci', 'npm', ['ci', '--no-audit', '--no-fund']);
  requireGrammar();
}

/** Makes the SQL grammars, unless they are there; without the development packages nothing is built, and nobody needs them. */
export function requireGrammar() {
  const tsx = `${root}/node_modules/tsx/dist/cli.mjs`;
  if (existsSync(tsx)) step('SQL grammars', process.execPath, [tsx, 'scripts/grammar.ts'], { quiet: true });
}

/**
 * Runs a command under a heading, and prints how long it took. Ends the process where it fails.
 * @returns its standard output where `capture` is set, which is then not shown
 */
export function step(title, program, args, { env = {}, capture = false, quiet = false } = {}) {
  const started = Date.now();
  if (!quiet) console.log(`\n=== ${title}`);
  const run = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (run.status === 0) {
    if (!quiet) console.log(`=== ${title}: ${seconds} s`);
    return run.stdout ?? '';
  }
  const ending = run.error?.message ?? (run.signal === null ? `exit code ${run.status}` : `signal ${run.signal}`);
  console.error(`=== ${title}: FAILED after ${seconds} s (${ending}): ${[program, ...args].join(' ')}`);
  process.exit(run.status || 1);
}
