import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/built.ts';

/** What runs, for the page: Rowcast with its commit, Node, the machine. The servers tell theirs when they are started. */
export function versions(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return { Rowcast: `${version} (${commit()})`, Node: process.versions.node, MySQL: '9.7', 'Apache Kafka': '4.1.0', machine: `${String(cpus().length)} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB` };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'not from a repository';
  }
}
