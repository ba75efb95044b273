import type { Config } from '../config/compile.ts';
import { checkpointText, readCheckpointText } from '../core/checkpoint-text.ts';
import { RowcastError } from '../core/errors.ts';
import type { Checkpoint, StartAt } from '../core/ports.ts';
import type { Json, Position } from '../core/position.ts';
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

/** The saved position as text that `importPosition` takes. @throws RowcastError CONFIG_INVALID where nothing is saved, CHECKPOINT_*, SINK_* */
export async function exportPosition(config: Config): Promise<string> {
  const { store, label } = storesOf(config, LOOKING);
  try {
    const checkpoint = await store.load();
    if (checkpoint === null) throw new RowcastError('CONFIG_INVALID', `no position is saved in ${label}`, { hint: 'Start the daemon: it saves one as soon as it reads.' });
    return checkpointText(config.name, checkpoint);
  } finally {
    await store.close();
  }
}

/**
 * Saves the position of a place that the server still has. The daemon must not run.
 * @throws RowcastError CHECKPOINT_LOCKED where it does, SOURCE_POSITION_* for a place the server does not have
 */
export function setPosition(config: Config, place: StartAt): Promise<ShownPosition> {
  return replace(config, place);
}

/** Saves an exported position, of a daemon of this name, that the server still has. @throws RowcastError as `setPosition`; CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN */
export async function importPosition(config: Config, text: string): Promise<ShownPosition> {
  return replace(config, readCheckpointText(text, 'the text', config.name).position);
}

async function replace(config: Config, place: StartAt | Position): Promise<ShownPosition> {
  const stores = storesOf(config, LOOKING);
  const { store, file, label } = stores;
  try {
    await take(stores);
    const position = await positionAt(sourceOptions(config, routerOf(config), false), place);
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

/** A topic's position can be taken from a running daemon, so that one is looked for first. */
async function take({ store, file, topic, label, isHeld }: Stores): Promise<void> {
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
