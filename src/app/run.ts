import { FileCheckpointStore } from '../checkpoint/stores/file-store.ts';
import type { Config } from '../config/compile.ts';
import { asRowcastError } from '../core/errors.ts';
import { serveHttp } from '../observe/http-server.ts';
import { createLogger } from '../observe/logger.ts';
import { Ending } from './ending.ts';
import { Front } from './front.ts';
import { onSignals, onStrayErrors } from './signals.ts';
import { deliver } from './turn.ts';
import type { Ground } from './turn.ts';
import { version } from './version.ts';
import { Waiting } from './waiting.ts';

export interface RunOptions {
  /** Take the live columns of captured tables instead of those kept with the checkpoint. */
  readonly recaptureSchema: boolean;
}

/** Runs until SIGTERM or SIGINT; resolves when everything read was confirmed and saved. @throws RowcastError what ended it */
export async function runDaemon(config: Config, { recaptureSchema }: RunOptions): Promise<void> {
  const logger = createLogger(config.name, config.log);
  const ending = new Ending();
  const waiting = new Waiting();
  const front = new Front(config, waiting);
  const file = new FileCheckpointStore(config.checkpoint.path, config.name, (error) => { ending.fail(error); });
  const ground: Ground = { config, logger, front, waiting, ending, file };
  const http = config.http === false ? null : await serveHttp(config.http, front.pages());
  const unhand = onSignals((signal) => {
    logger.info('draining', { signal });
    ending.stop();
  });
  const unstray = onStrayErrors((error) => { ending.fail(asRowcastError(error)); });
  try {
    logger.info('rowcast starts', { version: version(), status: http === null ? null : `${http.url}/status` });
    waiting.starting(`it waits for the lock of ${config.checkpoint.path}`);
    await file.open();
    const saved = config.standby === null ? await deliver(ground, { recaptureSchema, leadership: null }) : await (await import('./standby.ts')).takeTurns(ground, recaptureSchema);
    ending.check();
    logger.info('rowcast has stopped', { saved: saved ?? 'nothing' });
  } finally {
    unhand();
    unstray();
    await file.close();
    await http?.close();
  }
}
