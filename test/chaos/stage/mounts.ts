import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk of its own, in memory. */
export interface Mount {
  readonly path: string;
  /** Mounts it again with other options, such as `ro`, `rw` or `size=1m`. @throws Error where the system refuses */
  again(options: string): void;
  /** Bytes used. */
  used(): number;
  remove(): void;
}

const PREFIX = 'rowcast-chaos-disk-';

/** Mounts a disk of `size`, as in `64m`; or tells why this machine does not let us. */
export function mountDisk(size: string): Mount | { readonly unfit: string } {
  sweep();
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${String(process.pid)}-`));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'rowcast-chaos', path], { stdio: 'pipe' });
  } catch {
    rmSync(path, { recursive: true, force: true });
    return { unfit: 'it needs a disk of its own, and this user may not mount one' };
  }
  let mounted = true;
  const remove = (): void => {
    if (!mounted) return;
    mounted = false;
    process.off('exit', remove);
    unmount(path);
  };
  process.once('exit', remove);
  mkdirSync(join(path, 'data'), { recursive: true });
  return {
    path,
    again: (options) => { execFileSync('mount', ['-o', `remount,${options}`, path], { stdio: 'pipe' }); },
    used: () => Number(execFileSync('df', ['--output=used', '-B1', path], { encoding: 'utf8' }).trim().split('\n')[1]),
    remove,
  };
}

/** Removes the disks of runs that were killed. */
function sweep(): void {
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
    const path = line.split(' ')[1] ?? '';
    const owner = path.split(PREFIX)[1]?.split('-')[0];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) unmount(path);
  }
}

function unmount(path: string): void {
  try {
    execFileSync('umount', ['-l', path], { stdio: 'pipe' });
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It goes with the machine.
  }
}
