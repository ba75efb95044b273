import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedProcess, ProcessSpec } from './process.ts';
import { logTail, startGuarded } from './process.ts';

/** A throw-away server of this process, reachable over loopback. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** Version text, for people: `MySQL 9.7.0`. */
  readonly name: string;
  /** Of the running process; that of the last one while it is stopped. */
  readonly pid: number;
  /** Path of the server's log. */
  readonly log: string;
  /** Holds its data and its log. */
  readonly folder: string;
  /** SIGTERM, and waits for the end. The data stays until `remove`. */
  halt(): Promise<void>;
  /** SIGKILL, and waits for the end. The data stays. */
  kill(): Promise<void>;
  /** Starts it again (halting it first if it runs) on the same data and port, and waits until it answers. `flags` come on top of those it was first started with. */
  restart(flags?: readonly string[]): Promise<void>;
  /** SIGKILL where it still runs, and removes its data. A stopped server cannot be started again. */
  stop(): Promise<void>;
}

/** What differs between servers. */
export interface ServerSpec {
  readonly name: string;
  readonly port: number;
  readonly folder: string;
  readonly process: ProcessSpec;
  /** Throws while the server is not ready. */
  readonly probe: () => Promise<void>;
}

/** Starts a server and waits until its probe passes. @throws Error with the end of its log when it does not come up */
export async function startServer(spec: ServerSpec): Promise<Server> {
  let running = await up(spec);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (running.exitCode === null) signalProcess(running.pid, signal);
    await running.wait();
  };
  const server: Server = {
    host: '127.0.0.1',
    port: spec.port,
    name: spec.name,
    get pid() {
      return running.pid;
    },
    log: spec.process.log,
    folder: spec.folder,
    halt: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    restart: async (flags = []) => {
      await end('SIGTERM');
      running = await up({ ...spec, process: { ...spec.process, args: [...spec.process.args, ...flags] } });
    },
    stop: async () => {
      await end('SIGKILL');
      await rm(spec.folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return server;
}

async function up(spec: ServerSpec): Promise<GuardedProcess> {
  const running = await startGuarded(spec.process);
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    if (running.exitCode !== null) {
      throw new Error(`${spec.name} ended with ${running.exitCode} while starting. The end of its log:\n${logTail(spec.process.log)}`);
    }
    try {
      await spec.probe();
      return running;
    } catch (error) {
      if (Date.now() > deadline) {
        signalProcess(running.pid, 'SIGKILL');
        throw new Error(`${spec.name} did not answer within ${START_LIMIT / 1000} s. The end of its log:\n${logTail(spec.process.log)}`, { cause: error });
      }
    }
    await Promise.race([sleep(100), running.wait()]);
  }
}

function signalProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** A new folder for a server's data. Folders that processes which have ended left behind are removed on the way. */
export async function dataFolder(name: string): Promise<string> {
  for (const entry of await readdir(tmpdir())) {
    const owner = OWNED_FOLDER.exec(entry)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(tmpdir(), entry), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(tmpdir(), `rowcast-server-${process.pid}-${name}-`));
  if (folders.length === 0) process.on('exit', () => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const OWNED_FOLDER = /^rowcast-server-(\d+)-/;
const START_LIMIT = 120_000;
