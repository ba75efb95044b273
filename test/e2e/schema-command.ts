import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtProgram } from '../support/built.ts';
import type { Place } from '../support/daemon.ts';

/** Runs `rowcast schema …` with the configuration in a place; the answer is exit code and text. */
export async function schemaCommand(home: Place, ...[verb = '', ...words]: string[]): Promise<{ readonly exit: number; readonly text: string }> {
  const program = await builtProgram();
  const run = promisify(execFile)(process.execPath, [program, 'schema', verb, '-c', join(home.folder, 'rowcast.yaml'), ...words], { cwd: home.folder });
  return run.then(({ stdout }) => ({ exit: 0, text: stdout }), (error: unknown) => {
    const { code, stderr } = error as { code: number; stderr: string };
    return { exit: code, text: stderr };
  });
}
