import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.ts';

/** Unpacks a published package into `target`, without its dependencies and without running its scripts. */
export async function fetchPackage(name: string, version: string, target: string): Promise<void> {
  const listed = await command('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', target], { cwd: target, label: `npm pack ${name}` });
  const archive = join(target, listed.trim().split('\n').at(-1) ?? '');
  await command('tar', ['-xzf', archive, '--strip-components=1', '-C', target]);
  await rm(archive);
}
