import { RowcastError, asRowcastError } from '../core/errors.ts';
import type { CheckpointStore, Logger, Sink } from '../core/ports.ts';
import { waitOr } from '../core/deferred.ts';

export interface DrainParts {
  readonly sink: Sink;
  readonly store: CheckpointStore;
  readonly saver: { stop(): void; save(): Promise<void> };
  readonly logger: Logger;
  /** Milliseconds that a drain may take in all, */
  readonly drainMs: number;
  /** and that are left of it. */
  readonly leftMs: number;
}

/**
 * How much a drain waits for: all of it; not for the sink, which has failed; for nothing, since another daemon leads and has
 * the position.
 */
export type DrainScope = 'all' | 'position' | 'nothing';

/**
 * Ends delivery in order: the sink confirms what it has, the position that this allows is saved, all is closed. Whatever
 * goes wrong, the saved position stays behind every unconfirmed row (Invariants 1 and 9).
 * @returns null, or the error of a drain that did not end in time or could not save
 */
export async function drain(parts: DrainParts, scope: DrainScope): Promise<RowcastError | null> {
  const { sink, store, saver, logger } = parts;
  saver.stop();
  const late = scope === 'all' ? await flush(parts) : null;
  const unsaved = scope === 'nothing' ? null : await saver.save().then(
    () => null,
    (error: unknown) => asRowcastError(error),
  );
  await quietly(logger, 'sink', () => sink.close());
  await quietly(logger, 'checkpoint', () => store.close());
  return late ?? unsaved;
}

async function flush({ sink, drainMs, leftMs }: DrainParts): Promise<RowcastError | null> {
  let result: RowcastError | null = new RowcastError('SHUTDOWN_TIMEOUT', `the sink did not confirm everything within ${drainMs / 1000} s`);
  const flushed = sink.flush().then(
    () => {
      result = null;
    },
    (error: unknown) => {
      result = asRowcastError(error);
    },
  );
  await waitOr(leftMs, flushed);
  return result;
}

async function quietly(logger: Logger, what: string, close: () => Promise<void>): Promise<void> {
  try {
    await close();
  } catch (error) {
    logger.warn(`${what} did not close cleanly`, { error: asRowcastError(error).message });
  }
}
