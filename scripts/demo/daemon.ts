import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import type { GuardedProcess } from '../servers/process.ts';
import { logTail, startGuarded } from '../servers/process.ts';

/** The daemon as a process of its own. */
export interface Daemon {
  readonly statusUrl: string;
  /** @throws Error with the end of its log when it has ended */
  check(): void;
  /** SIGTERM, and waits until it has drained. @throws Error when it ends with another code than 0 */
  stop(): Promise<void>;
}

/** What the daemon is told by its environment. */
export interface DaemonSetup {
  readonly mysql: { readonly host: string; readonly port: number };
  readonly password: string;
  /** Undefined: changes go to the file `output`. */
  readonly brokers: string | undefined;
  readonly output: string;
  readonly httpPort: number;
  /** For its checkpoint and its log. */
  readonly folder: string;
}

/** Runs the built command line with config/demo.yaml. */
export async function startDaemon(setup: DaemonSetup): Promise<Daemon> {
  const log = join(setup.folder, 'rowcast.log');
  const config = setup.brokers === undefined ? await fileConfig(setup) : CONFIG;
  const running = await startGuarded({
    program: process.execPath,
    args: [MAIN, 'run', '-c', config],
    cwd: setup.folder,
    log,
    folder: setup.folder,
    env: {
      MYSQL_HOST: setup.mysql.host,
      MYSQL_PORT: String(setup.mysql.port),
      MYSQL_USER: 'rowcast',
      MYSQL_PASSWORD: setup.password,
      KAFKA_BROKERS: setup.brokers ?? '',
      CHECKPOINT: join(setup.folder, 'demo.checkpoint'),
      HTTP_PORT: String(setup.httpPort),
    },
  });
  const ended = (): Error => new Error(`the daemon ended with exit code ${running.exitCode}. The end of its log:\n${logTail(log)}`);
  return {
    statusUrl: `http://127.0.0.1:${setup.httpPort}/status`,
    check: () => {
      if (running.exitCode !== null) throw ended();
    },
    stop: async () => {
      await terminate(running);
      if (running.exitCode !== 0) throw ended();
    },
  };
}

async function terminate(running: GuardedProcess): Promise<void> {
  if (running.exitCode === null) process.kill(running.pid, 'SIGTERM');
  await running.wait();
}

/** config/demo.yaml with a file as its sink. */
async function fileConfig(setup: DaemonSetup): Promise<string> {
  const document = parseDocument(await readFile(CONFIG, 'utf8'));
  document.set('sink', { type: 'file', path: setup.output });
  const path = join(setup.folder, 'demo.yaml');
  await writeFile(path, document.toString());
  return path;
}

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CONFIG = fileURLToPath(new URL('../../config/demo.yaml', import.meta.url));
