import type { FileCheckpointStore } from '../checkpoint/stores/file-store.ts';
import type { Config } from '../config/compile.ts';
import type { Leadership } from '../core/election.ts';
import { asRowcastError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import { assemble } from './assemble.ts';
import type { Daemon } from './assemble.ts';
import { Control } from './control.ts';
import { Custody } from './custody.ts';
import type { Ending } from './ending.ts';
import type { Front } from './front.ts';
import { viewOf } from './observation.ts';
import type { Waiting } from './waiting.ts';

/** What outlives a turn. */
export interface Ground {
  readonly config: Config;
  readonly logger: Logger;
  readonly front: Front;
  readonly waiting: Waiting;
  readonly ending: Ending;
  /** The local files, which are locked. */
  readonly file: FileCheckpointStore;
}

export interface TurnOptions {
  /** Take the live columns of captured tables instead of those kept with the checkpoint. */
  readonly recaptureSchema: boolean;
  /** Null where nobody else could lead. */
  readonly leadership: Leadership | null;
}

/** Milliseconds between two looks at how far the server's end is. */
const PROBE_MS = 5_000;

/** Milliseconds between two looks at the server's settings. */
const WATCH_MS = 60_000;

/**
 * One turn of delivering: takes the position, runs until the process is to end or leadership is lost, lets go of all.
 * @returns label of the saved position; null where nothing is saved, or the end came before
 * @throws RowcastError what ended it; LEADERSHIP_LOST where another daemon may lead
 */
export async function deliver(ground: Ground, options: TurnOptions): Promise<string | null> {
  const { config, logger, front, waiting, ending, file } = ground;
  const control = new Control();
  const custody = new Custody(config, { logger, lost: (error) => { control.fail(error); }, elected: options.leadership !== null }, file);
  const stop = stopOf(ending, options.leadership);
  try {
    waiting.starting(`it waits for the checkpoint in ${custody.label}`);
    await custody.open(stop, (error) => { waiting.trouble(error); });
    if (stop.aborted) return await endedEarly(ending, options.leadership);
    const daemon = await assemble({ config, custody, control, logger, metrics: front.metrics, recaptureSchema: options.recaptureSchema, leads: leadsOf(options.leadership) });
    logger.info('the position is taken', { place: custody.label, saved: custody.checkpoint?.position.label ?? 'nothing' });
    front.leadership.leads = true;
    front.show(viewOf(daemon.observed, daemon.last, daemon.watch));
    void options.leadership?.lost.then((error) => { control.fail(error); });
    await live(daemon, { logger, ending, control });
    return daemon.last.saved?.label ?? null;
  } finally {
    front.leadership.leads = false;
    front.show(waiting);
    await custody.close();
  }
}

/** Ends what waits for the position when the process is to end, or the turn is over before it has begun. */
function stopOf(ending: Ending, leadership: Leadership | null): AbortSignal {
  const over = new AbortController();
  void leadership?.lost.then(() => { over.abort(); });
  return AbortSignal.any([ending.signal, over.signal]);
}

async function endedEarly(ending: Ending, leadership: Leadership | null): Promise<null> {
  ending.check();
  if (!ending.signal.aborted && leadership !== null) throw await leadership.lost;
  return null;
}

function leadsOf(leadership: Leadership | null): () => boolean {
  return leadership === null ? () => true : () => leadership.holds();
}

async function live(daemon: Daemon, { logger, ending, control }: { readonly logger: Logger; readonly ending: Ending; readonly control: Control }): Promise<void> {
  const end = (): void => {
    if (ending.error === null) daemon.runner.stop();
    else control.fail(ending.error);
  };
  if (ending.signal.aborted) end();
  ending.signal.addEventListener('abort', end);
  const probe = setInterval(() => void look(daemon, logger), PROBE_MS);
  const watch = setInterval(() => void daemon.watch.look(), WATCH_MS);
  void daemon.watch.look();
  try {
    await daemon.runner.run();
  } finally {
    clearInterval(probe);
    clearInterval(watch);
    ending.signal.removeEventListener('abort', end);
  }
}

async function look(daemon: Daemon, logger: Logger): Promise<void> {
  try {
    daemon.last.bytesBehind = await daemon.bytesBehind();
  } catch (error) {
    daemon.last.bytesBehind = null;
    logger.debug('the end of the binlog cannot be seen', { error: asRowcastError(error).message });
  }
}
