import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TopicWriter } from '../../../../src/core/ports.ts';
import { startFakeBroker, type FakeBroker } from './support/fake-broker.ts';
import { openSink, put, texts, type Seen } from './support/sink.ts';

let broker: FakeBroker;
beforeEach(async () => { broker = await startFakeBroker(); });
afterEach(async () => { await broker.close(); });

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(1);
}

/** A first message is written, so that others may follow each other; then the broker holds its answers. */
async function heldAfterFirst(): Promise<{ seen: Seen; writer: TopicWriter }> {
  const { sink, seen } = await openSink(broker.port);
  const writer = await sink.topic('t');
  put(writer, 'k', 'first');
  await until(() => seen.open.size === 0);
  broker.hold(true);
  return { seen, writer };
}

describe('delivery', () => {
  it('sends a message on an idle stream without waiting for another, a flush or a timer', async () => {
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    put(writer, 'k', 'v');
    await until(() => seen.open.size === 0);
    expect(broker.log.get('t-0')).toEqual(['v']);
    expect([seen.held, seen.events]).toEqual([0, []]);
  });

  it('sends nothing while another daemon may lead, and all of it in order when it is sure again', async () => {
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    seen.leads = false;
    for (const value of texts(0, 20)) put(writer, 'k', value);
    await sleep(250);
    expect([broker.arrivals.length, seen.open.size > 0]).toEqual([0, true]);
    seen.leads = true;
    await until(() => seen.open.size === 0);
    expect(broker.log.get('t-0')).toEqual(texts(0, 20));
  });

  it('sends the first batch alone, then up to five together, with sequences that count messages', async () => {
    const { sink } = await openSink(broker.port, { batchBytes: 400 });
    const writer = await sink.topic('t');
    broker.hold(true);
    for (const value of texts(0, 40)) put(writer, 'k', value.padStart(100, '0'));
    await until(() => broker.arrivals.length === 1);
    await sleep(20);
    expect(broker.arrivals.length).toBe(1);
    broker.hold(false);
    broker.hold(true);
    await until(() => broker.arrivals.length === 6);
    await sleep(20);
    expect(broker.arrivals.map((one) => one.sequence)).toEqual([0, 3, 6, 9, 12, 15]);
    broker.hold(false);
    await sink.flush();
    expect(broker.log.get('t-0')?.map(Number)).toEqual(texts(0, 40).map(Number));
  });

  it('sends what comes while little is on its way, up to five requests, and all that came meanwhile together', async () => {
    const { seen, writer } = await heldAfterFirst();
    for (let i = 2; i <= 6; i++) {
      put(writer, 'k', String(i));
      await until(() => broker.arrivals.length === i);
    }
    for (const value of ['7', '8', '9']) {
      put(writer, 'k', value);
      await sleep(20);
    }
    expect(broker.arrivals.length).toBe(6);
    broker.hold(false);
    await until(() => seen.open.size === 0);
    expect(broker.arrivals.map((one) => one.sequence)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(broker.log.get('t-0')).toEqual(['first', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('fills a batch while much is on its way', async () => {
    const { seen, writer } = await heldAfterFirst();
    put(writer, 'k', 'x'.repeat(20_000));
    await until(() => broker.arrivals.length === 2);
    for (const value of ['3', '4']) {
      put(writer, 'k', value);
      await sleep(20);
    }
    expect(broker.arrivals.length).toBe(2);
    broker.hold(false);
    await until(() => seen.open.size === 0);
    expect(broker.arrivals.map((one) => one.sequence)).toEqual([0, 1, 2]);
    put(writer, 'k', '5');
    broker.hold(true);
    await until(() => broker.arrivals.length === 4);
    put(writer, 'k', '6');
    await until(() => broker.arrivals.length === 5);
    broker.hold(false);
    await until(() => seen.open.size === 0);
    expect(broker.log.get('t-0')?.slice(2)).toEqual(['3', '4', '5', '6']);
  });

  it('flushes only when every answer is in', async () => {
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    broker.hold(true);
    put(writer, 'k', 'v');
    let flushed = false;
    const flush = sink.flush().then(() => { flushed = true; });
    await until(() => broker.arrivals.length === 1);
    await sleep(10);
    expect([flushed, seen.open.size]).toEqual([false, 1]);
    broker.hold(false);
    await flush;
    expect([seen.open.size, seen.held, seen.twice]).toEqual([0, 0, 0]);
  });

  it('sends six hundred open batches without further input, whatever little memory there is', async () => {
    broker.partitions = 3;
    const { sink, seen } = await openSink(broker.port, { memory: 64 * 1024 });
    for (let topic = 0; topic < 200; topic++) {
      const writer = await sink.topic(`t${String(topic)}`);
      for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) put(writer, key, key);
    }
    await until(() => seen.open.size === 0);
    expect(seen.held).toBe(0);
    expect([...broker.log.values()].flat().length).toBe(1200);
    expect(seen.most).toBeLessThanOrEqual(600 * 16 * 1024);
  });

  it('drops a message that was begun and never ended', async () => {
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    put(writer, 'k', '1');
    writer.begin(null).utf8('half a message');
    await sink.flush();
    writer.begin(null).utf8('another half');
    put(writer, 'k', '2');
    writer.begin(null).utf8('the last half');
    await sink.flush();
    expect(broker.log.get('t-0')).toEqual(['1', '2']);
    expect([seen.held, seen.open.size]).toEqual([0, 0]);
  });

  it('serves partitions in turn when a request cannot take all of them', async () => {
    broker.partitions = 24;
    const { sink } = await openSink(broker.port);
    const writer = await sink.topic('t');
    for (let i = 0; i < 24 * 8; i++) put(writer, String(i), 'first');
    await sink.flush();
    broker.hold(true);
    for (let i = 0; i < 240; i++) put(writer, String(i), 'x'.repeat(900_000));
    await until(() => broker.arrivals.length >= 24);
    const before = broker.arrivals.length;
    broker.hold(false);
    await sink.flush();
    expect(new Set(broker.arrivals.slice(before, before + 48).map((one) => one.partition)).size).toBe(24);
  }, 30_000);

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('gives all memory back when compressed with %s and closed meanwhile', async (compression) => {
    const { sink, seen } = await openSink(broker.port, { compression });
    const writer = await sink.topic('t');
    for (const value of texts(0, 5000)) put(writer, value, value.repeat(20));
    const flush = sink.flush();
    await sink.close();
    await expect(flush).rejects.toMatchObject({ code: 'SINK_LOST' });
    await sleep(20);
    expect(seen.held).toBe(0);
    expect(() => { put(writer, 'k', 'late'); }).toThrow(expect.objectContaining({ code: 'SINK_LOST' }));
  });
});
