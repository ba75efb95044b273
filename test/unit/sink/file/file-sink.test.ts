import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createFileSink } from '../../../../src/sink/file/file-sink.ts';
import { keyOf, recorder, send } from '../support.ts';

const path = (): string => join(mkdtempSync(join(tmpdir(), 'file-sink-')), 'changes.jsonl');

describe('file sink', () => {
  it('appends lines, and settles once they are durable', async () => {
    const { context, seen } = recorder();
    const file = path();
    const sink = createFileSink({ path: file, rowLimit: 250 }, context);
    await sink.open();
    const topic = await sink.topic('a.b');
    send(topic, '{"id":1}', '{"v":1}');
    topic.tombstone(keyOf('{"id":1}'), []);
    expect(seen).toMatchObject({ opened: 1, settled: 0, held: 128 });
    await sink.flush();
    expect(seen).toMatchObject({ settled: 1, held: 0 });
    await sink.close();
    expect(readFileSync(file, 'utf8')).toBe(
      '{"topic":"a.b","key":{"id":1},"value":{"v":1},"headers":{"h":"\\"x\\""}}\n{"topic":"a.b","key":{"id":1},"value":null,"headers":{}}\n',
    );
  });

  it('writes nothing while another daemon may lead, and goes on when it is sure again', async () => {
    const { context } = recorder();
    let leads = false;
    const file = path();
    const sink = createFileSink({ path: file, rowLimit: 250 }, { ...context, leads: () => leads });
    await sink.open();
    send(await sink.topic('t'), null, '1');
    const flushed = sink.flush();
    expect(await Promise.race([flushed.then(() => 'written'), sleep(250).then(() => 'waits')])).toBe('waits');
    expect(readFileSync(file, 'utf8')).toBe('');
    leads = true;
    await flushed;
    expect(readFileSync(file, 'utf8')).toContain('"value":1');
    await sink.close();
  });

  it('cuts off the torn line of a crash', async () => {
    const { context } = recorder();
    const file = path();
    writeFileSync(file, '{"whole":1}\n{"torn":');
    const sink = createFileSink({ path: file, rowLimit: 250 }, context);
    await sink.open();
    send(await sink.topic('t'), null, '1');
    await sink.flush();
    await sink.close();
    expect(readFileSync(file, 'utf8')).toBe('{"whole":1}\n{"topic":"t","key":null,"value":1,"headers":{"h":"\\"x\\""}}\n');
  });

  it('refuses a message above the limit, takes one larger than its buffer, and loses nothing around them', async () => {
    const { context } = recorder();
    const file = path();
    const sink = createFileSink({ path: file, rowLimit: 250_000 }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, null, '1');
    expect(() => {
      send(topic, null, `"${'x'.repeat(1_000_000)}"`);
    }).toThrow('a message for t has 1000060 bytes, and 1000000 are allowed');
    send(topic, null, `"${'y'.repeat(900_000)}"`);
    await sink.flush();
    await sink.close();
    expect(readFileSync(file, 'utf8').length).toBe(59 + 900_060);
  });

  it('says what is wrong with the path', async () => {
    const { context } = recorder();
    await expect(createFileSink({ path: tmpdir(), rowLimit: 1 }, context).open()).rejects.toMatchObject({ code: 'SINK_REFUSED' });
  });
});
