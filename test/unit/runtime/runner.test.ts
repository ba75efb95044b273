import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../src/core/errors.ts';
import { deferred } from '../../../src/core/deferred.ts';
import { until } from '../../support/wait.ts';
import { at, bench, lost } from './runner-fixture.ts';

describe('Runner', () => {
  it('starts at the configured place when nothing is saved, and pins the first position at once', async () => {
    const { runner, source, store, reach } = bench();
    const run = runner.run();
    await reach('streaming');
    expect(source.from).toEqual(['latest']);
    expect(store.saved).toEqual(['100']);
    runner.stop();
    await run;
  });

  it('starts at the saved position', async () => {
    const { runner, source, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    expect(source.from).toEqual([at(7)]);
    runner.stop();
    await run;
  });

  it('drains when stopped (Invariant 9): reading ends, what was written is confirmed, then saved, then all is closed', async () => {
    const { runner, source, sink, store, states, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    sink.write();
    const stream = source.streams[0];
    if (stream !== undefined) stream.at = 8;
    runner.stop();
    await reach('draining');
    expect(store.saved).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    sink.settle();
    await run;
    expect(store.saved).toEqual(['8']);
    expect(stream?.closed).toBe(true);
    expect(sink.closed).toBe(true);
    expect(states).toEqual(['streaming', 'draining', 'stopped']);
  });

  it('reads the transaction under way to its end in half of the time, held back by the gate as ever, and saves the position after it (Invariant 9)', async () => {
    const { runner, source, sink, store, gate, reach } = bench(7, 10_000);
    const run = runner.run();
    await reach('streaming');
    const [stream] = source.streams;
    if (stream === undefined) throw new Error('no stream');
    const paused: boolean[] = [];
    stream.closing = () => {
      gate.take(101);
      paused.push(stream.paused);
      gate.give(101);
      paused.push(stream.paused);
      stream.at = 9;
    };
    sink.write();
    sink.settle();
    runner.stop();
    await run;
    expect([stream.patience, paused, store.saved.at(-1)]).toEqual([[5_000], [true, false], '9']);
  });

  it('closes at once a stream that is not stopped but failed', async () => {
    const { runner, source, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    runner.fail(new RowcastError('SINK_REFUSED', 'no'));
    await expect(run).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    expect(source.streams[0]?.patience).toEqual([0]);
  });

  it('ends with SHUTDOWN_TIMEOUT when the sink does not confirm in time, and saves only what is confirmed', async () => {
    const { runner, source, sink, store, reach } = bench(7, 1);
    const run = runner.run();
    await reach('streaming');
    sink.write();
    const stream = source.streams[0];
    if (stream !== undefined) stream.at = 8;
    runner.stop();
    await expect(run).rejects.toMatchObject({ code: 'SHUTDOWN_TIMEOUT', exit: 9 });
    expect(store.saved).toEqual([]);
  });

  it('reads again from the saved position when the sink has lost something, and waits for none of what it gave up', async () => {
    const { runner, source, sink, store, states, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    const [stream] = source.streams;
    if (stream !== undefined) stream.at = 8;
    sink.write();
    if (stream !== undefined) stream.at = 9;
    sink.tickets.length = 0;
    runner.interrupt(new RowcastError('ROW_REFUSED', 'too large now'));
    await reach('waiting');
    await until('reading again', () => Promise.resolve(source.streams.length === 2));
    expect([source.from, stream?.closed]).toEqual([[at(7), at(8)], true]);
    const second = source.streams[1];
    if (second !== undefined) second.at = 10;
    await until('streaming again', () => Promise.resolve(states.at(-1) === 'streaming'));
    runner.stop();
    await run;
    expect(states).toEqual(['streaming', 'waiting', 'reconnected', 'starting', 'streaming', 'draining', 'stopped']);
    expect(store.saved.at(-1)).toBe('10');
  });

  it('holds reading back while the gate is shut', async () => {
    const { runner, source, gate, state, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    gate.take(101);
    expect([state.state, source.streams[0]?.paused]).toEqual(['paused', true]);
    gate.give(60);
    expect([state.state, source.streams[0]?.paused]).toEqual(['streaming', false]);
    runner.stop();
    await run;
  });
});

describe('Runner and a lost source (Invariant 5)', () => {
  it('waits until what was handed over has settled, and reads again from the last whole transaction', async () => {
    const { runner, source, sink, states, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    sink.write();
    const first = source.streams[0];
    if (first !== undefined) first.at = 9;
    first?.lose(lost);
    await reach('waiting');
    expect(source.from).toHaveLength(1);
    await new Promise((resolve) => setImmediate(resolve));
    sink.settle();
    await reach('streaming');
    expect(source.from).toEqual([at(7), at(9)]);
    expect(states).toEqual(['streaming', 'waiting', 'reconnected', 'starting', 'streaming']);
    runner.stop();
    await run;
  });

  it('tries again while the server cannot be reached', async () => {
    const { runner, source, reach } = bench(7);
    source.refusals.push(lost, lost);
    const run = runner.run();
    await reach('streaming');
    expect(source.from).toHaveLength(3);
    runner.stop();
    await run;
  });

  it('ends at once with what a retry cannot heal, and keeps what was confirmed', async () => {
    const { runner, source, store, reach, state } = bench(7);
    const run = runner.run();
    await reach('streaming');
    const stream = source.streams[0];
    if (stream !== undefined) stream.at = 8;
    stream?.lose(new RowcastError('STATEMENT_DML', 'a statement'));
    await expect(run).rejects.toMatchObject({ code: 'STATEMENT_DML' });
    expect(store.saved).toEqual(['8']);
    expect(state.state).toBe('failed');
  });

  it('reads a damaged event three times at the most', async () => {
    const { runner, source, reach } = bench(7);
    const run = runner.run();
    for (let i = 0; i < 3; i++) {
      await reach('streaming');
      source.streams[i]?.lose(new RowcastError('EVENT_CORRUPT', 'checksum'));
      if (i < 2) await reach('waiting');
    }
    await expect(run).rejects.toMatchObject({ code: 'EVENT_CORRUPT' });
    expect(source.streams).toHaveLength(3);
  });

  it('can be stopped while it connects, and closes the stream that comes late', async () => {
    const { runner, source, reach } = bench(7);
    source.waiting = deferred();
    const run = runner.run();
    await expect.poll(() => source.from.length).toBe(1);
    runner.stop();
    await reach('stopped');
    await run;
    source.waiting.resolve();
    await expect.poll(() => source.streams[0]?.closed).toBe(true);
  });
});

describe('Runner and a failed sink', () => {
  it('ends with its error and does not wait for confirmations', async () => {
    const { runner, sink, store, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    sink.write();
    runner.fail(new RowcastError('SINK_REFUSED', 'topic is gone'));
    await expect(run).rejects.toMatchObject({ code: 'SINK_REFUSED', exit: 5 });
    expect(store.saved).toEqual([]);
    expect(sink.closed).toBe(true);
  });

  it.each(['LEADERSHIP_LOST', 'SINK_FENCED'] as const)('waits for nothing and saves nothing when another daemon took over: %s', async (code) => {
    const { runner, source, sink, store, states, reach } = bench(7);
    const run = runner.run();
    await reach('streaming');
    const stream = source.streams[0];
    sink.write();
    if (stream !== undefined) stream.at = 9;
    sink.settle();
    runner.fail(new RowcastError(code, 'another one leads'));
    await expect(run).rejects.toMatchObject({ code, exit: 8 });
    expect([store.saved, sink.closed, stream?.closed]).toEqual([[], true, true]);
    // Who lost leadership has not failed: it stands by.
    expect(states.at(-1)).toBe(code === 'LEADERSHIP_LOST' ? 'draining' : 'failed');
  });

  it('tries again while the sink cannot be reached, before it reads anything', async () => {
    const { runner, source, sink, states, reach } = bench(7);
    sink.refusals.push(new RowcastError('SINK_LOST', 'no broker'));
    const run = runner.run();
    await reach('streaming');
    expect(states).toEqual(['waiting', 'starting', 'streaming']);
    expect(source.from).toHaveLength(1);
    runner.stop();
    await run;
  });
});
