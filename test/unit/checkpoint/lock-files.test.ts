import fs from 'node:fs';
import { mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockAge } from '../../../src/checkpoint/stores/lock-age.ts';
import { lockFiles, type LockFiles } from '../../../src/checkpoint/stores/lock-files.ts';

let folder = '';
/** Why the disk refuses to be written; null while it does not. */
let refusal: string | null = null;
let files: LockFiles;

const base: LockFiles = {
  ...fs,
  utimes: (path, atime, mtime, done) => {
    if (refusal === null) fs.utimes(path, atime, mtime, done);
    else done(Object.assign(new Error(refusal), { code: refusal }));
  },
};

beforeEach(async () => {
  refusal = null;
  folder = await mkdtemp(`${tmpdir()}/rowcast-lock-`);
  const age = new LockAge(5_000, { wall: Date.now, steady: () => performance.now() });
  files = lockFiles(age, { ...base, mkdir: (_, done) => { done(null); } });
  await promisify(files.mkdir)(folder);
});

afterEach(() => rm(folder, { recursive: true }));

/** What the owner of a lock does once a second: looks whether its time is still its own, and sets a new one. */
async function refresh(expected: Date, next: Date): Promise<'kept' | 'taken'> {
  const { mtime } = await promisify(files.stat)(folder);
  if (mtime.getTime() !== expected.getTime()) return 'taken';
  await promisify(files.utimes)(folder, next, next);
  return 'kept';
}

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1_000);

describe('the files of a lock', () => {
  it.each(['EROFS', 'ENOSPC', 'EIO', 'EDQUOT', 'EACCES', 'EPERM'])('keep it while the disk refuses to be written (%s), and refresh it afterwards', async (code) => {
    await utimes(folder, at(0), at(0));
    expect(await refresh(at(0), at(1))).toBe('kept');
    refusal = code;
    for (let second = 1; second < 8; second++) expect(await refresh(at(second), at(second + 1))).toBe('kept');
    expect((await stat(folder)).mtime).toEqual(at(1));
    refusal = null;
    expect(await refresh(at(8), at(9))).toBe('kept');
    expect((await stat(folder)).mtime).toEqual(at(9));
    expect(await refresh(at(9), at(10))).toBe('kept');
  });

  it('see that another daemon took it meanwhile', async () => {
    await utimes(folder, at(0), at(0));
    expect(await refresh(at(0), at(1))).toBe('kept');
    refusal = 'EROFS';
    expect(await refresh(at(1), at(2))).toBe('kept');
    await utimes(folder, at(7), at(7));
    expect(await refresh(at(2), at(3))).toBe('taken');
  });

  it('tell any other failure', async () => {
    await utimes(folder, at(0), at(0));
    refusal = 'ENOENT';
    await expect(refresh(at(0), at(1))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
