import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { say } from './say.ts';

/** The folder that keeps downloads between runs: `ROWCAST_CACHE`, else `rowcast` in the user's cache folder. */
export function cacheFolder(): string {
  const own = process.env['ROWCAST_CACHE'];
  if (own !== undefined && own !== '') return own;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rowcast');
}

/**
 * The folder `name` of the cache, made by `install` if it is not there. The work happens in a temporary folder that is
 * renamed at the end, so that a half-made one is never used, and under a lock, so that two processes do it once.
 * @param name holds the version, so that a new version is a new folder
 * @throws whatever `install` throws the third time; the next call tries again
 */
export async function installed(name: string, install: (folder: string) => Promise<void>, pauseMs = PAUSE_MS): Promise<string> {
  const root = cacheFolder();
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  const unlock = await lock(root, {
    lockfilePath: join(root, `${name}.lock`),
    stale: 30_000,
    retries: { retries: 900, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
  });
  try {
    if (!existsSync(folder)) await installPatiently(() => installFresh(root, name, install), name, pauseMs);
  } finally {
    await unlock();
  }
  return folder;
}

/** A mirror may fail for a moment: three tries, `pauseMs` apart. */
async function installPatiently(attempt: () => Promise<void>, name: string, pauseMs: number): Promise<void> {
  for (let tries = TRIES; ; tries--) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries <= 1) throw error;
      say(`${name}: failed, trying again: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(pauseMs);
    }
  }
}

const TRIES = 3;
const PAUSE_MS = 2_000;

async function installFresh(root: string, name: string, install: (folder: string) => Promise<void>): Promise<void> {
  const started = Date.now();
  // What an install that was killed left behind; under the lock nobody else is at it.
  for (const entry of await readdir(root)) if (entry.startsWith(`.${name}-`)) await rm(join(root, entry), { recursive: true, force: true });
  const temporary = await mkdtemp(join(root, `.${name}-`));
  try {
    await install(temporary);
    await rename(temporary, join(root, name));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  say(`${name}: ready in ${((Date.now() - started) / 1000).toFixed(0)} s, kept in ${join(root, name)}`);
}
