import fs from 'node:fs';
import type { Stats } from 'node:fs';

type Done = (error: Error | null) => void;

/** What proper-lockfile asks of the system. */
export interface LockFiles {
  readonly mkdir: typeof fs.mkdir;
  readonly rmdir: typeof fs.rmdir;
  readonly rmdirSync: typeof fs.rmdirSync;
  readonly stat: (path: string, done: (error: Error | null, stat: Stats) => void) => void;
  readonly utimes: (path: string, atime: Date, mtime: Date, done: Done) => void;
}

/**
 * The system's files for one lock, which is kept while its folder cannot be written: nobody else can take it there either. The time
 * of the lock then stays what it was and is told as if it had been set; as soon as it is neither, another process has taken the lock.
 */
export function lockFiles(base: LockFiles = fs): LockFiles {
  /** Milliseconds since 1970. */
  let seen = 0;
  let unset: { readonly real: number; readonly told: Date } | null = null;
  return {
    ...base,
    stat: (path, done) => base.stat(path, (error, stat) => {
      if (error === null) {
        seen = stat.mtimeMs;
        if (unset?.real === seen) stat.mtime = unset.told;
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
