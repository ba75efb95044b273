import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const GUARD = fileURLToPath(new URL('guard.sh', import.meta.url));

/** A running server process. It dies with this process, however this one ends, and `folder` is removed then. */
export interface GuardedProcess {
  readonly pid: number;
  /** Null while it runs; then its exit code (128 + n after signal n). */
  readonly exitCode: number | null;
  /** Settles when the process is gone. */
  wait(): Promise<void>;
}

/** What to run, and where. */
export interface ProcessSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output and error are appended here. */
  readonly log: string;
  /** Removed when this process ends without having stopped the server. */
  readonly folder: string;
}

/** Starts a process under a guard (`guard.sh`). @throws Error when no shell can be started */
export async function startGuarded(spec: ProcessSpec): Promise<GuardedProcess> {
  const log = openSync(spec.log, 'a');
  // Detached: a Ctrl-C in the terminal reaches the owner alone, who decides what to stop and when.
  const guard = spawn('sh', [GUARD, spec.folder, spec.program, ...spec.args], {
    cwd: spec.cwd,
    env: { ...process.env, ...spec.env },
    detached: true,
    stdio: ['pipe', log, log, 'pipe'],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    guard.once('exit', () => {
      guard.stdin?.destroy();
      resolve();
    });
  });
  const pid = await readPid(guard);
  // An owner that has nothing else to do may end; its end is what stops the server.
  guard.unref();
  return {
    pid,
    get exitCode() {
      return guard.exitCode;
    },
    wait: () => {
      guard.ref();
      return ended;
    },
  };
}

async function readPid(guard: ChildProcess): Promise<number> {
  const lines = createInterface({ input: guard.stdio[3] as Readable });
  const failed = once(guard, 'error').then(([error]) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  const read = new Promise<number>((resolve) => lines.once('line', (line) => resolve(Number(line))));
  const pid = await Promise.race([read, failed]);
  lines.close();
  return pid;
}

/** The end of a log file, for an error message. */
export function logTail(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
  } catch {
    return '(no log was written)';
  }
}
