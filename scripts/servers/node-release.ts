import { join } from 'node:path';
import { CONTAINER_NODE } from '../container-node.ts';
import { installed } from './cache.ts';
import { command } from './command.ts';
import { fetchPackage } from './npm-package.ts';
import { say } from './say.ts';

/** The path of a Node of our own, of release `major` such as 24, fetched by npm on the first use. */
export async function nodeRelease(major: number): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const folder = await installed(`node-${String(major)}-${platform}`, async (target) => {
    say(`fetching Node ${String(major)} with npm`);
    await fetchPackage(`node-${platform}`, String(major), target);
  });
  const program = join(folder, 'bin/node');
  const version = await command(program, ['--version']);
  if (!version.startsWith(`v${String(major)}.`)) throw new Error(`${program} is ${version.trim()} and not Node ${String(major)}; remove ${folder} to fetch it again`);
  return program;
}

// Run as a program it prints the path, without a release that of the container's.
if (process.argv[1] === import.meta.filename) process.stdout.write(`${await nodeRelease(Number(process.argv[2] ?? CONTAINER_NODE))}\n`);
