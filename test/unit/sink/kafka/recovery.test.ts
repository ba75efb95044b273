import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KafkaSink } from '../../../../src/sink/kafka/kafka-sink.ts';
import { until } from '../../../support/wait.ts';
import { startFakeBroker, type Arrival, type FakeBroker, type Verdict } from './support/fake-broker.ts';
import { openSink, put, texts } from './support/sink.ts';

let broker: FakeBroker;
beforeEach(async () => { broker = await startFakeBroker(); });
afterEach(async () => { await broker.close(); });

/** Applies a verdict to the n-th batch that arrives (from 0), and none to the others. */
function nth(verdicts: Readonly<Record<number, Verdict>>): (arrival: Arrival) => Verdict {
  let count = 0;
  return () => verdicts[count++] ?? null;
}

/** Sends `count` messages of one key in batches of three, and waits until all are durable. */
async function send(count: number, changes = {}): Promise<Awaited<ReturnType<typeof openSink>>> {
  const opened = await openSink(broker.port, { batchBytes: 400, ...changes });
  const writer = await opened.sink.topic('t');
  for (const value of texts(0, count)) put(writer, 'k', value.padStart(100, '0'));
  await opened.sink.flush();
  return opened;
}

function numbers(): number[] {
  return (broker.log.get('t-0') ?? []).map(Number);
}

const NUMBERS = texts(0, 30).map(Number);
const NOT_LEADER = 6;
const NOT_ENOUGH_REPLICAS = 19;
const AFTER_APPEND = 20;
const UNKNOWN_PRODUCER = 59;
const DUPLICATE = 46;

