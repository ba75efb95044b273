import { join } from 'node:path';
import { installed } from './cache.ts';
import { command } from './command.ts';
import { fetchPackage } from './npm-package.ts';
import { say } from './say.ts';

/** The path of a Node 24 of our own, fetched by npm on the first use. */
export async function node24(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const folder = await installed(`node-24-${platform}`, async (target) => {
    say('fetching Node 24 with npm');
    await fetchPackage(`node-${platform}`, '24', target);
  });
  const program = join(folder, 'bin/node');
  const version = await command(program, ['--version']);
  if (!version.startsWith('v24.')) throw new Error(`${program} is ${version.trim()} and not Node 24; remove ${folder} to fetch it again`);
  return program;
}

// Run as a program it prints the path.
if (process.argv[1] === import.meta.filename) process.stdout.write(`${await node24()}\n`);
