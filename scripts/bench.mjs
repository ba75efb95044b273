// `npm run bench`: builds the daemon, then measures it. Plain JavaScript, so that it can say what is missing before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function run(program, ...words) {
  const { status } = spawnSync(program, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(root, 'node_modules/tsx'))) run('npm', 'ci');
run('npm', 'run', '--silent', 'build');
run(process.execPath, join(root, 'node_modules/tsx/dist/cli.mjs'), 'bench/main.ts', ...process.argv.slice(2));
