import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaLibraries, needJava, startKafka } from '../../scripts/servers/kafka.ts';
import type { Server } from '../../scripts/servers/server.ts';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import type { RowcastError } from '../../src/core/errors.ts';
import type { Sink, SinkContext, TopicWriter } from '../../src/core/ports.ts';
import { checkKafka } from '../../src/sink/kafka/check.ts';
import { createKafkaSink } from '../../src/sink/kafka/kafka-sink.ts';
import type { Compression, KafkaSinkOptions } from '../../src/sink/kafka/options.ts';
import { readTopic } from '../support/kafka.ts';

const run = promisify(execFile);
let kafka: Server;

beforeAll(async () => { kafka = await startKafka(); }, 180_000);
afterAll(async () => { await kafka.stop(); });

function options(changes: Partial<KafkaSinkOptions> = {}): KafkaSinkOptions {
  return {
    brokers: [`${kafka.host}:${String(kafka.port)}`], clientId: 'rowcast-test', compression: 'none', topics: { create: true, partitions: 3 },
    batchBytes: 200_000, requestTimeoutMs: 10_000, connectTimeoutMs: 5_000, memory: 64 * 1024 * 1024, ...changes,
  };
}

/** A sink with counts of what it holds and has not settled. */
async function opened(changes: Partial<KafkaSinkOptions> = {}): Promise<{ sink: Sink; state: { held: number; unsettled: number; failure: RowcastError | null } }> {
  const state: { held: number; unsettled: number; failure: RowcastError | null } = { held: 0, unsettled: 0, failure: null };
  const ignore = (): void => undefined;
  const metric = { add: ignore, set: ignore, observe: ignore };
  const context: SinkContext = {
    ledger: { open: () => { state.unsettled++; return { before: null }; }, settle: () => { state.unsettled--; }, safe: () => null },
    gate: { take: (bytes) => { state.held += bytes; }, give: (bytes) => { state.held -= bytes; } },
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    metrics: { counter: () => metric, gauge: () => metric, histogram: () => metric },
    events: { down: ignore, up: ignore, failed: (error) => { state.failure = error; } },
  };
  const sink = createKafkaSink(options(changes), context);
  await sink.open();
  return { sink, state };
}

function put(writer: TopicWriter, keyText: string, value: string): void {
  const key = new ByteWriter(64);
  key.utf8(keyText);
  do writer.begin(key).utf8(value); while (!writer.end([]));
}

/** Key and value of every message, as Kafka's own console consumer reads them; `count` of them are expected. */
async function consumed(topic: string, count: number): Promise<[key: string, value: string][]> {
  const args = ['-cp', join(await kafkaLibraries(), '*'), 'org.apache.kafka.tools.consumer.ConsoleConsumer', '--bootstrap-server', `${kafka.host}:${String(kafka.port)}`, '--topic', topic,
    '--from-beginning', '--max-messages', String(count), '--timeout-ms', '20000', '--property', 'print.key=true'];
  const { stdout } = await run(await needJava(), args, { maxBuffer: 1 << 28 });
  return stdout.split('\n').filter((line) => line !== '').map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]);
}

/** Key and value of every message there is. */
async function all(topic: string): Promise<[key: string, value: string][]> {
  return (await readTopic(kafka, topic)).map((message) => [String(message.key), String(message.value)]);
}

describe('the Kafka sink', () => {
  it.each<Compression>(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('writes what Java reads, compressed with %s', async (compression) => {
    const { sink, state } = await opened({ compression });
    const topic = `codec-${compression}`;
    const writer = await sink.topic(topic);
    const sent = new Map<string, string>();
    for (let i = 0; i < 2000; i++) {
      const value = `${String(i)} ${'é'.repeat(i % 300)}`;
      sent.set(String(i), value);
      put(writer, String(i), value);
    }
    await sink.flush();
    expect(state).toEqual({ held: 0, unsettled: 0, failure: null });
    await sink.close();
    const read = await consumed(topic, 2000);
    expect(new Map(read)).toEqual(sent);
    expect((await all(topic)).length).toBe(2000);
  }, 60_000);

  it('puts a message, and a tombstone, into the partition that its number chooses', async () => {
    const { sink } = await opened();
    const writer = await sink.topic('chosen');
    const key = new ByteWriter(1);
    key.utf8('k');
    for (const choice of [0, 4, -5, -(2 ** 31)]) do writer.begin(choice === 4 ? null : key, choice).utf8(String(choice)); while (!writer.end([]));
    writer.tombstone(key, [], 7);
    await sink.flush();
    await sink.close();
    const read = (await readTopic(kafka, 'chosen')).map(({ partition, key, value }) => [partition, key?.toString() ?? null, value?.toString() ?? null]);
    expect(read.sort()).toEqual([[0, 'k', '0'], [1, 'k', null], [1, null, '4'], [2, 'k', '-2147483648'], [2, 'k', '-5']].sort());
  });

  it('refuses a message that the topic cannot take, and goes on', async () => {
    const { sink } = await opened();
    const writer = await sink.topic('limit');
    put(writer, 'a', 'before');
    expect(() => { put(writer, 'a', 'x'.repeat(1_100_000)); }).toThrow(expect.objectContaining({ code: 'ROW_TOO_LARGE', facts: { topic: 'limit', bytes: 1_100_075, limit: 1_048_588 } }));
    put(writer, 'a', 'after');
    await sink.flush();
    await sink.close();
    expect(await all('limit')).toEqual([['a', 'before'], ['a', 'after']]);
  }, 60_000);

  it('writes every message once and in order while the broker is killed and restarted', async () => {
    const { sink, state } = await opened();
    const writer = await sink.topic('restart');
    let outage: Promise<void> | null = null;
    for (let i = 0; i < 60_000; i++) {
      put(writer, String(i % 100), String(i));
      if (i === 20_000) outage = kafka.kill().then(() => kafka.restart());
      if (i % 100 === 0) await new Promise(setImmediate);
    }
    await outage;
    await sink.flush();
    expect(state).toEqual({ held: 0, unsettled: 0, failure: null });
    await sink.close();
    const perKey = new Map<string, number[]>();
    for (const [key, value] of await all('restart')) perKey.set(key, [...(perKey.get(key) ?? []), Number(value)]);
    expect(perKey.size).toBe(100);
    for (const [key, values] of perKey) expect(values).toEqual(Array.from({ length: 600 }, (_, n) => Number(key) + n * 100));
  }, 120_000);

  it('says what is missing', async () => {
    expect(await checkKafka(options({ topics: { create: false } }), { topics: ['absent'], group: 'a-group' })).toMatchObject([{ code: 'SINK_REFUSED', severity: 'error', where: 'absent' }]);
    expect(await checkKafka(options({ brokers: ['127.0.0.1:1'] }), { topics: [], group: null })).toMatchObject([{ code: 'SINK_LOST', severity: 'error' }]);
  }, 60_000);
});
