import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import type { Connection } from 'mysql2/promise';
import type { Server } from '../scripts/servers/index.ts';
import { watchArrivals } from './arrivals.ts';
import type { Contender } from './contenders/contender.ts';
import { end, endsWithUs, removeFolder, temporaryFolder } from './leftovers.ts';

export interface LatencySpec {
  readonly database: Server;
  readonly kafka: Server;
  readonly connection: Connection;
  /** Rows a second: one a transaction up to a thousand, then ten. */
  readonly rate: number;
  readonly place: () => Promise<{ readonly file: string; readonly position: number }>;
}

/** Milliseconds from the insert in MySQL to the arrival at a consumer, in one run. */
export interface LatencyRun {
  readonly name: string;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of all runs of a contender. */
export interface LatencyResult extends LatencyRun {
  /** The p99 of the run in the middle. */
  readonly middleP99: number;
}

/** Runs of each contender, in turns with the others. More than of drains: pauses of the machine, some a second or none for a minute, are what a p99 of fractions of a millisecond is made of. */
export const LATENCY_ROUNDS = 5;
/** Seconds that are timed. */
export const SECONDS = 15;
/** Rows that are written before, as fast as they go. They do not count, for no contender: code is compiled then, in the contender and in the broker. */
export const WARM_ROWS = 100_000;
let runs = 0;

/**
 * Each row carries the server's time at its insert, in microseconds. A consumer on the same machine compares it with the
 * clock when the message arrives.
 */
export async function latency(contender: Contender, spec: LatencySpec): Promise<LatencyRun> {
  const database = `latency${++runs}`;
  const topic = `bench.latency.${runs}`;
  const folder = temporaryFolder();
  // A file of its own: a contender that begins in the middle of one may have to look at what is before it.
  await spec.connection.query(`flush binary logs; create database ${database}; create table ${database}.t (id bigint not null auto_increment primary key, stamp bigint not null, note varchar(60))`);
  const kafka = new kafkajs.Kafka({ clientId: 'bench', brokers: [`127.0.0.1:${spec.kafka.port}`], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  const course = { mysqlPort: spec.database.port, kafkaPort: spec.kafka.port, ...(await spec.place()), tables: `${database}.*`, topic, folder };
  await contender.prepare?.(course, async () => {
    await spec.connection.query(`insert into ${database}.t values (default, 0, '')`);
  });
  const child = endsWithUs(await contender.start(course));
  const arrivals = await watchArrivals(spec.kafka, topic, WARM_ROWS + spec.rate * SECONDS);
  try {
    // Whoever starts slowly is not measured while it catches up.
    await spec.connection.query(`insert into ${database}.t values (default, 0, '')`);
    await arrivals.begun;
    await write(spec, database);
    return summary(contender.name, spec.rate, await arrivals.all);
  } finally {
    arrivals.stop();
    await end(child);
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    removeFolder(folder);
  }
}

/** A process of its own writes, so that reading does not hold it up. */
async function write({ database, rate }: LatencySpec, name: string): Promise<void> {
  const words = [database.port, `${name}.t`, rate, SECONDS, WARM_ROWS].map(String);
  const writer = endsWithUs(spawn(process.execPath, [join(import.meta.dirname, 'latency-writer.mjs'), ...words], { stdio: ['ignore', 'ignore', 'inherit'] }));
  const [code] = (await once(writer, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the writer ended with ${code ?? 'a signal'}`);
}

function summary(name: string, rate: number, micros: readonly number[]): LatencyRun {
  const counted = micros.slice(WARM_ROWS).sort((one, other) => one - other);
  const at = (part: number): number => (counted[Math.min(counted.length - 1, Math.floor(counted.length * part))] ?? NaN) / 1000;
  return { name, rate, p50: at(0.5), p99: at(0.99), max: at(1) };
}
