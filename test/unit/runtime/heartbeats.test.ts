import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RowcastError } from '../../../src/core/errors.ts';
import type { HeartbeatTeller, Logger, Sink } from '../../../src/core/ports.ts';
import { Heartbeats } from '../../../src/runtime/heartbeats.ts';
import { TextTopic } from './rows-fixture.ts';

const teller = (topic: string, intervalMs: number): HeartbeatTeller => ({ topic, intervalMs, message: () => ({ key: Buffer.from('k'), value: Buffer.from('beat'), headers: [] }) });

function setUp(tellers: readonly HeartbeatTeller[] = [teller('h', 100)]): {
  beats: Heartbeats;
  topics: Map<string, TextTopic>;
  state: { streaming: boolean; broken: RowcastError | null };
  failures: RowcastError[];
  warnings: string[];
} {
  const topics = new Map<string, TextTopic>();
  const state: { streaming: boolean; broken: RowcastError | null } = { streaming: true, broken: null };
  const failures: RowcastError[] = [];
  const warnings: string[] = [];
  const sink: Pick<Sink, 'topic'> = {
    topic(name) {
      if (state.broken !== null) return Promise.reject(state.broken);
      const topic = topics.get(name) ?? new TextTopic();
      topics.set(name, topic);
      return Promise.resolve(topic);
    },
  };
  const logger: Logger = { debug: () => undefined, info: () => undefined, warn: (text) => void warnings.push(text), error: () => undefined };
  const beats = new Heartbeats({ sink: sink as Sink, tellers: () => tellers, streaming: () => state.streaming, failed: (error) => void failures.push(error), logger });
  return { beats, topics, state, failures, warnings };
}

describe('Heartbeats', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('come at their intervals, one teller a topic, from the start to the end', async () => {
    const { beats, topics } = setUp([teller('h', 100), teller('h', 10), teller('other', 250)]);
    beats.start();
    beats.start();
    await vi.advanceTimersByTimeAsync(510);
    beats.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect([...topics].map(([name, topic]) => [name, topic.messages.length])).toEqual([['h', 5], ['other', 2]]);
    expect(topics.get('h')?.messages[0]).toBe('k beat');
  });

  it('rest while nothing streams, and do not begin after the end', async () => {
    const { beats, topics, state } = setUp();
    state.streaming = false;
    beats.start();
    await vi.advanceTimersByTimeAsync(300);
    expect(topics.size).toBe(0);
    state.streaming = true;
    await vi.advanceTimersByTimeAsync(100);
    expect(topics.get('h')?.messages).toHaveLength(1);
    beats.stop();
    beats.start();
    await vi.advanceTimersByTimeAsync(300);
    expect(topics.get('h')?.messages).toHaveLength(1);
  });

  it('are tried again where that may help, and end the daemon where it does not', async () => {
    const { beats, topics, state, failures, warnings } = setUp();
    beats.start();
    state.broken = new RowcastError('SINK_LOST', 'gone');
    await vi.advanceTimersByTimeAsync(100);
    expect([warnings.length, failures.length]).toEqual([1, 0]);
    state.broken = null;
    await vi.advanceTimersByTimeAsync(100);
    expect(topics.get('h')?.messages).toHaveLength(1);
    state.broken = new RowcastError('SINK_REFUSED', 'no');
    await vi.advanceTimersByTimeAsync(100);
    expect(failures.map(({ code }) => code)).toEqual(['SINK_REFUSED']);
  });
});
