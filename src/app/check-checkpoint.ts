import { resolve } from 'node:path';
import { isLocked } from '../checkpoint/stores/file-lock.ts';
import type { Config } from '../config/compile.ts';
import { RowcastError } from '../core/errors.ts';
import type { Checkpoint } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { problemOf } from './problems.ts';
import { checkPlace, LOOKING, storesOf } from './stores.ts';
import { obstacle } from './writable.ts';

/** What is known of the checkpoint. */
export interface CheckedCheckpoint {
  readonly problems: readonly Problem[];
  /** Null where there is none, or where it cannot be read. */
  readonly checkpoint: Checkpoint | null;
  /** False: what is there cannot be used, so nobody knows where reading would begin. */
  readonly readable: boolean;
  /** A daemon that runs now holds it. */
  readonly locked: boolean;
}

/** Reads the checkpoint and the notes beside it without taking the lock, and looks whether they could be written. What keeps its place from being used is told once, not as what could not be read, too. */
export async function checkCheckpoint(config: Config): Promise<CheckedCheckpoint> {
  const path = resolve(config.checkpoint.path);
  const place = await checkPlace(config);
  const { store, file, notes, fileNotes, label } = storesOf(config, LOOKING);
  const where = store === file ? path : label;
  const unread: Problem[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      unread.push(problemOf(error instanceof RowcastError ? error : unreadable(path, error), where));
      return null;
    }
  };
  const kept = await attempt(() => store.load());
  const imported = kept === null && store !== file && unread.length === 0 ? await attempt(() => file.load()) : null;
  const readable = unread.length === 0;
  if (readable) await attempt(async () => (imported === null && (await notes.load()) !== null ? null : fileNotes.load()));
  await store.close();
  const checkpoint = kept ?? imported;
  const barred = place.some(({ severity }) => severity === 'error');
  const problems = [...unread.filter(({ code }) => !(barred && PLACE_CODES.has(code))), ...place];
  const blocked = await obstacle(path);
  if (blocked !== null && readable) problems.push({ code: 'CHECKPOINT_UNWRITABLE', severity: 'error', where: path, message: `no checkpoint can be written: ${blocked}`, repair: 'Give the user of the daemon write access there, or name another place in checkpoint.path.' });
  const locked = await isLocked(path).catch(() => false);
  if (locked) problems.push(HELD(where));
  return { problems, checkpoint, readable, locked };
}

/** What reading fails with where its place cannot be used. */
const PLACE_CODES: ReadonlySet<string> = new Set(['CHECKPOINT_UNWRITABLE', 'SINK_AUTH', 'SINK_REFUSED']);

const HELD = (where: string): Problem => ({
  code: 'CHECKPOINT_LOCKED',
  severity: 'warning',
  where,
  message: 'a daemon runs with this checkpoint now (or was killed a few seconds ago)',
  repair: 'Nothing, if it is the daemon of this file; a second one could not start beside it.',
});

function unreadable(path: string, cause: unknown): RowcastError {
  return new RowcastError('CHECKPOINT_UNWRITABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, hint: 'Give the user of the daemon read and write access to the file and its folder.' });
}
