import { beforeEach, describe, expect, it } from 'vitest';
import { LockAge } from '../../../src/checkpoint/stores/lock-age.ts';

const STALE_MS = 5_000;
const HOUR_MS = 3_600_000;
let wall = 0;
let steady = 0;
let age: LockAge;

beforeEach(() => {
  [wall, steady] = [1_800_000_000_000, 77];
  age = new LockAge(STALE_MS, { wall: () => wall, steady: () => steady });
});

function pass(ms: number): void {
  wall += ms;
  steady += ms;
}

describe('the age of a lock', () => {
  it('is what its time says, where that is of these seconds', () => {
    const set = wall - 1_200;
    expect(age.of(set)).toBe(1_200);
    pass(3_000);
    expect(age.of(set)).toBe(4_200);
    pass(900);
    expect(age.of(set)).toBe(5_100);
  });

  it('is what was seen of it, where its time lies ahead', () => {
    const set = wall + HOUR_MS;
    expect(age.of(set)).toBe(0);
    pass(4_900);
    expect(age.of(set)).toBeLessThan(STALE_MS);
    pass(200);
    expect(age.of(set)).toBeGreaterThan(STALE_MS);
  });

  it('is not stale at the first look, however far back its time lies', () => {
    const set = wall - HOUR_MS;
    expect(age.of(set)).toBe(3_000);
    pass(1_900);
    expect(age.of(set)).toBeLessThan(STALE_MS);
    pass(200);
    expect(age.of(set)).toBeGreaterThan(STALE_MS);
  });

  it.each([-HOUR_MS, HOUR_MS])('never is where the owner sets it once a second, by a clock %d ms off', (off) => {
    for (let second = 0; second < 60; second++) {
      expect(age.of(wall + off)).toBeLessThan(STALE_MS);
      pass(1_000);
    }
  });

  it('is not changed by a clock that is set', () => {
    const set = wall - 500;
    expect(age.of(set)).toBe(500);
    wall += HOUR_MS;
    pass(1_000);
    expect(age.of(set)).toBeLessThan(STALE_MS);
  });
});
