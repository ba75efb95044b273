import type { Config } from '../config/compile.ts';
import { asRowcastError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import { serveHttp } from '../observe/http-server.ts';
import type { HttpServer } from '../observe/http-server.ts';
import { createLogger } from '../observe/logger.ts';
import { assemble } from './assemble.ts';
import type { Daemon } from './assemble.ts';
import { Control } from './control.ts';
import { Custody } from './custody.ts';
import { pages } from './observation.ts';
import { onSignals, onStrayErrors } from './signals.ts';
import { version } from './version.ts';

export interface RunOptions {
  /** Take the live columns of captured tables instead of those kept with the checkpoint. */
  readonly recaptureSchema: boolean;
}

/** Milliseconds between two looks at how far the server's end is. */
const PROBE_MS = 5_000;

/** Milliseconds between two looks at the server's settings. */
const WATCH_MS = 60_000;

/** Runs until SIGTERM or SIGINT; resolves when everything read was confirmed and saved. @throws RowcastError what ended it */
export async function runDaemon(config: Config, options: RunOptions): Promise<void> {
  const logger = createLogger(config.name, config.log);
  const control = new Control();
  const custody = new Custody(config, { logger, lost: (error) => control.fail(error) });
  const early = new AbortController();
  const unhand = onSignals(() => early.abort());
  try {
    await custody.open(early.signal);
    unhand();
    if (early.signal.aborted) return;
    const daemon = assemble({ config, custody, control, logger, recaptureSchema: options.recaptureSchema });
    const http = config.http === false ? null : await serveHttp(config.http, pages(daemon.observed, daemon.last, daemon.watch));
    logger.info('rowcast starts', { version: version(), status: http === null ? null : `${http.url}/status`, saved: custody.checkpoint?.position.label ?? 'nothing' });
    await live({ daemon, http, logger, control });
    logger.info('rowcast has stopped', { saved: daemon.last.saved?.label ?? 'nothing' });
  } finally {
    unhand();
    await custody.close();
  }
}

interface Life {
  readonly daemon: Daemon;
  readonly http: HttpServer | null;
  readonly logger: Logger;
  readonly control: Control;
}

async function live({ daemon, http, logger, control }: Life): Promise<void> {
  const unhand = onSignals((signal) => {
    logger.info('draining', { signal });
    daemon.runner.stop();
  });
  const unstray = onStrayErrors((error) => control.fail(asRowcastError(error)));
  const probe = setInterval(() => void look(daemon, logger), PROBE_MS);
  const watch = setInterval(() => void daemon.watch.look(), WATCH_MS);
  void daemon.watch.look();
  try {
    await daemon.runner.run();
  } finally {
    clearInterval(probe);
    clearInterval(watch);
    unhand();
    unstray();
    await http?.close();
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
