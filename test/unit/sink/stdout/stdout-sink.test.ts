import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createStdoutSink } from '../../../../src/sink/stdout/stdout-sink.ts';
import { keyOf, recorder, send } from '../support.ts';

describe('stdout sink', () => {
  it('writes lines and settles when the stream took them', async () => {
    const { context, seen } = recorder();
    let text = '';
    const stream = new Writable({ write: (chunk, _, done) => { text += String(chunk); done(); } });
    const sink = createStdoutSink({ rowLimit: 250, stream }, context);
    await sink.open();
    send(await sink.topic('t'), '1', '2');
    await sink.flush();
    expect(text).toBe('{"topic":"t","key":1,"value":2,"headers":{"h":"\\"x\\""}}\n');
    expect(seen).toMatchObject({ settled: 1, held: 0, failed: [] });
  });

  it('writes values alone where that is asked, and leaves tombstones out', async () => {
    const { context, seen } = recorder();
    let text = '';
    const stream = new Writable({ write: (chunk, _, done) => { text += String(chunk); done(); } });
    const sink = createStdoutSink({ rowLimit: 250, stream, values: true }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, '1', '{"a":2}');
    topic.tombstone(keyOf('1'), []);
    send(topic, null, '3');
    await sink.flush();
    expect(text).toBe('{"a":2}\n3\n');
    expect(seen).toMatchObject({ settled: 1, held: 0, failed: [] });
  });

  it('ends where another daemon may lead, since the stream takes nothing back', async () => {
    const { context, seen } = recorder();
    let text = '';
    const stream = new Writable({ write: (chunk, _, done) => { text += String(chunk); done(); } });
    let leads = true;
    const sink = createStdoutSink({ rowLimit: 250, stream }, { ...context, leads: () => leads });
    await sink.open();
    send(await sink.topic('t'), '1', '2');
    await sink.flush();
    leads = false;
    send(await sink.topic('t'), '1', '3');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'LEADERSHIP_LOST' });
    expect([text.includes('"value":3'), seen.failed]).toEqual([false, ['LEADERSHIP_LOST']]);
  });

  it('fails when the reader is gone, and settles nothing', async () => {
    const { context, seen } = recorder();
    const stream = new Writable({ write: (_, __, done) => { done(new Error('write EPIPE')); } });
    const sink = createStdoutSink({ rowLimit: 250, stream }, context);
    await sink.open();
    send(await sink.topic('t'), '1', '2');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_LOST' });
    expect(seen).toMatchObject({ settled: 0, failed: ['SINK_LOST'] });
  });

  it('gives back at close what the reader has not taken, and stays quiet afterwards', async () => {
    const { context, seen } = recorder();
    const taken: ((error?: Error) => void)[] = [];
    const stream = new Writable({ write: (_, __, done) => void taken.push(done) });
    const sink = createStdoutSink({ rowLimit: 250, stream }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, '1', '2');
    const refused = expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_LOST', message: 'standard output was closed before everything was written' });
    send(topic, '1', '3');
    expect(seen).toMatchObject({ opened: 2, settled: 0, held: 112 });
    await sink.close();
    await refused;
    expect(seen.held).toBe(0);
    taken[0]?.(new Error('write EPIPE'));
    await turn();
    expect(seen).toMatchObject({ settled: 0, held: 0, failed: [] });
  });

  it('gives back at close what came after the reader had gone', async () => {
    const { context, seen } = recorder();
    const stream = new Writable({ write: (_, __, done) => done(new Error('write EPIPE')) });
    const sink = createStdoutSink({ rowLimit: 250, stream }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, '1', '2');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_LOST' });
    send(topic, '1', '3');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_LOST' });
    expect(seen.held).toBe(112);
    await sink.close();
    expect(seen).toMatchObject({ settled: 0, held: 0, failed: ['SINK_LOST'] });
  });
});
