import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { stringify } from 'yaml';
import type { ProcessFigures } from './process-figures.ts';
import { processFigures } from './process-figures.ts';

export interface DrainSpec {
  readonly format: string;
  readonly rows: number;
  readonly compression: string;
  readonly mysqlPort: number;
  readonly kafkaPort: number;
  /** The broker's data, where the topic's segments lie. */
  readonly kafkaFolder: string;
}

export interface DrainResult {
  readonly format: string;
  readonly rowsPerSecond: number;
  readonly rowsPerSecondFromStart: number;
  readonly cpuSeconds: number;
  readonly rowsPerCpuSecond: number;
  readonly peakBytes: number;
  readonly bytesPerMessage: number;
}

/** Milliseconds between two looks at the topic's end offset. */
const LOOK_MS = 20;
const LIMIT_MS = 600_000;

/** Runs the daemon on a backlog that waits in the binlog, and measures from outside: the topic's end offset against the clock. */
export async function drain(spec: DrainSpec): Promise<DrainResult> {
  const folder = mkdtempSync(join(tmpdir(), 'rowcast-bench-'));
  const topic = `bench.${spec.format}.orders`;
  const admin = new kafkajs.Kafka({ clientId: 'bench', brokers: [`127.0.0.1:${spec.kafkaPort}`], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  writeFileSync(join(folder, 'bench.yaml'), configuration(spec, topic, folder));
  const started = performance.now();
  const daemon = spawn(process.execPath, ['dist/cli/main.js', 'run', '-c', join(folder, 'bench.yaml')], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const seen = await watch({ admin, topic, daemon, rows: spec.rows });
    return resultOf(spec, { ...seen, started, bytes: topicBytes(spec.kafkaFolder, topic) });
  } finally {
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    if (daemon.exitCode === null && daemon.kill('SIGTERM')) await ended;
    await admin.disconnect();
    rmSync(folder, { recursive: true });
  }
}

interface Watched {
  readonly admin: Admin;
  readonly topic: string;
  readonly daemon: ChildProcess;
  readonly rows: number;
}

/** What was seen between the first and the last message; times in milliseconds of `performance.now()`. */
interface Seen {
  readonly first: number;
  readonly last: number;
  /** Messages that were there at the first look that found any. */
  readonly already: number;
  readonly figures: ProcessFigures;
}

async function watch({ admin, topic, daemon, rows }: Watched): Promise<Seen> {
  const deadline = performance.now() + LIMIT_MS;
  let first: { readonly at: number; readonly messages: number } | null = null;
  for (;;) {
    const messages = Number((await admin.fetchTopicOffsets(topic))[0]?.offset ?? 0);
    const now = performance.now();
    if (first === null && messages > 0) first = { at: now, messages };
    if (first !== null && messages >= rows) return { first: first.at, last: now, already: first.messages, figures: processFigures(daemon.pid ?? 0) };
    if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode} after ${messages} of ${rows} messages`);
    if (now > deadline) throw new Error(`${messages} of ${rows} messages after ${LIMIT_MS / 1000} s`);
    await sleep(LOOK_MS);
  }
}

function resultOf(spec: DrainSpec, seen: Seen & { readonly started: number; readonly bytes: number }): DrainResult {
  const { cpuSeconds, peakBytes } = seen.figures;
  return {
    format: spec.format,
    rowsPerSecond: Math.round((spec.rows - seen.already) / ((seen.last - seen.first) / 1000)),
    rowsPerSecondFromStart: Math.round(spec.rows / ((seen.last - seen.started) / 1000)),
    cpuSeconds,
    rowsPerCpuSecond: Math.round(spec.rows / cpuSeconds),
    peakBytes,
    bytesPerMessage: seen.bytes / spec.rows,
  };
}

function configuration({ format, compression, mysqlPort, kafkaPort }: DrainSpec, topic: string, folder: string): string {
  return stringify({
    name: 'bench',
    source: { host: '127.0.0.1', port: mysqlPort, user: 'root', start: 'earliest' },
    sink: { type: 'kafka', brokers: [`127.0.0.1:${kafkaPort}`], compression, topics: { create: false } },
    checkpoint: { path: join(folder, 'checkpoint') },
    format,
    routes: [{ tables: ['shop.orders'], topic, tombstones: false }],
    http: false,
    log: { level: 'warn' },
  });
}

/** Bytes of the topic's one partition on the broker's disk. */
function topicBytes(kafkaFolder: string, topic: string): number {
  const names = readdirSync(kafkaFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(`${topic}-0/`) && name.endsWith('.log'));
  return names.reduce((sum, name) => sum + statSync(join(kafkaFolder, name)).size, 0);
}
