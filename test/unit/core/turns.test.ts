import { describe, expect, it } from 'vitest';
import { deferred } from '../../../src/core/deferred.ts';
import { Turns } from '../../../src/core/turns.ts';

describe('turns', () => {
  it('come one after the other, whatever becomes of them', async () => {
    const turns = new Turns();
    const told: string[] = [];
    const gate = deferred<number>();
    const first = turns.take(() => {
      told.push('first');
      return gate.promise;
    });
    const second = turns.take(() => {
      told.push('second');
      return Promise.reject(new Error('no'));
    });
    const third = turns.take(() => {
      told.push('third');
      return Promise.resolve(3);
    });
    second.catch(() => undefined);
    await Promise.resolve();
    expect(told).toEqual(['first']);
    gate.resolve(1);
    expect(await first).toBe(1);
    await expect(second).rejects.toThrow('no');
    expect([await third, told]).toEqual([3, ['first', 'second', 'third']]);
  });
});
