import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock as lockFile } from 'proper-lockfile';
import { RowcastError } from '../../core/errors.ts';
import { LockAge, WATCHED_MS } from './lock-age.ts';
import { lockFiles } from './lock-files.ts';

/** Milliseconds after which a lock that nobody refreshes is taken over; a killed daemon's lock lasts that long. */
const STALE_MS = 4_000;
const REFRESH_MS = 1_000;
/** How far ahead its owner may set the time of a lock when it takes it, to learn how exactly the disk keeps times. */
const AHEAD_MS = 1_100;
/** Tries while an earlier lock may still go stale. */
const RETRIES = { retries: 24, minTimeout: 250, maxTimeout: 250, factor: 1 };

/**
 * Holds `path` for this process until the answer is called; `lost` is told when somebody else took the lock meanwhile
 * (this process stood still for longer than the lock lasts). A folder that cannot be written meanwhile is waited for.
 * @throws RowcastError CHECKPOINT_LOCKED when another process keeps it
 */
export async function holdLock(path: string, lost: (error: RowcastError) => void): Promise<() => Promise<void>> {
  try {
    return await lockFile(path, {
      realpath: false,
      fs: lockFiles(new LockAge(STALE_MS, CLOCKS)),
      stale: STALE_MS,
      update: REFRESH_MS,
      retries: RETRIES,
      onCompromised: (cause) => lost(taken(path, cause)),
    });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED') throw taken(path, cause);
    throw new RowcastError('CHECKPOINT_UNWRITABLE', `cannot lock ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, facts: { path } });
  }
}

function taken(path: string, cause: unknown): RowcastError {
  return new RowcastError('CHECKPOINT_LOCKED', `another daemon holds ${path}.lock`, { cause, facts: { path } });
}

/** Whether a process holds `path` now, or died within the time that its lock lasts. Takes nothing. Looks twice at a lock whose time is not of these seconds. */
export async function isLocked(path: string): Promise<boolean> {
  const set = await timeOf(path);
  if (set === null) return false;
  const age = Date.now() - set;
  if (age > -AHEAD_MS && age < STALE_MS) return true;
  await sleep(WATCHED_MS);
  const then = await timeOf(path);
  return then !== null && then !== set;
}

/** When the lock's time was set, in milliseconds since 1970; null where there is none. */
async function timeOf(path: string): Promise<number | null> {
  try {
    return (await stat(`${path}.lock`)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

const CLOCKS = { wall: Date.now, steady: () => performance.now() };