describe('recovery', () => {
  it.each([
    ['the first batch', { 0: NOT_LEADER }],
    ['one in the middle', { 2: NOT_ENOUGH_REPLICAS }],
    ['several', { 1: NOT_LEADER, 3: NOT_LEADER, 7: NOT_ENOUGH_REPLICAS }],
    ['one that was written all the same', { 1: 'lose' as const }],
    ['the first, which was written all the same', { 0: 'lose' as const }],
    ['two lines', { 0: 'lose' as const, 3: 'lose' as const }],
  ])('writes everything once and in order when %s failed', async (_, verdicts) => {
    broker.verdict = nth(verdicts);
    const { seen } = await send(30);
    expect(numbers()).toEqual(NUMBERS);
    expect(new Set(broker.arrivals.map((one) => one.epoch))).toEqual(new Set([0]));
    // One round of recovery is no outage: nobody is told.
    expect([seen.events, seen.held, seen.open.size, seen.twice]).toEqual([[], 0, 0, 0]);
  });

  it('finds the leader of a partition that went while its topic was opened', async () => {
    const { sink, seen } = await openSink(broker.port, { batchBytes: 400 });
    let answer = (): void => undefined;
    const { settings, metadata } = { settings: 32, metadata: 3 };
    broker.slow.set(settings, new Promise((resolve) => { answer = resolve; }));
    const opening = sink.topic('t');
    await until('its settings are asked for', () => broker.requests.some(({ key }) => key === settings));
    // The leader is not among the brokers any more: whoever opens another topic learns it.
    broker.nodes = new Map([[2, broker.port]]);
    const before = broker.requests.filter(({ key }) => key === metadata).length;
    const other = sink.topic('u');
    await until('the brokers were asked for twice', () => broker.requests.filter(({ key }) => key === metadata).length > before + 1);
    answer();
    const writer = await opening;
    broker.nodes = null;
    await other;
    for (const value of texts(0, 30)) put(writer, 'k', value.padStart(100, '0'));
    await sink.flush();
    expect(numbers()).toEqual(NUMBERS);
    expect([seen.held, seen.open.size, seen.twice]).toEqual([0, 0, 0]);
  });

  it('says that it is down while a partition of a topic to be opened has no leader', async () => {
    const { sink, seen } = await openSink(broker.port);
    broker.nodes = new Map([[2, broker.port]]);
    const opening = sink.topic('t');
    await until('it says so', () => seen.events.length > 0);
    expect(seen.events).toEqual(['down SINK_LOST']);
    expect(seen.reasons).toEqual(['Topic t, partition 0 has no leader']);
    // That others go on, or that Kafka answers, changes nothing about it.
    await (sink as unknown as KafkaSink).restart();
    expect(seen.events).toEqual(['down SINK_LOST']);
    broker.nodes = null;
    put(await opening, 'k', 'a');
    await sink.flush();
    expect(seen.events).toEqual(['down SINK_LOST', 'up']);
  });

  it('finds messages that nobody sends, and says so', async () => {
    const { sink, seen } = await openSink(broker.port, { batchBytes: 400, requestTimeoutMs: 100 });
    const writer = await sink.topic('t');
    const partition = await (sink as unknown as KafkaSink).partition('t', 0);
    partition.sender = null;
    for (const value of texts(0, 30)) put(writer, 'k', value.padStart(100, '0'));
    await sink.flush();
    expect(numbers()).toEqual(NUMBERS);
    expect(seen.logs).toEqual([expect.stringContaining('messages of a partition waited although nothing had failed')]);
    expect([seen.held, seen.open.size, seen.twice]).toEqual([0, 0, 0]);
  });

  it('knows how long messages wait that could be sent, and those on their way do not', async () => {
    const { sink } = await openSink(broker.port);
    const writer = await sink.topic('t');
    const partition = await (sink as unknown as KafkaSink).partition('t', 0);
    const later = (): number => Math.round(partition.waitedMs(performance.now() + 1e6) / 1e5);
    expect(later()).toBe(0);
    broker.hold(true);
    put(writer, 'k', 'a');
    expect(later()).toBe(10);
    await until('it is on its way', () => broker.arrivals.length === 1);
    put(writer, 'k', 'b');
    expect(later()).toBe(0);
    broker.hold(false);
    await sink.flush();
    expect(later()).toBe(0);
    partition.sendable = -1;
    put(writer, 'k', 'c');
    expect(later()).toBe(0);
    partition.sendable = 0;
    expect(later()).toBe(10);
    await sink.flush();
  });

  it('sends the same sequence again for the same messages', async () => {
    broker.verdict = nth({ 1: NOT_ENOUGH_REPLICAS });
    await send(30);
    const by = new Map<number, Set<string>>();
    for (const { sequence, values } of broker.arrivals) by.set(sequence, (by.get(sequence) ?? new Set()).add(values.join()));
    expect([...by.values()].every((values) => values.size === 1)).toBe(true);
    expect([...by.keys()]).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  });

  it('takes DUPLICATE_SEQUENCE_NUMBER for success', async () => {
    broker.verdict = nth({ 0: DUPLICATE });
    const { seen } = await send(3);
    expect([seen.events, seen.open.size, broker.arrivals.length]).toEqual([[], 0, 1]);
  });

  it('repeats nothing when an append was reported late', async () => {
    let first = true;
    broker.verdict = (arrival) => {
      if (!first) return null;
      first = false;
      broker.log.set('t-0', [...arrival.values]);
      return AFTER_APPEND;
    };
    const { seen } = await send(3);
    expect(seen.retries).toEqual(['NOT_ENOUGH_REPLICAS_AFTER_APPEND']);
  });

  it.each([['OUT_OF_ORDER_SEQUENCE_NUMBER', 45], ['UNKNOWN_PRODUCER_ID', UNKNOWN_PRODUCER], ['INVALID_PRODUCER_EPOCH', 47]])('begins at 0 under the next epoch of the same id after %s, and says so', async (name, code) => {
    broker.verdict = nth({ 2: code });
    const { seen } = await send(30);
    expect(numbers()).toEqual(NUMBERS);
    const later = broker.arrivals.filter((one) => one.epoch === 1);
    expect([new Set(broker.arrivals.map((one) => one.id)).size, later[0]?.sequence]).toEqual([1, 0]);
    expect(seen.retries).toContain(name);
    expect(seen.logs.some((line) => line.startsWith('Kafka does not know the sequence'))).toBe(true);
  });

  it('does not begin anew because of what is said of a later batch', async () => {
    broker.verdict = nth({ 1: NOT_LEADER });
    const { seen } = await send(30);
    expect(seen.retries).toEqual(expect.arrayContaining(['NOT_LEADER_OR_FOLLOWER', 'OUT_OF_ORDER_SEQUENCE_NUMBER']));
    expect(broker.arrivals.every((one) => one.epoch === 0)).toBe(true);
  });

  it('puts right what the broker wrote out of order after it had forgotten us', async () => {
    broker.verdict = nth({ 1: NOT_ENOUGH_REPLICAS });
    const judged = broker.verdict;
    broker.verdict = (arrival) => {
      const verdict = judged(arrival);
      if (verdict !== null) broker.forget();
      return verdict;
    };
    const { seen } = await send(30);
    // The batch that overtook the failed one is there twice: once early, and once in its place.
    expect(numbers().slice(-27)).toEqual(NUMBERS.slice(3));
    expect(seen.logs.some((line) => line.startsWith('Kafka has written messages although earlier ones'))).toBe(true);
    expect([seen.open.size, seen.held, seen.twice]).toEqual([0, 0, 0]);
  });

  it('goes on after a line on which no answer comes', async () => {
    broker.verdict = nth({ 1: 'hang' });
    const { seen } = await send(30, { requestTimeoutMs: 80 });
    expect(numbers()).toEqual(NUMBERS);
    expect(seen.events).toEqual(['down SINK_LOST', 'up']);
  });

  it.each([['TOPIC_AUTHORIZATION_FAILED', 29, 'SINK_AUTH'], ['INVALID_RECORD', 87, 'SINK_REFUSED'], ['a code it does not know', 4711, 'SINK_REFUSED']])('ends at %s', async (_, code, expected) => {
    broker.verdict = nth({ 3: code });
    await expect(send(30)).rejects.toMatchObject({ code: expected });
  });

  it('says which message it was and after what its row comes, where it ends at one', async () => {
    broker.verdict = nth({ 0: 87, 1: 87 });
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    put(writer, '{"id":7}', 'x');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_REFUSED', message: expect.stringContaining('the message has the key {"id":7}') as string, facts: { key: '{"id":7}' } });
    expect(seen.events).toEqual(['failed SINK_REFUSED']);
  });

  it('gives all memory back after it has failed and was closed', async () => {
    broker.verdict = nth({ 1: 29 });
    const { sink, seen } = await openSink(broker.port, { batchBytes: 400 });
    const writer = await sink.topic('t');
    for (const value of texts(0, 30)) put(writer, 'k', value.padStart(100, '0'));
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_AUTH' });
    expect(seen.events).toEqual(['failed SINK_AUTH']);
    await sink.close();
    expect([seen.held, seen.open.size > 0]).toEqual([0, true]);
  });

  it('creates a deleted topic again where it may', async () => {
    broker.topics = new Set(['t']);
    const { sink, seen } = await openSink(broker.port, { topics: { create: true } });
    const writer = await sink.topic('t');
    put(writer, 'k', '1');
    await sink.flush();
    broker.topics.clear();
    broker.forget();
    broker.verdict = () => (broker.topics?.has('t') === true ? null : 3);
    put(writer, 'k', '2');
    await sink.flush();
    expect(numbers()).toEqual([1, 2]);
    expect(seen.logs).toEqual(['a topic was deleted while messages were sent to it; it is created again']);
  });

  it('ends when the rights on a topic are gone while it recovers', async () => {
    broker.verdict = () => NOT_LEADER;
    const { sink } = await openSink(broker.port);
    const writer = await sink.topic('t');
    broker.topicErrors.push(29);
    put(writer, 'k', '1');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_AUTH' });
  });
});

