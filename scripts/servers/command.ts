import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './say.ts';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Named in a progress line every ten seconds while the command runs. */
  readonly label?: string;
  /** Returns standard error too. */
  readonly mergeErrors?: boolean;
}

/**
 * Runs a command to its end and returns what it wrote to standard output.
 * @throws Error with the command and the end of its output when it cannot start or exits with another code than 0
 */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const started = Date.now();
  const child = spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    all = (all + chunk.toString()).slice(-TAIL);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (options.mergeErrors === true) output += chunk.toString();
    all = (all + chunk.toString()).slice(-TAIL);
  });
  const ticker = setInterval(() => {
    if (options.label !== undefined) say(`${options.label}: ${((Date.now() - started) / 1000).toFixed(0)} s, ${lastLine(all)}`);
  }, 10_000);
  return new Promise<string>((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`cannot run ${program}: ${cause.message}`, { cause })));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${[program, ...args].join(' ')} ended with ${code ?? signal ?? 'nothing'}:\n${all.trim()}`));
    });
  }).finally(() => clearInterval(ticker));
}

/** The path of a program, or undefined where there is none. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => isRunnable(path));
}

/**
 * The path of a program; where it is missing and we are root on a machine with apt, its package is installed.
 * @throws Error with the command that gives it
 */
export async function needProgram(name: string, aptPackage: string): Promise<string> {
  const found = findProgram(name);
  if (found !== undefined) return found;
  const remedy = `apt-get install -y --no-install-recommends ${aptPackage}`;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) {
    throw new Error(`${name} is needed and is not installed. On Debian or Ubuntu: sudo ${remedy}`);
  }
  await aptInstall(aptPackage);
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${remedy} brought no ${name}`);
  return path;
}

async function aptInstall(aptPackage: string): Promise<void> {
  const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', aptPackage];
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, label: `apt-get install ${aptPackage}` };
  say(`installing ${aptPackage} with apt-get`);
  try {
    await command('apt-get', install, options);
  } catch {
    // The lists may be missing or older than the mirror.
    await command('apt-get', ['update'], { ...options, label: 'apt-get update' });
    await command('apt-get', install, options);
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 100) ?? '';
}

const TAIL = 4000;
