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

  it.each([
    ['1e21', '1.0E21'],
    ['-3.4028235e38', '-340282350000000000000000000000000000000'],
    ['16777216.0', '1.6777216E7'],
    ['1e-7', '0.00000010'],
    ['120', '1.2E+2'],
    ['0', '0.0'],
  ])('takes %s and %s for the same number', (ours, theirs) => {
    expect(compareWithSample([line(`{"d":${ours}}`)], [line(`{"d":${theirs}}`)])).toEqual([]);
  });

  it.each([
    ['1e-7', '1.0000000000000001e-7'],
    ['-0.0', '0.0'],
    ['12', '"12"'],
  ])('tells %s from %s', (ours, theirs) => {
    expect(compareWithSample([line(`{"d":${ours}}`)], [line(`{"d":${theirs}}`)])).toHaveLength(1);
  });

  it('counts tombstones without a key instead of pairing them', () => {
    const [one, two] = [line('{"b":1}'), line('{"b":2}')].map((each) => each.replace('{"id":1}', 'null'));
    const tombstone = '{"topic":"a.zoo.t","key":null,"value":null}';
    expect(compareWithSample([one ?? '', two ?? ''], [one ?? '', tombstone, two ?? '', tombstone])).toEqual([
      { path: 'zoo.t null tombstones', ours: '0', theirs: '2', covered: 'keyless-tombstone' },
    ]);
    expect(compareWithSample([one ?? '', tombstone], [one ?? ''])).toEqual([{ path: 'zoo.t null tombstones', ours: '1', theirs: '0', covered: null }]);
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
