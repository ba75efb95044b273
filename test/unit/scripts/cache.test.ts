import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, installed } from '../../../scripts/servers/cache.ts';

describe('the cache of downloads', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rowcast-cache-'));
    vi.stubEnv('ROWCAST_CACHE', root);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });

  it('is where ROWCAST_CACHE says, else in the user cache folder', () => {
    expect(cacheFolder()).toBe(root);
    vi.stubEnv('ROWCAST_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', '/x');
    expect(cacheFolder()).toBe('/x/rowcast');
  });

  it('installs once for two who ask at the same time', async () => {
    let times = 0;
    const install = (folder: string): Promise<void> => {
      times++;
      writeFileSync(join(folder, 'part'), 'whole');
      return Promise.resolve();
    };
    const folders = await Promise.all([installed('thing-1', install), installed('thing-1', install)]);
    expect(folders).toEqual([join(root, 'thing-1'), join(root, 'thing-1')]);
    expect(times).toBe(1);
    expect(readFileSync(join(root, 'thing-1', 'part'), 'utf8')).toBe('whole');
  });

  it('keeps nothing of an install that failed, and tries again', async () => {
    let tries = 0;
    const failing = (): Promise<void> => Promise.reject(new Error(`no network, try ${++tries}`));
    await expect(installed('thing-2', failing, 0)).rejects.toThrow('no network, try 3');
    expect(readdirSync(root)).toEqual([]);
    await installed('thing-2', () => Promise.resolve());
    expect(existsSync(join(root, 'thing-2'))).toBe(true);
  });
});
