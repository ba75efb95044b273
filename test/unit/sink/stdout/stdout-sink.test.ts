import { Writable } from 'node:stream';
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

  it('fails when the reader is gone, and settles nothing', async () => {
    const { context, seen } = recorder();
    const stream = new Writable({ write: (_, __, done) => { done(new Error('write EPIPE')); } });
    const sink = createStdoutSink({ rowLimit: 250, stream }, context);
    await sink.open();
    send(await sink.topic('t'), '1', '2');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_LOST' });
    expect(seen).toMatchObject({ settled: 0, failed: ['SINK_LOST'] });
  });
});
