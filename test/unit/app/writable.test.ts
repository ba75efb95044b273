import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint, problemOf } from '../../../src/app/problems.ts';
import { obstacle } from '../../../src/app/writable.ts';
import { RowcastError } from '../../../src/core/errors.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowcast-writable-'));
  await writeFile(join(folder, 'file'), '');
});
afterAll(() => rm(folder, { recursive: true }));

describe('what keeps a file from being written', () => {
  it('is nothing for a new file, an old one, and one in folders that are still to be made', async () => {
    expect(await obstacle(join(folder, 'new'))).toBeNull();
    expect(await obstacle(join(folder, 'file'))).toBeNull();
    expect(await obstacle(join(folder, 'a', 'b', 'new'))).toBeNull();
  });

  it('is a folder in its place, or a file where a folder must be', async () => {
    expect(await obstacle(folder)).toBe(`${folder} is a folder`);
    expect(await obstacle(join(folder, 'file', 'x'))).toBe(`${join(folder, 'file')} is no folder that this user can look into`);
  });
});

describe('problems', () => {
  it('are made of errors, with a repair for those who have not started', () => {
    expect(problemOf(new RowcastError('SOURCE_LOST', 'gone'), 'h:1')).toEqual({
      code: 'SOURCE_LOST',
      message: 'gone',
      repair: 'Check source.host and source.port, that the server runs, and that no firewall is in between.',
      severity: 'error',
      where: 'h:1',
    });
    expect(problemOf(new RowcastError('SOURCE_TLS', 'no', { hint: 'do' }))).toEqual({ code: 'SOURCE_TLS', message: 'no', repair: 'do', severity: 'error' });
    expect(problemOf(new Error('x')).code).toBe('INTERNAL');
  });

  it('of a text are what its check throws', () => {
    expect(complaint(() => 1)).toBeNull();
    expect(complaint(() => {
      throw new RowcastError('CONFIG_INVALID', 'bad');
    })).toBe('bad');
  });
});
