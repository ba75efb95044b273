import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { JsonLines } from '../../../../src/sink/file/json-lines.ts';
import type { LineBatch } from '../../../../src/sink/file/json-lines.ts';
import { recorder, send } from '../support.ts';

const VALUE = `"${'v'.repeat(1000)}"`;
/** Lines that fill a batch of 256 KiB. */
const LINES = 248;

function lines(): { lines: JsonLines; batches: LineBatch[]; seen: ReturnType<typeof recorder>['seen'] } {
  const { context, seen } = recorder();
  const batches: LineBatch[] = [];
  return { lines: new JsonLines(context, 1_000_000, (batch) => batches.push(batch)), batches, seen };
}

describe('batches of lines', () => {
  it('hold no more memory than their lines when they are small', async () => {
    const { lines: all, batches } = lines();
    send(all.topic('t'), null, '1');
    await turn();
    send(all.topic('t'), null, '2');
    await turn();
    expect(batches.map(({ bytes }) => [bytes.length, bytes.buffer.byteLength])).toEqual([[59, 59], [59, 59]]);
    expect(batches.map(({ bytes }) => bytes.toString())).toEqual([expect.stringContaining('"value":1,'), expect.stringContaining('"value":2,')]);
  });

  it('are handed over at once when they are full, and use their buffers again when they are done', () => {
    const { lines: all, batches, seen } = lines();
    const fill = (): LineBatch => {
      for (let i = 0; i < LINES; i++) send(all.topic('t'), null, VALUE);
      const batch = batches.at(-1);
      if (batch === undefined) throw new Error('no batch was handed over');
      return batch;
    };
    const first = fill();
    const second = fill();
    expect(second.bytes.buffer).not.toBe(first.bytes.buffer);
    expect(second.bytes.length).toBe(first.bytes.length);
    all.done(first);
    fill();
    const fourth = fill();
    expect(fourth.bytes.buffer).toBe(first.bytes.buffer);
    expect(seen).toMatchObject({ opened: 4, settled: 1, held: 3 * first.bytes.length });
  });

  it('do not keep a buffer that a long line has made large', () => {
    const { lines: all, batches } = lines();
    const long = `"${'l'.repeat(900_000)}"`;
    send(all.topic('t'), null, long);
    const [first] = batches;
    if (first === undefined) throw new Error('no batch was handed over');
    all.done(first);
    send(all.topic('t'), null, long);
    expect(batches[1]?.bytes.buffer).not.toBe(first.bytes.buffer);
  });

  it('tell messages and bytes by topic, once', async () => {
    const { lines: all, batches } = lines();
    send(all.topic('a'), null, '1');
    send(all.topic('b'), null, '22');
    send(all.topic('a'), null, '3');
    await turn();
    send(all.topic('b'), null, '4');
    await turn();
    expect(batches.map(({ topics }) => topics)).toEqual([
      [{ topic: 'a', messages: 2, bytes: 118 }, { topic: 'b', messages: 1, bytes: 60 }],
      [{ topic: 'b', messages: 1, bytes: 59 }],
    ]);
  });

  it('drop at close what was not handed over', async () => {
    const { lines: all, batches, seen } = lines();
    send(all.topic('t'), null, '1');
    expect(seen.held).toBe(59);
    all.close();
    await turn();
    expect(seen).toMatchObject({ held: 0, settled: 0 });
    expect(batches).toEqual([]);
  });
});

it('a line is looked at before it is written as it is when it is', () => {
  for (const kind of ['messages', 'values'] as const) {
    for (const key of [null, '"k"']) {
      const bytes: number[] = [];
      for (const limit of [1, 1000]) {
        const topic = new JsonLines(recorder().context, limit, () => undefined, kind).topic('t"');
        const headers = [{ name: 'h', value: Buffer.from('"x"') }];
        const refused = (): void => { topic.fit(key === null ? -1 : key.length, 500, headers); };
        if (limit === 1) expect(refused).toThrow(expect.objectContaining({ code: 'ROW_TOO_LARGE' }));
        else refused();
        try {
          refused();
          send(topic, key, 'v'.repeat(500));
          bytes.push(topic.share()[0]?.bytes ?? 0);
        } catch (error) {
          bytes.push((error as { facts: { bytes: number } }).facts.bytes);
        }
      }
      expect(bytes[0]).toBe(bytes[1]);
    }
  }
});
