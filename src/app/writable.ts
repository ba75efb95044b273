import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Why a file could not be made or replaced at an absolute `path`, missing folders being made; null where it could. Changes nothing. */
export async function obstacle(path: string): Promise<string | null> {
  if ((await kindOf(path)) === 'folder') return `${path} is a folder`;
  let folder = dirname(path);
  let kind = await kindOf(folder);
  while (kind === 'nothing') {
    folder = dirname(folder);
    kind = await kindOf(folder);
  }
  if (kind !== 'folder') return `${folder} is no folder that this user can look into`;
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => null,
    () => `the folder ${folder} cannot be written by this user`,
  );
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'nothing' | 'hidden'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'nothing' : 'hidden';
  }
}
