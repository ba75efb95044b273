import type { BinlogFile } from './server-facts.ts';

/** Bytes of binlog after a place; null where the server has no such file. */
export function bytesBehind(files: readonly BinlogFile[], place: { readonly file: string; readonly position: number }): number | null {
  const index = files.findIndex((file) => file.name === place.file);
  if (index < 0) return null;
  const rest = files.slice(index).reduce((sum, file) => sum + file.size, 0);
  return Math.max(0, rest - place.position);
}
