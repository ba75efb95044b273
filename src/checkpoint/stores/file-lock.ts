import { check as checkLock, lock as lockFile } from 'proper-lockfile';
import { RowcastError } from '../../core/errors.ts';
import { lockFiles } from './lock-files.ts';

/** Milliseconds after which a lock that nobody refreshes is taken over; a killed daemon's lock lasts that long. */
const STALE_MS = 5_000;
const REFRESH_MS = 1_000;
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
      fs: lockFiles(),
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

/** Whether a process holds `path` now, or died within the time that its lock lasts. Takes nothing. */
export async function isLocked(path: string): Promise<boolean> {
  return checkLock(path, { realpath: false, stale: STALE_MS });
}
