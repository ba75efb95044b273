import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `dist/cli/main.js`, which is what people run; built anew when a source file is newer. */
export function builtProgram(): Promise<string> {
  built ??= build();
  return built;
}

let built: Promise<string> | null = null;

async function build(): Promise<string> {
  const program = join(ROOT, 'dist/cli/main.js');
  const made = await stat(join(ROOT, 'dist/app.js')).then((found) => found.mtimeMs, () => 0);
  if (made < (await newest(join(ROOT, 'src')))) {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT });
  }
  return program;
}

async function newest(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true });
  const times = await Promise.all(files.filter((file) => file.endsWith('.ts')).map(async (file) => (await stat(join(folder, file))).mtimeMs));
  return Math.max(0, ...times);
}
