/**
 * How fast the Kafka sink is by itself: constant bytes through `begin` and `end` to a real broker.
 *
 * BROKERS=127.0.0.1:9092 [RECORDS=2000000] [BYTES=700] [CODEC=none] [PARTITIONS=3] npx tsx bench/kafka-sink.ts
 */
import { ByteWriter } from '../src/core/byte-writer.ts';
import type { SinkContext } from '../src/core/ports.ts';
import { createKafkaSink } from '../src/sink/kafka/kafka-sink.ts';
import type { Compression } from '../src/sink/kafka/options.ts';

const records = Number(process.env['RECORDS'] ?? 2_000_000);
const size = Number(process.env['BYTES'] ?? 700);
const topic = `bench-${String(Date.now())}`;
const MOST_HELD = 32 << 20;
let held = 0;
let open = 0;
/** Resumes the loop below once half of the memory is free, as the daemon's gate does. */
let resume: (() => void) | null = null;
const nothing = { add: () => undefined, set: () => undefined, observe: () => undefined };
const silent = (): void => undefined;
const context: SinkContext = {
  ledger: { open: () => { open++; return { before: null }; }, settle: () => { open--; }, safe: () => null },
  gate: { take: (bytes) => { held += bytes; }, give: (bytes) => {
    held -= bytes;
    if (resume === null || held > MOST_HELD / 2) return;
    resume();
    resume = null;
  } },
  logger: { debug: silent, info: silent, warn: console.warn, error: console.error },
  metrics: { counter: () => nothing, gauge: () => nothing, histogram: () => nothing },
  events: { down: (error) => { console.warn(error.message); }, up: silent, failed: (error) => { throw error; } },
};
const sink = createKafkaSink({
  brokers: (process.env['BROKERS'] ?? '127.0.0.1:9092').split(','), clientId: 'bench', compression: (process.env['CODEC'] ?? 'none') as Compression,
  topics: { create: true, partitions: Number(process.env['PARTITIONS'] ?? 3) }, batchBytes: 1_000_000, requestTimeoutMs: 30_000, connectTimeoutMs: 10_000, memory: 64 << 20,
}, context);
await sink.open();
const writer = await sink.topic(topic);
const value = Buffer.alloc(size, 'x');
const key = new ByteWriter(64);
const cpu = process.cpuUsage();
const started = performance.now();
for (let i = 0; i < records; i++) {
  key.at = 0;
  key.integer(i);
  do writer.begin(key).raw(value); while (!writer.end([]));
  if (i % 500 === 0 && held > MOST_HELD) await new Promise<void>((resolve) => { resume = resolve; });
}
await sink.flush();
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
const cpuSeconds = (used.user + used.system) / 1e6;
console.log(JSON.stringify({ records, seconds, perSecond: Math.round(records / seconds), cpuSeconds, perCpuSecond: Math.round(records / cpuSeconds), unsettled: open, held, rssMB: process.memoryUsage().rss >> 20 }));
await sink.close();
