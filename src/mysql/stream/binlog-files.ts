import { binlogFileName } from '../binlog/file-name.ts';
import type { BinlogFile } from './server-facts.ts';

/** Where a file is, or was, in the server's list of binlog files, which is the order they were written in. */
export type FileStanding = 'listed' | 'before' | 'after' | 'missing' | 'renamed';

/**
 * `before` and `after` all listed files of its base name, `missing` between them, or `renamed`: no listed file has its
 * base name. Numbers are only compared under one base name, because a server that is given another one begins at 1 again.
 */
export function standingOf(file: string, files: readonly BinlogFile[]): FileStanding {
  if (files.some(({ name }) => name === file)) return 'listed';
  const { base, number, digits } = binlogFileName(file);
  const numbers = files.map(({ name }) => binlogFileName(name)).filter((parts) => parts.base === base).map((parts) => parts.number);
  if (numbers.length === 0 || digits === 0) return 'renamed';
  if (number < Math.min(...numbers)) return 'before';
  return number > Math.max(...numbers) ? 'after' : 'missing';
}

/** True when the server has had no file before its first one, as far as the name tells. */
export function isFirstEver(file: string): boolean {
  return binlogFileName(file).number === 1;
}

/** For messages: `binlog.000003 to binlog.000007`. */
export function rangeOf(files: readonly BinlogFile[]): string {
  const first = files[0]?.name;
  const last = files.at(-1)?.name;
  return first === undefined ? 'none' : first === last ? `only ${first}` : `${first} to ${last ?? ''}`;
}
