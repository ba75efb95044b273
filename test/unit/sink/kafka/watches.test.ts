import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { Pulse } from '../../../../src/sink/kafka/pulse.ts';
import type { TopicMetadata } from '../../../../src/sink/kafka/protocol/metadata.ts';
import { TopicWatch } from '../../../../src/sink/kafka/topic-watch.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('Pulse', () => {
  function pulse(answers: (Error | null)[]): { told: string[]; pulse: Pulse } {
    const told: string[] = [];
    const cluster = {
      metadata: () => {
        const answer = answers.shift() ?? null;
        return answer === null ? Promise.resolve() : Promise.reject(answer);
      },
    };
    const events = { answering: () => { told.push('answering'); }, wentDown: (error: RowcastError) => { told.push(`down ${error.code}`); } };
    return { told, pulse: new Pulse(cluster, events, (error) => { told.push(`failed ${error.code}`); }) };
  }

  it('learns without any row that Kafka is gone, and asks more often until it is back', async () => {
    const { told, pulse: one } = pulse([null, new Error('gone'), new Error('gone'), null]);
    one.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['answering', 'down SINK_LOST']);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(told).toEqual(['answering', 'down SINK_LOST', 'down SINK_LOST', 'answering']);
    one.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends the sink when the login is refused by now', async () => {
    const { told, pulse: one } = pulse([new RowcastError('SINK_AUTH', 'no')]);
    one.start();
    await vi.advanceTimersByTimeAsync(30_000);
    one.stop();
    expect(told).toEqual(['failed SINK_AUTH']);
  });
});

describe('TopicWatch', () => {
  const topic = (error: number, partitions: number): TopicMetadata => ({ error, name: 't', partitions: Array.from({ length: partitions }, (_, index) => ({ error: 0, index, leader: 1, replicas: 1, inSync: 1 })) });
  const needed = [{ index: 0 }, { index: 2 }];

  function watch(create: boolean): { created: string[]; logs: string[]; watch: TopicWatch } {
    const created: string[] = [];
    const logs: string[] = [];
    const ignore = (): void => undefined;
    const cluster = {
      create: ({ name }: { name: string }) => {
        created.push(name);
        return Promise.resolve();
      },
    };
    return { created, logs, watch: new TopicWatch({ cluster, options: { topics: { create } }, logger: { debug: ignore, info: ignore, warn: (line) => { logs.push(line); }, error: ignore } }) };
  }

  it('leaves a topic alone that is there, has no leader for now, or has more partitions', async () => {
    const { created, logs, watch: one } = watch(true);
    await one.look('t', topic(0, 3), needed);
    await one.look('t', topic(5, 0), needed);
    await one.look('t', topic(0, 12), needed);
    expect([created, logs]).toEqual([[], []]);
  });

  it('creates one that is gone, where it may', async () => {
    const may = watch(true);
    await may.watch.look('t', topic(3, 0), needed);
    await may.watch.look('t', undefined, needed);
    const mayNot = watch(false);
    await mayNot.watch.look('t', topic(3, 0), needed);
    expect([may.created, mayNot.created]).toEqual([['t', 't'], []]);
  });

  it.each([['does not exist any more', 3, 0], ['has fewer partitions than when it was opened', 0, 2]])('gives up on one that %s for a minute', async (what, error, partitions) => {
    const { watch: one } = watch(false);
    for (let seconds = 0; seconds <= 60; seconds += 20) {
      await one.look('t', topic(error, partitions), needed);
      vi.advanceTimersByTime(20_000);
    }
    await expect(one.look('t', topic(error, partitions), needed)).rejects.toMatchObject({ code: 'SINK_REFUSED', message: `Topic t ${what}` });
  });

  it('counts the minute anew when the topic was seen in between', async () => {
    const { watch: one } = watch(false);
    await one.look('t', topic(3, 0), needed);
    vi.advanceTimersByTime(59_000);
    await one.look('t', topic(0, 3), needed);
    vi.advanceTimersByTime(59_000);
    await expect(one.look('t', topic(3, 0), needed)).resolves.toBeUndefined();
  });

  it('counts the minute anew when Kafka was away in between', async () => {
    const { watch: one } = watch(false);
    await one.look('t', topic(3, 0), needed);
    vi.advanceTimersByTime(61_000);
    await one.look('t', topic(3, 0), needed);
    vi.advanceTimersByTime(20_000);
    await expect(one.look('t', topic(3, 0), needed)).resolves.toBeUndefined();
  });

  it('never gives up on one that it may create', async () => {
    const { watch: one, created } = watch(true);
    for (let minutes = 0; minutes < 5; minutes++) {
      await one.look('t', topic(3, 0), needed);
      vi.advanceTimersByTime(15_000);
    }
    expect(created).toHaveLength(5);
  });

  it('ends when the rights are gone', async () => {
    await expect(watch(true).watch.look('t', topic(29, 0), needed)).rejects.toMatchObject({ code: 'SINK_AUTH' });
  });
});