describe('a batch that is too large', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('is split in order, under the sequences its messages had (%s)', async (compression) => {
    broker.verdict = (arrival) => (arrival.bytes > broker.maxMessageBytes ? 10 : null);
    const { sink, seen } = await openSink(broker.port, { compression });
    const writer = await sink.topic('t');
    broker.maxMessageBytes = 2_000;
    const values = texts(0, 400).map((text) => `${text} ${Buffer.from(String(Number(text) ** 5)).toString('hex')}`);
    for (const value of values) put(writer, 'k', value);
    await sink.flush();
    if (compression === 'none') expect(broker.log.get('t-0')).toEqual(values);
    const written = broker.arrivals.filter((one) => one.bytes <= 2_000);
    expect(written.length).toBeGreaterThan(1);
    expect(written.map((one) => one.sequence)).toEqual(written.map((_, index) => written.slice(0, index).reduce((sum, one) => sum + one.count, 0)));
    expect(new Set(broker.arrivals.map((one) => one.epoch))).toEqual(new Set([0]));
    expect([seen.held, seen.open.size, seen.twice]).toEqual([0, 0, 0]);
  });

  it('is halved until it fits when the broker does not tell its real limit', async () => {
    broker.verdict = (arrival) => (arrival.bytes > 500 ? 10 : null);
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    for (const value of texts(0, 100)) put(writer, 'k', value.padStart(100, '0'));
    await sink.flush();
    expect(numbers()).toEqual(texts(0, 100).map(Number));
    expect([seen.held, seen.open.size, seen.twice]).toEqual([0, 0, 0]);
  });

  it('is told to be read again when it is one message: what waits behind it is given up, keeps the position and is forgotten', async () => {
    const { sink, seen } = await openSink(broker.port, {}, true);
    const writer = await sink.topic('t');
    put(writer, 'k', 'before');
    await sink.flush();
    broker.maxMessageBytes = 2_000;
    broker.verdict = (arrival) => (arrival.bytes > broker.maxMessageBytes ? 10 : null);
    put(writer, 'k', 'x'.repeat(3_000));
    await until('it is refused', () => Promise.resolve(seen.rereads.length === 1));
    put(writer, 'k', 'behind');
    expect(seen.rereads).toMatchObject([{ code: 'ROW_REFUSED', retry: true, facts: { topic: 't', bytes: 3_071, limit: 2_000 } }]);
    await sink.flush();
    expect([seen.held, seen.open.size, seen.failure]).toEqual([0, 2, null]);
    expect(broker.log.get('t-0')).toEqual(['before']);
    expect(() => { put(writer, 'k', 'x'.repeat(3_000)); }).toThrow(expect.objectContaining({ code: 'ROW_TOO_LARGE', facts: { topic: 't', bytes: 3_071, limit: 2_000 } }));
    put(writer, 'k', 'again');
    put(writer, 'k', 'after');
    await sink.flush();
    expect([broker.log.get('t-0'), seen.held, seen.open.size, seen.twice]).toEqual([['before', 'again', 'after'], 0, 2, 0]);
  });

  it('is not waited for by a flush that has begun, and leaves other partitions alone', async () => {
    broker.partitions = 2;
    broker.verdict = (arrival) => (arrival.bytes > 2_000 ? 10 : null);
    const { sink, seen } = await openSink(broker.port, {}, true);
    const writer = await sink.topic('t');
    broker.maxMessageBytes = 2_000;
    for (const [choice, value] of [[0, 'x'.repeat(3_000)], [1, 'other'], [0, 'behind']] as const) do writer.begin(null, choice).utf8(value); while (!writer.end([]));
    await sink.flush();
    expect([seen.rereads.length, broker.log.get('t-1'), broker.log.get('t-0') ?? []]).toEqual([1, ['other'], []]);
    expect([seen.held, seen.open.size]).toEqual([0, 1]);
  });

  it('is told once to be smaller than what a broker refused that does not tell its limit', async () => {
    broker.verdict = (arrival) => (arrival.bytes > 2_000 ? 10 : null);
    const { sink, seen } = await openSink(broker.port, {}, true);
    const writer = await sink.topic('t');
    put(writer, 'k', 'x'.repeat(3_000));
    await until('it is refused', () => Promise.resolve(seen.rereads.length === 1));
    await sink.flush();
    expect(() => { put(writer, 'k', 'x'.repeat(3_000)); }).toThrow(expect.objectContaining({ code: 'ROW_TOO_LARGE', facts: { topic: 't', bytes: 3_071, limit: 3_070 } }));
    put(writer, 'k', 'after');
    await sink.flush();
    expect(broker.log.get('t-0')).toEqual(['after']);
  }, 20_000);

  it('ends the sink when it is one message and nobody can read it again', async () => {
    broker.verdict = (arrival) => (arrival.bytes > 2_000 ? 10 : null);
    const { sink, seen } = await openSink(broker.port);
    const writer = await sink.topic('t');
    broker.maxMessageBytes = 2_000;
    put(writer, 'k', 'x'.repeat(3_000));
    await expect(sink.flush()).rejects.toMatchObject({ code: 'ROW_TOO_LARGE', facts: { topic: 't', bytes: 3_071, limit: 2_000 } });
    expect(seen.failure?.hint).toContain('start Rowcast again');
  });
});
