import { describe, expect, it } from 'vitest';
import { Watchdog } from '../../../../src/mysql/stream/watchdog.ts';

function made() {
  const state = { lost: 0, asleep: false };
  const dog = new Watchdog(() => {
    state.lost++;
  }, () => state.asleep);
  return { state, dog };
}

describe('watchdog', () => {
  it('barks once, at the third tick without a sign of life', () => {
    const { state, dog } = made();
    dog.tick();
    dog.tick();
    expect(state.lost).toBe(0);
    dog.tick();
    dog.tick();
    expect(state.lost).toBe(1);
  });

  it('begins anew at every sign of life', () => {
    const { state, dog } = made();
    for (let i = 0; i < 10; i++) {
      dog.tick();
      dog.tick();
      dog.alive();
    }
    expect(state.lost).toBe(0);
  });

  it('stands still while the stream is held', () => {
    const { state, dog } = made();
    dog.tick();
    dog.tick();
    state.asleep = true;
    for (let i = 0; i < 10; i++) dog.tick();
    state.asleep = false;
    dog.tick();
    dog.tick();
    expect(state.lost).toBe(0);
    dog.tick();
    expect(state.lost).toBe(1);
  });
});
