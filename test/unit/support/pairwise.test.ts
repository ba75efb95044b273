import { describe, expect, it } from 'vitest';
import type { Dimensions } from '../../support/pairwise.ts';
import { combinations } from '../../support/pairwise.ts';

const SWITCHES: Dimensions = { compression: ['off', 'on'], image: ['FULL', 'MINIMAL', 'NOBLOB'], metadata: ['FULL', 'MINIMAL'], gtid: ['ON', 'ON_PERMISSIVE', 'OFF_PERMISSIVE', 'OFF'], charset: ['utf8mb4', 'latin1', 'gbk', 'utf16'] };

describe('combinations', () => {
  const found = combinations(SWITCHES);

  it('begin with the defaults, then have each other value alone', () => {
    expect(found[0]).toEqual({ compression: 'off', image: 'FULL', metadata: 'FULL', gtid: 'ON', charset: 'utf8mb4' });
    const changed = found.slice(1, 11).map((each) => Object.entries(each).filter(([name, value]) => SWITCHES[name]?.[0] !== value));
    expect(changed.map(([one]) => one?.join('='))).toEqual(Object.entries(SWITCHES).flatMap(([name, [, ...others]]) => others.map((value) => `${name}=${value}`)));
    expect(changed.every((each) => each.length === 1)).toBe(true);
  });

  it('hold every pair of values', () => {
    for (const [one, values] of Object.entries(SWITCHES)) {
      for (const [other, others] of Object.entries(SWITCHES)) {
        if (one === other) continue;
        for (const a of values) for (const b of others) expect(found.some((each) => each[one] === a && each[other] === b), `${one}=${a}, ${other}=${b}`).toBe(true);
      }
    }
  });

  it('are few, none of them twice, and always the same', () => {
    expect(found.length).toBeLessThan(12 + 16);
    expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(found.length);
    expect(combinations(SWITCHES)).toEqual(found);
  });

  it('of one dimension are its values', () => {
    expect(combinations({ a: ['1', '2'] })).toEqual([{ a: '1' }, { a: '2' }]);
  });
});
