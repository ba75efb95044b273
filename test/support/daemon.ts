import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../scripts/container-node.ts';
import { freePort } from '../../scripts/servers/port.ts';
import { builtProgram } from './built.ts';
import type { Address } from './mysql.ts';
import { until } from './wait.ts';
import { READER } from '../../scripts/servers/index.ts';

/** One line of the log, or the error that ended the daemon (`code`, `exit`, `hint`, `facts`). */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly code?: string;
  readonly exit?: number;
  readonly hint?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly [field: string]: unknown;
}

/** What `/readyz` answers. */
export interface Readyz {
  readonly status: number;
  readonly reason: string;
  readonly detail: string;
}

/** A configuration as an object; it is written as JSON, which is YAML. */
export type DaemonConfig = Readonly<Record<string, unknown>>;

/** A folder for a daemon's configuration, checkpoint and output, and the configuration that points there. */
export interface Place {
  readonly folder: string;
  readonly checkpoint: string;
  /** Path of the output of a file sink. */
  readonly output: string;
  /** A configuration for MySQL at `mysql`, with whatever differs. */
  config(mysql: Address, changes?: DaemonConfig): DaemonConfig;
  /** The saved position's label, null while nothing is saved. */
  saved(): string | null;
  remove(): Promise<void>;
}

/** A fresh folder for the daemon called `name`. */
export async function place(name: string): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'rowcast-e2e-'));
  const checkpoint = join(folder, 'saved.checkpoint');
  const output = join(folder, 'changes.jsonl');
  return {
    folder,
    checkpoint,
    output,
    config: (mysql, changes = {}) => ({
      name,
      source: { host: mysql.host, port: mysql.port, user: READER, heartbeat: '500ms' },
      sink: { type: 'file', path: output },
      checkpoint: { path: checkpoint },
      log: { level: 'debug', format: 'json' },
      ...changes,
    }),
    saved: () => (existsSync(checkpoint) ? (JSON.parse(readFileSync(checkpoint, 'utf8')) as { body: { label: string } }).body.label : null),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** How a daemon is started. */
export interface StartOptions {
  /** Further words of the command line. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A configuration file that is there already, instead of an object. */
  readonly file?: string;
  /** Leave standard output alone: nobody reads it until the caller does. */
  readonly holdOutput?: boolean;
  /** The program. @default dist/cli/main.js */
  readonly program?: string;
}

/** `rowcast run` as a process of its own. */
export class Daemon {
  readonly process: ChildProcess;
  readonly #port: number;
  readonly #ended: Promise<number>;
  #errors = '';
  #output = '';

  constructor(child: ChildProcess, port: number, holdOutput: boolean) {
    this.process = child;
    this.#port = port;
    this.#ended = once(child, 'close').then(([code, signal]) => (typeof code === 'number' ? code : 128 + (signal === 'SIGKILL' ? 9 : 15)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    if (!holdOutput) child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }

  /** Everything written to standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** Everything written to standard output, unless it is held. */
  get output(): string {
    return this.#output;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  /** All log lines so far. Anything on standard error that is no JSON object is a line of level `text`. */
  lines(): LogLine[] {
    return this.#errors.split('\n').filter((text) => text !== '').map(logLine);
  }

  /** The lines with this message. */
  said(message: string): LogLine[] {
    return this.lines().filter((line) => line.msg === message);
  }

  /** Largest resident memory so far, in bytes, as the system counted it. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${String(this.process.pid)}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  async readyz(): Promise<Readyz> {
    const response = await fetch(`${this.url}/readyz`);
    const { reason, detail } = (await response.json()) as { reason: string; detail: string };
    return { status: response.status, reason, detail };
  }

  /** Waits until `/readyz` says so. @throws Error with the log when the daemon ends instead */
  async ready(seconds = 30): Promise<void> {
    await this.while(until('the daemon is ready', async () => (await this.readyz()).status === 200, seconds * 1000));
  }

  /** Waits for `promise` as long as the daemon lives. */
  async while<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => undefined);
    const ended = this.#ended.then((code) => {
      throw new Error(`the daemon ended with ${String(code)}:\n${this.#errors}`);
    });
    ended.catch(() => undefined);
    try {
      return await Promise.race([promise, ended]);
    } catch (error) {
      throw new Error(`${String(error)}\nlog:\n${this.#lastSaid()}`, { cause: error });
    }
  }

  /** The end of the log. Attempts to connect, many a second during an outage, would push out what went before. */
  #lastSaid(): string {
    return this.#errors.split('\n').filter((line) => !line.includes('"level":"debug"')).join('\n').slice(-6000);
  }

  async text(path: string): Promise<string> {
    return (await fetch(`${this.url}${path}`)).text();
  }

  /** Waits for the end by itself; the answer is the exit code. @throws Error with the log when it takes longer */
  async end(seconds = 30): Promise<number> {
    const late = AbortSignal.timeout(seconds * 1000);
    const limit = once(late, 'abort').then(() => {
      this.process.kill('SIGKILL');
      throw new Error(`the daemon has not ended within ${String(seconds)} s:\n${this.#lastSaid()}`);
    });
    limit.catch(() => undefined);
    return Promise.race([this.#ended, limit]);
  }

  /** SIGTERM; the answer is the exit code, 128 + n after signal n. */
  stop(): Promise<number> {
    this.process.kill('SIGTERM');
    return this.#ended;
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#ended;
  }

  /** The error that ended the daemon: the last line with a code and an exit. */
  failure(): LogLine {
    const line = this.lines().findLast((one) => one.exit !== undefined);
    if (line === undefined) throw new Error(`no error ended the daemon:\n${this.#errors}`);
    return line;
  }
}

/**
 * Starts `rowcast run` as the container does, on the Node of the tests or, where that is set, on ROWCAST_DAEMON_NODE; it may be not
 * ready yet, or end at once. Daemons that live at the end of the test process are killed.
 */
export async function startDaemon(where: Place, config: DaemonConfig, options: StartOptions = {}): Promise<Daemon> {
  const port = await freePort();
  const file = options.file ?? join(where.folder, 'rowcast.yaml');
  if (options.file === undefined) await writeFile(file, JSON.stringify({ http: { port }, ...config }));
  const program = options.program ?? (await builtProgram());
  const child = spawn(process.env['ROWCAST_DAEMON_NODE'] ?? process.execPath, [...NODE_FLAGS, program, 'run', '-c', file, ...(options.words ?? [])], {
    cwd: where.folder,
    env: { ...process.env, ...NODE_ENVIRONMENT, ...(options.file === undefined ? {} : { HTTP_PORT: String(port) }), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  return new Daemon(child, port, options.holdOutput === true);
}

/** Starts one and waits until it is ready. */
export async function readyDaemon(where: Place, config: DaemonConfig, options: StartOptions = {}): Promise<Daemon> {
  const daemon = await startDaemon(where, config, options);
  await daemon.ready();
  return daemon;
}

/**
 * Runs one that is expected to end by itself, and gives it back ended, with its exit code.
 * @throws Error with its log when it still runs after 30 s
 */
export async function runToEnd(where: Place, config: DaemonConfig, options: StartOptions = {}): Promise<{ readonly daemon: Daemon; readonly exit: number }> {
  const daemon = await startDaemon(where, config, options);
  return { daemon, exit: await daemon.end() };
}

function logLine(text: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'msg' in parsed) return parsed as LogLine;
  } catch {
    // Not a line of the log: a warning of Node, or text.
  }
  return { level: 'text', time: '', msg: text };
}
