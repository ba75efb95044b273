import fs from 'node:fs';
import type { Stats } from 'node:fs';
import type { LockAge } from './lock-age.ts';

type Done = (error: Error | null) => void;

/** What proper-lockfile asks of the system. */
export interface LockFiles {
  readonly mkdir: (path: string, done: Done) => void;
  readonly rmdir: typeof fs.rmdir;
  readonly rmdirSync: typeof fs.rmdirSync;
  readonly stat: (path: string, done: (error: Error | null, stat: Stats) => void) => void;
  readonly utimes: (path: string, atime: Date, mtime: Date, done: Done) => void;
}

/**
 * The system's files for one lock. Until it is ours, its time is told so that it is as old as `age` says.
 *
 * Ours is kept while its folder cannot be written: nobody else can take it there either. The time of the lock then stays what
 * it was and is told as if it had been set; as soon as it is neither, another process has taken the lock.
 */
export function lockFiles(age: LockAge, base: LockFiles = fs): LockFiles {
  let ours = false;
  /** Milliseconds since 1970. */
  let seen = 0;
  let unset: { readonly real: number; readonly told: Date } | null = null;
  return {
    ...base,
    mkdir: (path, done) => {
      base.mkdir(path, (error) => {
        ours ||= error === null;
        done(error);
      });
    },
    stat: (path, done) => base.stat(path, (error, stat) => {
      if (error === null) {
        seen = stat.mtimeMs;
        if (!ours) stat.mtime = new Date(Date.now() - age.of(seen));
        else if (unset?.real === seen) stat.mtime = unset.told;
      }
      done(error, stat);
    }),
    utimes: (path, atime, mtime, done) => base.utimes(path, atime, mtime, (error) => {
      const refused = error !== null && 'code' in error && REFUSALS.has(String(error.code));
      unset = refused ? { real: unset?.real ?? seen, told: mtime } : null;
      done(refused ? null : error);
    }),
  };
}

/** The disk is read-only, full or broken, or somebody took the right to write. */
const REFUSALS = new Set(['EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EPERM']);
