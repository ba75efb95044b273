import { describe, expect, it } from 'vitest';
import { compareWithSample } from './compare.ts';

function line(after: string, version = '1', topic = 'a.zoo.t'): string {
  return `{"topic":"${topic}","key":{"id":1},"value":{"after":${after},"source":{"version":"${version}","pos":12}}}`;
}

describe('compareWithSample', () => {
  it('finds nothing where only the run differs', () => {
    expect(compareWithSample([line('{"b":1}')], [line('{"b":1}', '1', 'z.zoo.t').replace('12', '99')])).toEqual([]);
  });

  it('compares numbers digit by digit', () => {
    expect(compareWithSample([line('{"b":9007199254740993}')], [line('{"b":9007199254740992}')])).toEqual([
      { path: 'zoo.t {"id":"#1"}[0].value.after.b', ours: '"#9007199254740993"', theirs: '"#9007199254740992"', covered: null },
    ]);
  });

  it('sees the order of fields, and a message too few', () => {
    const found = compareWithSample([line('{"b":1,"c":2}')], [line('{"c":2,"b":1}'), line('{"c":2,"b":1}')]);
    expect(found.map(({ path }) => path)).toEqual(['zoo.t {"id":"#1"}[0].value.after{}', 'zoo.t {"id":"#1"}[1]']);
  });

  it('names the entry that covers a difference', () => {
    const found = compareWithSample([line('{"e":"a,b","w":null,"gb":"𠮷"}', '2')], [line('{"e":"a\\\\,b","w":"w","gb":"?"}')]);
    expect(found.map(({ covered }) => covered)).toEqual(['enum-label', 'null-default', 'rare-characters', 'version']);
  });
});
