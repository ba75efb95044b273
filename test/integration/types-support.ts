import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assemble } from '../../src/app/assemble.ts';
import { Control } from '../../src/app/control.ts';
import { Custody } from '../../src/app/custody.ts';
import { PrometheusMetrics } from '../../src/observe/metrics.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/compile.ts';
import { asRowcastError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/ports.ts';
import type { Address } from '../support/mysql.ts';
import { query } from '../support/mysql.ts';
import { READER } from '../../scripts/servers/index.ts';

/** What one daemon is to do. `source` and `routes` are as in the configuration file. */
export interface Wanted {
  readonly name?: string;
  /** As in the configuration file. */
  readonly format: string | object;
  readonly database: string;
  readonly routes?: readonly object[];
  readonly source?: object;
  /** Further keys of the file. */
  readonly more?: object;
  /** A line that must have come, too, before the capture ends. */
  readonly awaits?: (line: string) => boolean;
}

/** Runs every daemon from the server's present end until it has told what `change` does. */
export interface Capture {
  readonly server: Address;
  /** SQL that makes the tables; their rows are not captured. */
  readonly prepare?: string;
  /** SQL that makes the rows, or what runs it. */
  readonly change: string | (() => Promise<void>);
  readonly wanted: readonly Wanted[];
  /** Milliseconds to wait for all of it. @default 60,000 */
  readonly patience?: number;
}

/** The table that ends a capture; its own lines are left out of the answer. */
const END = 'capture_end';
const PATIENCE_MS = 60_000;
const NOTHING: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The lines of the file sink of each daemon, in the order of `wanted`. The databases must exist. */
export async function capture({ server, prepare, change, wanted, patience = PATIENCE_MS }: Capture): Promise<string[][]> {
  const [first] = wanted;
  if (first === undefined) return [];
  await query(server, `create table \`${first.database}\`.${END} (id int primary key); ${prepare ?? ''}`);
  const start = await endOfBinlog(server);
  const daemons = await Promise.all(wanted.map((each) => daemon(server, each, start)));
  try {
    await (typeof change === 'string' ? query(server, change) : change());
    await query(server, `insert into \`${first.database}\`.${END} values (1)`);
    return await Promise.all(daemons.map((each) => each.lines(patience)));
  } finally {
    await Promise.all(daemons.map((each) => each.end()));
  }
}

/** Where the server's binlog ends now. */
export async function endOfBinlog(server: Address): Promise<{ file: string; position: number }> {
  const rows = await query(server, 'show master status').catch(() => query(server, 'show binary log status'));
  return { file: String(rows[0]?.['File']), position: Number(rows[0]?.['Position']) };
}

/** How a daemon ended; null: well, and null altogether while it runs. */
type Ended = { readonly error: Error | null } | null;

interface Running {
  lines(patience: number): Promise<string[]>;
  end(): Promise<void>;
}

async function daemon(server: Address, wanted: Wanted, start: { file: string; position: number }): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'rowcast-types-'));
  const path = join(folder, 'rows.jsonl');
  const config = await configOf(folder, {
    name: wanted.name ?? 'types',
    source: { host: server.host, port: server.port, user: READER, start, ...wanted.source },
    sink: { type: 'file', path },
    format: wanted.format,
    checkpoint: { path: join(folder, 'checkpoint') },
    http: false,
    ...wanted.more,
    routes: [...(wanted.routes ?? []), { tables: [`${wanted.database}.*`] }],
  });
  const control = new Control();
  const custody = new Custody(config, { logger: NOTHING, lost: (error) => control.fail(error) });
  await custody.open(new AbortController().signal);
  const { runner } = await assemble({ config, custody, control, logger: NOTHING, metrics: new PrometheusMetrics(false), leads: () => true, recaptureSchema: false });
  let ended: Ended = null;
  const running = runner.run().then(() => (ended = { error: null }), (error: unknown) => (ended = { error: asRowcastError(error) }));
  return {
    lines: (patience) => linesUntilEnd(path, () => ended, { awaits: wanted.awaits ?? (() => true), patience }),
    end: async () => {
      runner.stop();
      await running;
      await custody.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function configOf(folder: string, document: object): Promise<Config> {
  const path = join(folder, 'rowcast.yaml');
  await writeFile(path, JSON.stringify(document));
  return loadConfig(path, {});
}

async function linesUntilEnd(path: string, ended: () => Ended, { awaits, patience }: { readonly awaits: (line: string) => boolean; readonly patience: number }): Promise<string[]> {
  for (const deadline = Date.now() + patience; ; ) {
    const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    if (lines.some(awaits) && lines.some((line) => line.startsWith('{"topic"') && topicOf(line).endsWith(`.${END}`))) return lines.filter((line) => !topicOf(line).endsWith(`.${END}`));
    const end = ended();
    if (end !== null) throw end.error ?? new Error('the daemon ended before it had told everything');
    if (Date.now() > deadline) throw new Error(`the daemon did not tell everything within ${patience / 1000} s; the last of ${lines.length} lines: ${lines.at(-1) ?? ''}`);
    await sleep(50);
  }
}

function topicOf(line: string): string {
  return /^\{"topic":"([^"]*)"/.exec(line)?.[1] ?? '';
}

/** A field of every line, as it is written there: `after` of `value` of the lines of a table. */
export function images(lines: readonly string[], table: string, field: 'before' | 'after' = 'after'): string[] {
  return lines.filter((line) => topicOf(line).endsWith(`.${table}`)).map((line) => objectAt(line, line.indexOf(`"${field}":`) + field.length + 3));
}

/** The JSON value that starts at `from`, up to its end. */
function objectAt(line: string, from: number): string {
  if (line[from] !== '{') return 'null';
  let depth = 0;
  let quoted = false;
  for (let at = from; at < line.length; at++) {
    if (quoted && line[at] === '\\') at++;
    else if (line[at] === '"') quoted = !quoted;
    else if (!quoted && line[at] === '{') depth++;
    else if (!quoted && line[at] === '}' && --depth === 0) return line.slice(from, at + 1);
  }
  throw new Error(`no whole object in ${line}`);
}
