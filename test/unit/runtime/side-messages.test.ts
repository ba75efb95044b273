import { describe, expect, it } from 'vitest';
import { writeSideMessage } from '../../../src/runtime/side-messages.ts';
import { JsonLines } from '../../../src/sink/file/json-lines.ts';
import { recorder } from '../sink/support.ts';
import { TextTopic } from './rows-fixture.ts';

const value = Buffer.from('{"a":1}');

describe('a key that is no JSON', () => {
  it('is a string where messages become lines of JSON, and as it is elsewhere', () => {
    const lines: string[] = [];
    const all = new JsonLines(recorder().context, 1000, ({ bytes }) => lines.push(bytes.toString()));
    const topic = new TextTopic();
    for (const each of [all.topic('t'), topic]) {
      writeSideMessage(each, { key: Buffer.from('1e-"é'), bareKey: true, value, headers: [] });
      writeSideMessage(each, { key: Buffer.from('{"k":1}'), value, headers: [] });
      writeSideMessage(each, { key: Buffer.from('1e-'), bareKey: true, value: null, headers: [] });
    }
    all.handOver();
    expect(lines.join('').trimEnd().split('\n').map((line) => (JSON.parse(line) as { key: unknown }).key)).toEqual(['1e-"é', { k: 1 }, '1e-']);
    expect(topic.messages).toEqual(['1e-"é {"a":1}', '{"k":1} {"a":1}', '1e- null']);
  });
});
