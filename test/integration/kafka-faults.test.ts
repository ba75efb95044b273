import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, ConfigResourceTypes, type Admin } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicOffsets } from '../../scripts/kafka-reader.ts';
import { startKafka, type Server } from '../../scripts/servers/index.ts';
import { freePort } from '../../scripts/servers/port.ts';
import { readTopic } from '../support/kafka.ts';
import { listensBehind } from '../support/proxied-kafka.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/wait.ts';
import { notesOf, topic as positionTopic } from './support/stores.ts';
import { openSink, put, texts } from '../unit/sink/kafka/support/sink.ts';

let kafka: Server;
let proxy: TcpProxy;
let admin: Admin;

/** A Kafka with a second listener, which the world outside reaches by a proxy that can break the line. */
beforeAll(async () => {
  const behind = await freePort();
  proxy = await startTcpProxy({ host: '127.0.0.1', port: behind });
  kafka = await startKafka({ config: listensBehind(behind, proxy) });
  admin = new Kafka({ brokers: [`127.0.0.1:${String(kafka.port)}`], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
}, 180_000);

afterAll(async () => {
  await admin.disconnect();
  await proxy.close();
  await kafka.stop();
});

/** The proxy's address as the only one the sink knows: the broker tells it of no other on that listener. */
async function behindProxy(changes: Parameters<typeof openSink>[1] = {}): Promise<Awaited<ReturnType<typeof openSink>>> {
  return openSink(proxy.port, { requestTimeoutMs: 1_000, connectTimeoutMs: 1_000, batchBytes: 20_000, topics: { create: true, partitions: 1 }, ...changes });
}

async function values(topic: string): Promise<string[]> {
  return (await readTopic(kafka, topic)).map((message) => String(message.value));
}

describe('a line that breaks', () => {
  it.each<[string, (line: TcpProxy) => void, (line: TcpProxy) => void]>([
    ['stalls', (line) => line.stall(), (line) => line.resume()],
    ['is cut, and refused for a while', (line) => { line.refuse(); line.cut(); }, (line) => line.accept()],
  ])('tells that it is down and up again when it %s, and everything arrives once and in order', async (name, breaks, heals) => {
    const { sink, seen } = await behindProxy();
    const topic = `line-${String(name.length)}`;
    const writer = await sink.topic(topic);
    for (let i = 0; i < 3_000; i++) {
      put(writer, 'k', String(i));
      if (i % 50 === 0) await sleep(1);
      if (i === 1_000) breaks(proxy);
    }
    await until('the sink tells that it is down', () => seen.events.length > 0);
    expect(seen.events).toEqual(['down SINK_LOST']);
    heals(proxy);
    await sink.flush();
    expect([seen.events, seen.held, seen.open.size, seen.twice]).toEqual([['down SINK_LOST', 'up'], 0, 0, 0]);
    expect(await values(topic)).toEqual(texts(0, 3_000));
  }, 60_000);

  it('does not end the write of a schema history when it is cut and refused for a while', async () => {
    const store = positionTopic('kept', 'shop', [], { host: '127.0.0.1', port: proxy.port });
    await store.open();
    const notes = notesOf(store, 'kept', 'shop');
    await notes.save('base');
    proxy.refuse();
    proxy.cut();
    const written = notes.append('entry');
    await sleep(1_000);
    proxy.accept();
    await written;
    expect(await notes.load()).toEqual({ base: 'base', entries: ['entry'] });
    await store.close();
  }, 60_000);

  it('bears a broker that is stopped in its tracks', async () => {
    const { sink, seen } = await behindProxy();
    const writer = await sink.topic('paused');
    put(writer, 'k', '0');
    await sink.flush();
    process.kill(kafka.pid, 'SIGSTOP');
    for (let i = 1; i < 2_000; i++) put(writer, 'k', String(i));
    await until('the sink tells that it is down', () => seen.events.length > 0);
    process.kill(kafka.pid, 'SIGCONT');
    await sink.flush();
    expect([seen.held, seen.open.size]).toEqual([0, 0]);
    expect(await values('paused')).toEqual(texts(0, 2_000));
  }, 60_000);
});

describe('a topic that changes while messages are sent to it', () => {
  it('takes batches split when its limit was lowered', async () => {
    const { sink, seen } = await behindProxy({ batchBytes: 1_000_000, requestTimeoutMs: 10_000 });
    const writer = await sink.topic('shrinks');
    put(writer, 'k', '0'.padStart(100, '0'));
    await sink.flush();
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: 'shrinks', configEntries: [{ name: 'max.message.bytes', value: '5000' }] }] });
    for (let i = 1; i < 5_000; i++) put(writer, 'k', String(i).padStart(100, '0'));
    await sink.flush();
    expect((await values('shrinks')).map(Number)).toEqual(texts(0, 5_000).map(Number));
    expect([seen.held, seen.open.size, seen.twice, seen.failure]).toEqual([0, 0, 0, null]);
  }, 60_000);

  it('is created again when it was deleted', async () => {
    const { sink, seen } = await behindProxy({ requestTimeoutMs: 10_000 });
    const writer = await sink.topic('deleted');
    for (let i = 0; i < 100; i++) put(writer, 'k', String(i));
    await sink.flush();
    await admin.deleteTopics({ topics: ['deleted'] });
    for (let i = 100; i < 300; i++) put(writer, 'k', String(i));
    await sink.flush();
    expect(seen.logs).toContain('a topic was deleted while messages were sent to it; it is created again');
    expect(await values('deleted')).toEqual(texts(100, 300));
  }, 60_000);

  it('opens two hundred topics in seconds, and sends their six hundred partitions without further input', async () => {
    const { sink, seen } = await behindProxy({ requestTimeoutMs: 20_000, topics: { create: true, partitions: 3 }, memory: 1 << 20 });
    for (let topic = 0; topic < 200; topic++) {
      const writer = await sink.topic(`many-${String(topic)}`);
      for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) put(writer, key, key);
    }
    await until('everything is durable', () => seen.open.size === 0);
    expect(seen.held).toBe(0);
    const ends = await Promise.all(texts(0, 200).map((topic) => topicOffsets(admin, `many-${topic}`)));
    expect(ends.flat().reduce((sum, end) => sum + Number(end.high), 0)).toBe(1_200);
  }, 120_000);
});
