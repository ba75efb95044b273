import { describe, expect, it } from 'vitest';
import { Kept } from '../../../src/core/kept.ts';

describe('what is kept by a text', () => {
  it('is the same for the same text', () => {
    const kept = new Kept<object>(2);
    const one = {};
    expect(kept.get('one')).toBeUndefined();
    expect(kept.keep('one', one)).toBe(one);
    kept.keep('two', {});
    expect(kept.get('one')).toBe(one);
  });

  it('is let go, all of it, where it would be too much', () => {
    const kept = new Kept<object>(2);
    const three = {};
    kept.keep('one', {});
    kept.keep('two', {});
    expect(kept.keep('three', three)).toBe(three);
    expect(['one', 'two', 'three'].map((text) => kept.get(text))).toEqual([undefined, undefined, three]);
  });
});
