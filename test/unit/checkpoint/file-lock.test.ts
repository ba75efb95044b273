import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdLock, isLocked } from '../../../src/checkpoint/stores/file-lock.ts';

const HOUR_S = 3_600;
let folder = '';
let timers: NodeJS.Timeout[] = [];

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/rowcast-lock-`);
});

afterEach(async () => {
  for (const timer of timers) clearInterval(timer);
  timers = [];
  await rm(folder, { recursive: true });
});

/** A lock of another process whose clock is so many seconds off; one that lives sets its time once a second. */
async function lockOf(name: string, off: number, lives: boolean): Promise<string> {
  const path = `${folder}/${name}`;
  await mkdir(`${path}.lock`);
  const set = async (): Promise<void> => {
    const now = Date.now() / 1_000 + off;
    await utimes(`${path}.lock`, now, now);
  };
  await set();
  if (lives) timers.push(setInterval(() => void set(), 1_000));
  return path;
}

it('that was just taken, whose time may lie a second ahead, is held', async () => {
  const path = await lockOf('new', 0.9, false);
  const release = holdLock(`${folder}/own`, nobody);
  await release;
  expect([await isLocked(path), await isLocked(`${folder}/own`)]).toEqual([true, true]);
  await (await release)();
  expect(await isLocked(`${folder}/own`)).toBe(false);
});

const nobody = (): void => undefined;

describe('a lock', () => {
  it('that was left behind is taken over, and one that is kept is not, whatever clock set its time', async () => {
    const left = await Promise.all([HOUR_S, 0, -HOUR_S].map((off) => lockOf(`left${String(off)}`, off, false)));
    const kept = await Promise.all([HOUR_S, 0, -HOUR_S].map((off) => lockOf(`kept${String(off)}`, off, true)));
    expect(await Promise.all([...left, ...kept].map(isLocked))).toEqual([false, true, false, true, true, true]);
    const taken = await Promise.allSettled([...left, ...kept].map((path) => holdLock(path, nobody)));
    expect(taken.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected']);
    for (const result of taken) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CHECKPOINT_LOCKED' });
    for (const result of taken) if (result.status === 'fulfilled') await result.value();
    expect(left.map((path) => existsSync(`${path}.lock`))).toEqual([false, false, false]);
  }, 20_000);
});
