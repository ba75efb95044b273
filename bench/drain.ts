import type { ChildProcess } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { topicOffsets } from '../scripts/kafka-reader.ts';
import type { Contender, Course } from './contenders/contender.ts';
import { end, endsWithUs, removeFolder, temporaryFolder } from './leftovers.ts';
import { claimMemory } from './memory.ts';
import type { ProcessFigures } from './process-figures.ts';
import { processFigures } from './process-figures.ts';

/** What is to be brought to a topic, and from where on. */
export interface DrainSpec {
  /** Names the topic. */
  readonly label: string;
  readonly messages: number;
  readonly course: Omit<Course, 'topic' | 'folder'>;
  /** The broker's data, where the topic's segments lie. */
  readonly kafkaFolder: string;
  /** Where it keeps what it needs; removed by whoever made it. Undefined: a new one. */
  readonly folder?: string;
}

export interface DrainResult {
  readonly name: string;
  readonly rowsPerSecond: number;
  readonly rowsPerSecondFromStart: number;
  /** From the start of the process to its first message. */
  readonly secondsToFirst: number;
  readonly cpuSeconds: number;
  readonly rowsPerCpuSecond: number;
  readonly peakBytes: number;
  readonly bytesPerMessage: number;
}

/** Milliseconds between two looks at the process, at most. */
const LOOK_MS = 20;
/** Milliseconds between two looks at the topic's end offset: from where the last message is near to where it is far. */
const SHORT_LOOK_MS = 4;
const MOST_BETWEEN_LOOKS_MS = 1_000;
const LIMIT_MS = 900_000;

/** Runs a contender on a backlog that waits in the binlog, and measures from outside: the topic's end offset against the clock. */
export async function drain(contender: Contender, spec: DrainSpec): Promise<DrainResult> {
  const folder = spec.folder ?? temporaryFolder();
  const topic = `bench.${spec.label}`;
  const admin = new kafkajs.Kafka({ clientId: 'bench', brokers: [`127.0.0.1:${spec.course.kafkaPort}`], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  await claimMemory();
  const started = performance.now();
  const child = endsWithUs(await contender.start({ ...spec.course, topic, folder }));
  try {
    const seen = await watch({ admin, topic, child, messages: spec.messages, name: contender.name });
    return resultOf(contender.name, spec, { ...seen, started, bytes: topicBytes(spec.kafkaFolder, topic) });
  } finally {
    await end(child);
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    if (spec.folder === undefined) removeFolder(folder);
  }
}

interface Watched {
  readonly admin: Admin;
  readonly topic: string;
  readonly child: ChildProcess;
  readonly messages: number;
  readonly name: string;
}

/** What was seen between the first and the last message; times in milliseconds of `performance.now()`. */
interface Seen {
  readonly first: number;
  readonly last: number;
  /** Messages that were there at the first look that found any. */
  readonly already: number;
  readonly figures: ProcessFigures;
}

async function watch({ admin, topic, child, messages, name }: Watched): Promise<Seen> {
  const deadline = performance.now() + LIMIT_MS;
  let first: Look | null = null;
  let figures: ProcessFigures = { cpuSeconds: NaN, peakBytes: NaN };
  let found = 0;
  let due = 0;
  for (;;) {
    let now = performance.now();
    if (now >= due) {
      found = Number((await topicOffsets(admin, topic))[0]?.offset ?? 0);
      now = performance.now();
      if (first === null && found > 0) first = { at: now, messages: found };
      if (first !== null) due = now + untilNextLook(first, { at: now, messages: found }, messages);
    }
    // A process that ends by itself is looked at for the last time before.
    if (child.exitCode === null) figures = processFigures(child.pid ?? 0) ?? figures;
    if (first !== null && found >= messages) return { first: first.at, last: now, already: first.messages, figures };
    if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${name} ended with ${child.exitCode} after ${found} of ${messages} messages`);
    if (now > deadline) throw new Error(`${name}: ${found} of ${messages} messages after ${LIMIT_MS / 1000} s`);
    await sleep(first === null ? LOOK_MS : Math.min(LOOK_MS, Math.max(SHORT_LOOK_MS, due - now)));
  }
}

interface Look {
  readonly at: number;
  readonly messages: number;
}

/**
 * Half of what is left at the rate so far, a second at most: looks cost the broker and this process three milliseconds
 * of processor time each, and matter only where the last message is near.
 */
function untilNextLook(first: Look, now: Look, messages: number): number {
  const perMillisecond = (now.messages - first.messages) / (now.at - first.at);
  const left = perMillisecond > 0 ? (messages - now.messages) / perMillisecond : 0;
  return Math.min(left / 2, MOST_BETWEEN_LOOKS_MS);
}

function resultOf(name: string, spec: DrainSpec, seen: Seen & { readonly started: number; readonly bytes: number }): DrainResult {
  const { cpuSeconds, peakBytes } = seen.figures;
  return {
    name,
    rowsPerSecond: Math.round((spec.messages - seen.already) / ((seen.last - seen.first) / 1000)),
    rowsPerSecondFromStart: Math.round(spec.messages / ((seen.last - seen.started) / 1000)),
    secondsToFirst: (seen.first - seen.started) / 1000,
    cpuSeconds,
    rowsPerCpuSecond: Math.round(spec.messages / cpuSeconds),
    peakBytes,
    bytesPerMessage: seen.bytes / spec.messages,
  };
}

/** Bytes of the topic's one partition on the broker's disk. */
function topicBytes(kafkaFolder: string, topic: string): number {
  const names = readdirSync(kafkaFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(`/${topic}-0/`) && name.endsWith('.log'));
  return names.reduce((sum, name) => sum + statSync(join(kafkaFolder, name)).size, 0);
}
