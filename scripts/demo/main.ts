import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { rm } from 'node:fs/promises';
import { freePort } from '../servers/port.ts';
import { dataFolder } from '../servers/server.ts';
import type { Daemon } from './daemon.ts';
import { startDaemon } from './daemon.ts';
import type { Destination } from './destination.ts';
import { fileDestination, kafkaDestination } from './destination.ts';
import type { DemoServer } from './servers.ts';
import { demoKafka, demoMysql } from './servers.ts';
import { connect, countWritten, createShop } from './shop.ts';
import { reason, tell } from './tell.ts';
import { watch } from './watch.ts';
import { startWriter } from './writer.ts';

/** How long the end waits for what was written to arrive, in milliseconds. */
const ARRIVAL_LIMIT = 60_000;

const interrupted = new AbortController();
/** Whatever was started, to be undone in reverse order. */
const undo: (() => Promise<unknown>)[] = [];

/** The whole demo. @returns the exit code */
async function demo(seconds: number): Promise<number> {
  const mysql = started(await demoMysql());
  const kafka = await kafkaOrNone();
  const folder = await dataFolder('demo');
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const session = await connect(mysql);
  undo.push(async () => session.end());
  const password = randomBytes(12).toString('hex');
  await createShop(session, password);

  const output = join(folder, 'changes.jsonl');
  const brokers = kafka === undefined ? undefined : `${kafka.host}:${kafka.port}`;
  const daemon = await startDaemon({ mysql, password, brokers, output, folder, httpPort: await freePort() });
  undo.push(() => daemon.stop());
  const destination = brokers === undefined ? fileDestination(output) : await kafkaDestination(brokers);
  undo.push(() => destination.close());

  const writing = await connect(mysql);
  undo.push(async () => writing.end());
  const writer = startWriter(writing);
  const written = (): ReturnType<typeof countWritten> => countWritten(session);
  await watch({ daemon, destination, written, seconds, signal: interrupted.signal });
  await writer.stop();
  return close(daemon, destination, await written());
}

/** Waits until everything has arrived, stops the daemon, and prints the closing line. */
async function close(daemon: Daemon, destination: Destination, { rows, deletes }: { rows: number; deletes: number }): Promise<number> {
  const expected = rows + deletes;
  const deadline = Date.now() + ARRIVAL_LIMIT;
  let messages = await destination.count();
  while (messages < expected && Date.now() < deadline) {
    daemon.check();
    await sleep(100);
    messages = await destination.count();
  }
  await daemon.stop();
  messages = await destination.count();
  tell(`${rows} rows written to MySQL, ${messages} messages ${destination.place} (${rows} changes and ${deletes} tombstones expected)`);
  return messages === expected ? 0 : 1;
}

async function kafkaOrNone(): Promise<DemoServer | undefined> {
  try {
    return started(await demoKafka());
  } catch (error) {
    tell(`${reason(error)}\nThe demo goes on without Kafka: changes go to a file.`);
    return undefined;
  }
}

function started(server: DemoServer): DemoServer {
  undo.push(() => server.stop());
  return server;
}

async function undoAll(): Promise<void> {
  for (const step of undo.reverse()) await step().catch(() => undefined);
}

function secondsToRun(): number {
  const { values } = parseArgs({ args: process.argv.slice(2), options: { seconds: { type: 'string' } } });
  const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds wants a number above 0, and not ${values.seconds ?? ''}`);
  return seconds;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Before the demo runs, and at the second signal, there is nothing to wait for: what was started dies with us.
    if (interrupted.signal.aborted || undo.length < 4) process.exit(130);
    interrupted.abort();
    tell('\nstopping …');
  });
}

try {
  process.exitCode = await demo(secondsToRun());
} catch (error) {
  tell(`\nThe demo failed: ${reason(error)}`);
  process.exitCode = 1;
} finally {
  await undoAll();
}
process.exit();
