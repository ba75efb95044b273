import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppendFile } from '../../../../src/sink/file/append-file.ts';
import type { LineFile } from '../../../../src/sink/file/append-file.ts';
import { createFileSink } from '../../../../src/sink/file/file-sink.ts';
import { recorder, send } from '../support.ts';

const path = (): string => join(mkdtempSync(join(tmpdir(), 'file-sink-')), 'changes.jsonl');
const line = (value: string): string => `{"topic":"t","key":null,"value":${value},"headers":{"h":"\\"x\\""}}\n`;

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: no, write`), { code });
}

/** A real file whose appends fail with the codes in turn, after half of the bytes have been written. */
function failing(codes: string[]): (path: string) => Promise<LineFile> {
  return async (name) => {
    const file = await AppendFile.open(name);
    const half = await AppendFile.open(name);
    return {
      append: async (parts) => {
        const code = codes.shift();
        if (code === undefined) return file.append(parts);
        await half.append([Buffer.concat(parts).subarray(0, 20)]);
        throw failure(code);
      },
      close: async () => {
        await half.close();
        await file.close();
      },
    };
  };
}

describe('a file sink in trouble', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EIO'])('goes on after %s, tells it once, and loses and doubles nothing', async (code) => {
    const { context, seen } = recorder();
    const file = path();
    const sink = createFileSink({ path: file, rowLimit: 250, retryAfter: 1, openFile: failing([code, code, code]) }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, null, '1');
    await sink.flush();
    send(topic, null, '2');
    await sink.flush();
    await sink.close();
    expect(readFileSync(file, 'utf8')).toBe(line('1') + line('2'));
    expect(seen).toMatchObject({ settled: 2, held: 0, failed: [], down: [`cannot write to ${file}: ${code}: no, write`], up: 1 });
  });

  it('ends with an error that nobody can wait out, and gives all bytes back when it is closed', async () => {
    const { context, seen } = recorder();
    const sink = createFileSink({ path: path(), rowLimit: 250, openFile: failing(['EBADF']) }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, null, '1');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_REFUSED', hint: 'Check the path of the file and its permissions.' });
    send(topic, null, '2');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    send(topic, null, '3');
    expect(seen).toMatchObject({ settled: 0, failed: ['SINK_REFUSED'], down: [] });
    await sink.close();
    expect(seen.held).toBe(0);
  });

  it('can be closed while the disk is full: nothing is settled, all bytes are given back', async () => {
    const { context, seen } = recorder();
    const sink = createFileSink({ path: '/dev/full', rowLimit: 250, retryAfter: 3_600_000 }, context);
    await sink.open();
    const topic = await sink.topic('t');
    send(topic, null, '1');
    const down = new Promise<void>((resolve) => {
      context.events.down = () => resolve();
    });
    const flushed = sink.flush();
    await down;
    send(topic, null, '2');
    const refused = expect(flushed).rejects.toMatchObject({ code: 'SINK_LOST', message: '/dev/full was closed before everything was written' });
    await sink.close();
    await refused;
    expect(seen).toMatchObject({ opened: 2, settled: 0, held: 0, failed: [] });
  });

  it('says that it may not write', async () => {
    const openFile = (): Promise<LineFile> => Promise.reject(failure('EACCES'));
    const sink = createFileSink({ path: '/somewhere/changes.jsonl', rowLimit: 250, openFile }, recorder().context);
    await expect(sink.open()).rejects.toMatchObject({ code: 'SINK_REFUSED', message: 'cannot write to /somewhere/changes.jsonl: EACCES: no, write', facts: { path: '/somewhere/changes.jsonl' } });
  });

  it('says that its folder cannot be made', async () => {
    const file = path();
    const sink = createFileSink({ path: file, rowLimit: 250 }, recorder().context);
    await sink.open();
    await sink.close();
    await expect(createFileSink({ path: join(file, 'inside'), rowLimit: 250 }, recorder().context).open()).rejects.toMatchObject({ code: 'SINK_REFUSED' });
  });

  it('refuses rows before it is open', async () => {
    const { context, seen } = recorder();
    const sink = createFileSink({ path: path(), rowLimit: 250 }, context);
    send(await sink.topic('t'), null, '1');
    await expect(sink.flush()).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(seen.failed).toEqual(['INTERNAL']);
  });
});
