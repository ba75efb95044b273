import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { builtProgram } from '../../support/built.ts';
import { DATABASE } from './mysql-pair.ts';
import type { Stage } from './stage.ts';

/** Tables whose topics have everything from their beginning: that of `scrap` is deleted now and then. */
const WHOLE = ['accounts', 'items', 'ledger'];

/**
 * Has `rowcast verify` compare tables and topics, with the configuration of the daemon, while both change.
 * @returns what it says where it does not find them equal
 */
export async function verifyStage({ supervisor }: Stage): Promise<string[]> {
  const tables = WHOLE.flatMap((table) => ['--table', `${DATABASE}.${table}`]);
  const words = [await builtProgram(), 'verify', '-c', join(supervisor.folder, 'rowcast.yaml'), '--quiet', ...tables];
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: supervisor.folder, timeout: LIMIT_MS }, (error, output, errors) => {
      resolve(error === null ? [] : [`rowcast verify ended with ${String(error.code ?? error.signal)}:\n${output.slice(-2_000)}${errors.slice(-1_000)}`]);
    });
  });
}

const LIMIT_MS = 180_000;
