import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../scripts/servers/cache.ts';
import { command, needProgram } from '../scripts/servers/command.ts';

/** Path of the Go program in `bench/NAME`, built on the first use and whenever its source changed. */
export async function goProgram(name: string): Promise<string> {
  const folder = join(import.meta.dirname, name);
  const source = ['main.go', 'go.mod', 'go.sum'].map((file) => readFileSync(join(folder, file), 'utf8')).join('');
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12);
  const built = await installed(`bench-${name}-${version}`, async (target) => {
    await command(await needProgram('go', 'golang'), ['build', '-o', join(target, name), '.'], { cwd: folder, label: 'go build' });
  });
  return join(built, name);
}
