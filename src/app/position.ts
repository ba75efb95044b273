import type { Config } from '../config/compile.ts';
import { checkpointText, readCheckpointText, splitCheckpointText } from '../core/checkpoint-text.ts';
import { RowcastError } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import { notesText, readNotesText } from '../core/notes-text.ts';
import type { Checkpoint, StartAt } from '../core/ports.ts';
import type { Json, Position } from '../core/position.ts';
import { isHistoryOf, liesWithin } from '../mysql/kept-schema.ts';
import { positionAt } from '../mysql/position-at.ts';
import { routerOf } from './routing.ts';
import { sourceOptions } from './source-options.ts';
import { LOOKING, storesOf } from './stores.ts';
import type { Stores } from './stores.ts';

/** The saved position. */
export interface ShownPosition {
  /** `file …`, `topic …` or `table …`. */
  readonly store: string;
  /** Null where nothing is saved. */
  readonly position: string | null;
  /** As the source keeps it. */
  readonly state: Json;
  /** ISO 8601. */
  readonly savedAt: string | null;
  /** A daemon uses it now, or was killed some seconds ago. */
  readonly running: boolean;
}

/** What is saved. Changes nothing; the daemon may run. @throws RowcastError CHECKPOINT_*, SINK_* */
export async function showPosition(config: Config): Promise<ShownPosition> {
  const stores = storesOf(config, LOOKING);
  try {
    return shown(stores, await stores.store.load(), await stores.isHeld());
  } finally {
    await stores.store.close();
  }
}

/**
 * The saved position, and the schema history that rows after it are read by, as text that `importPosition` takes: what the
 * two files of a checkpoint of type file hold, one after the other. Changes nothing; the daemon may run.
 * @throws RowcastError CONFIG_INVALID where nothing is saved, CHECKPOINT_*, HISTORY_*, SINK_*
 */
export async function exportPosition(config: Config): Promise<string> {
  const { store, notes, label } = storesOf(config, LOOKING);
  try {
    for (let left = EXPORT_TRIES; ; left--) {
      const checkpoint = await store.load();
      if (checkpoint === null) throw new RowcastError('CONFIG_INVALID', `no position is saved in ${label}`, { hint: 'Start the daemon: it saves one as soon as it reads.' });
      // Read after the position, it has all that comes before it; a daemon that runs may have moved its base behind it meanwhile.
      const history = await notes.load();
      const fits = history !== null && isHistoryOf(history, checkpoint.position);
      if (history === null || fits || left === 0) return checkpointText(config.name, checkpoint) + (history !== null && fits ? notesText(config.name, history).text : '');
    }
  } finally {
    await store.close();
  }
}

const EXPORT_TRIES = 3;

/**
 * Saves the position of a place that the server still has. The daemon must not run. The schema history stays where it can
 * tell the tables as of that place; else it is forgotten, and the tables are captured anew.
 * @throws RowcastError CHECKPOINT_LOCKED where it does, SOURCE_POSITION_* for a place the server does not have
 */
export function setPosition(config: Config, place: StartAt): Promise<ShownPosition> {
  return replace(config, place, null);
}

/** Saves an exported position, of a daemon of this name, that the server still has, and the schema history after it. @throws RowcastError as `setPosition`; CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, HISTORY_DAMAGED, HISTORY_FOREIGN */
export async function importPosition(config: Config, text: string): Promise<ShownPosition> {
  const { checkpoint, rest } = splitCheckpointText(text);
  const { position } = readCheckpointText(checkpoint, 'the text', config.name);
  const notes = rest.trim() === '' ? null : readNotesText(rest, { where: 'the schema history after the position', name: config.name }).notes;
  return replace(config, position, notes);
}

async function replace(config: Config, place: StartAt | Position, history: Notes | null): Promise<ShownPosition> {
  const stores = storesOf(config, LOOKING);
  const { store, file, label } = stores;
  try {
    await holdIdle(stores);
    const position = await positionAt(sourceOptions(config, await routerOf(config), false), place);
    await replaceNotes(stores, position, history);
    const checkpoint = { position, savedAt: Date.now() };
    await store.save(checkpoint);
    // What a file holds would be taken over no more, but somebody could be misled by it.
    if (store !== file && (await file.load()) !== null) await file.retire();
    return { ...shown(stores, checkpoint, false), store: label };
  } finally {
    await store.close();
    await file.close();
  }
}

/** Before the position is saved: a history that misses statements before it would have rows read by columns that were never theirs (Invariant 8). */
async function replaceNotes({ store, notes, fileNotes }: Stores, position: Position, history: Notes | null): Promise<void> {
  if (history !== null) await notes.save(history.base, history.entries);
  else {
    const before = await store.load();
    if (before === null || !liesWithin(position, before.position)) await notes.clear();
  }
  if (notes !== fileNotes && fileNotes.exists) await fileNotes.retire();
}

/**
 * Takes position and history where no daemon uses them. A topic's can be taken from a running one, so that one is looked for first.
 * @throws RowcastError CHECKPOINT_LOCKED
 */
export async function holdIdle({ store, file, topic, label, isHeld }: Stores): Promise<void> {
  try {
    if (topic !== null && (await isHeld())) throw new RowcastError('CHECKPOINT_LOCKED', `a daemon uses ${label}`);
    await file.open();
    if (store !== file) await store.open();
  } catch (error) {
    if (!(error instanceof RowcastError) || error.code !== 'CHECKPOINT_LOCKED') throw error;
    throw new RowcastError('CHECKPOINT_LOCKED', `a daemon uses the position in ${label} (or was killed a few seconds ago); nothing was changed`, { cause: error, hint: 'Stop the daemon, and run this again.' });
  }
}

function shown({ label }: Stores, checkpoint: Checkpoint | null, running: boolean): ShownPosition {
  if (checkpoint === null) return { store: label, position: null, state: null, savedAt: null, running };
  return { store: label, position: checkpoint.position.label, state: checkpoint.position.state, savedAt: new Date(checkpoint.savedAt).toISOString(), running };
}
