import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const main = new URL('../../../src/cli/main.ts', import.meta.url).pathname;

function spawn(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the process', () => {
  it('prints all of a long output into a pipe before it ends', () => {
    const { status, stdout } = spawn('schema');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('properties.routes');
  });

  it('ends with the exit code, and says why on standard error', () => {
    expect(spawn('run', '-c', '/nonexistent.yaml')).toEqual({
      status: 2,
      stdout: '',
      stderr: "error CONFIG_UNREADABLE: the configuration file /nonexistent.yaml cannot be read: ENOENT: no such file or directory, open '/nonexistent.yaml'\n  file=/nonexistent.yaml\n  Check the path and the permissions of the file.\n",
    });
  });
});
