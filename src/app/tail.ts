import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { PositionLedger } from '../checkpoint/ledger.ts';
import { CheckpointSaver } from '../checkpoint/saver.ts';
import type { ErrorCode } from '../core/errors.ts';
import { asRowcastError, RowcastError } from '../core/errors.ts';
import type { CheckpointStore, Logger, SinkContext, Source } from '../core/ports.ts';
import { createFormat } from '../format/formats.ts';
import type { SourceOptions } from '../mysql/options.ts';
import type { SourceProbe } from '../mysql/source.ts';
import { createMysqlSource } from '../mysql/source.ts';
import { serverLabel } from '../mysql/stream/sql-session.ts';
import { createLogger } from '../observe/logger.ts';
import { PrometheusMetrics } from '../observe/metrics.ts';
import { createNoticeRouter } from '../route/notices.ts';
import type { RouteTable } from '../route/router.ts';
import { createRouter } from '../route/router.ts';
import { ByteGate } from '../runtime/byte-gate.ts';
import { Dispatcher } from '../runtime/dispatcher.ts';
import type { DispatcherParts } from '../runtime/dispatcher.ts';
import { Runner } from '../runtime/runner.ts';
import { StateMachine } from '../runtime/state.ts';
import { createStdoutSink } from '../sink/stdout/stdout-sink.ts';
import { systemClock } from './clock.ts';
import { Control } from './control.ts';
import { parseServerUrl } from './tail-url.ts';
import { version } from './version.ts';

export interface TailOptions {
  /** Gets the changes as JSON Lines in the plain format. The source waits while it is full. */
  readonly output: Writable;
  /** Ends the tail without an error. */
  readonly signal: AbortSignal;
  /** Lines of topic, key and value, as the stdout sink writes them, instead of values alone. @default false */
  readonly keys?: boolean;
}

const NAME = 'tail';
const HEARTBEAT_MS = 5_000;
const ROW_LIMIT = 64 * 1024 * 1024;
/** Bytes of lines on their way to a slow reader before the server is kept waiting. */
const MEMORY = 4 * 1024 * 1024;
/** Bytes of a transaction that may still be rolled back; what is more goes to a temporary file. */
const HELD = 8 * 1024 * 1024;
/** How long the end waits for a reader to take what was read. */
const DRAIN_MS = 1_000;
const SYSTEM = ['mysql.*', 'sys.*', 'performance_schema.*', 'information_schema.*'];

/**
 * Writes the changes of the tables that match a pattern (all but the system's without one), from now on, until `signal`
 * aborts. A server that is lost is tried again, one that was never reached is an error.
 * @throws RowcastError CONFIG_INVALID for a URL or pattern, SOURCE_* and what else ends a daemon
 */
export async function tailUrl(url: string, patterns: readonly string[], options: TailOptions): Promise<void> {
  const server = parseServerUrl(url);
  const router = routerOf(patterns);
  const source: SourceOptions = {
    ...server,
    name: NAME,
    serverId: 'auto',
    heartbeat: HEARTBEAT_MS,
    rowLimit: ROW_LIMIT,
    includeQuery: false,
    captures: (database, table) => router.captures(database, table),
    reaches: (database) => router.reaches(database),
    // A table that comes into the pattern later is taken from the server as it is then, which for a tail is now.
    follows: (database, table) => router.captures(database, table),
    ignoreCase: () => router.ignoreCase(),
    hidesShadow: () => false,
    onUnknown: 'fail',
    recaptureSchema: false,
    holding: { all: false, memory: HELD, path: join(tmpdir(), `rowcast-tail-${process.pid}.held`) },
  };
  if (options.signal.aborted) return;
  const runner = assemble({ source, router, options, logger: createLogger(NAME, { level: 'info', format: 'auto' }) });
  const stop = (): void => runner.stop();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    await runner.run();
  } catch (error) {
    const failure = asRowcastError(error);
    // A reader that takes nothing more must not turn the wish to end into a failure: nothing is kept that could be lost.
    if (failure.code !== 'SHUTDOWN_TIMEOUT') throw forTail(failure);
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

function routerOf(patterns: readonly string[]): RouteTable {
  const system = { tables: SYSTEM, drop: true, topic: '' };
  const shown = { tables: patterns.length === 0 ? ['*.*'] : patterns, topic: '${database}.${table}', tombstones: false };
  return createRouter(patterns.length === 0 ? [system, shown] : [shown], { maskingKey: null });
}

interface Ground {
  readonly source: SourceOptions;
  readonly router: RouteTable;
  readonly options: TailOptions;
  readonly logger: Logger;
}

/** The daemon in small: no checkpoint, no pages, one sink. */
function assemble({ source: sourceOptions, router, options, logger: said }: Ground): Runner {
  const logger = loudOnly(said);
  const control = new Control();
  const metrics = new PrometheusMetrics(false);
  const state = new StateMachine();
  const ledger = new PositionLedger(null);
  const gate = new ByteGate(MEMORY, { shut: () => control.hold(), opened: () => control.release() });
  const context: SinkContext = { ledger, gate, logger, metrics, events: { down: () => undefined, up: () => undefined, failed: (error) => control.fail(error) } };
  const sink = createStdoutSink({ rowLimit: ROW_LIMIT, stream: options.output, values: options.keys !== true }, context);
  const mysql = createMysqlSource(sourceOptions, { observer: { alive: () => undefined, event: () => undefined }, logger, notes: null, saved: () => ledger.safe() });
  const format = formatOf(mysql);
  const handler = new Dispatcher({ router, notices: createNoticeRouter([]), gapTopic: `${NAME}.gaps`, sink, format, metrics, logger, quarantine: null, marks: null });
  const store = forgetful();
  const saver = new CheckpointSaver({ store, ledger, now: Date.now, events: { saved: () => undefined, failing: () => undefined } }, null);
  const source = firstMustWork(mysql, control, (again) => said.info(again ? 'connected again, showing what was missed' : 'showing changes from now on', { server: serverLabel(sourceOptions) }));
  const runner = new Runner({ source, sink, handler, store, ledger, saver, gate, state, logger, start: 'latest', drainMs: DRAIN_MS, reconnected: () => undefined });
  control.attach(runner);
  return runner;
}

function formatOf(source: SourceProbe): DispatcherParts['format'] {
  return () => createFormat({ type: 'plain' }, { serverName: NAME, version: version(), connector: source.flavor(), clock: systemClock });
}

/** Nothing is kept: a tail always begins at the end of the binlog. */
function forgetful(): CheckpointStore {
  return { open: () => Promise.resolve(), load: () => Promise.resolve(null), save: () => Promise.resolve(), close: () => Promise.resolve() };
}

/** Before the first success every failure is the end: most often the URL is wrong, and its writer is waiting. */
function firstMustWork(source: Source, control: Control, opened: (again: boolean) => void): Source {
  let worked = false;
  return {
    open: async (from, handler) => {
      try {
        const stream = await source.open(from, handler);
        opened(worked);
        worked = true;
        return stream;
      } catch (error) {
        if (!worked) control.fail(asRowcastError(error));
        throw error;
      }
    },
  };
}

/** Without what only concerns a daemon's own work. */
function loudOnly(logger: Logger): Logger {
  return { debug: () => undefined, info: () => undefined, warn: (message, fields) => logger.warn(message, fields), error: (message, fields) => logger.error(message, fields) };
}

/** What to do where the table of errors speaks of a configuration, which a tail has none of. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  SOURCE_AUTH: 'Check the user and the password of the URL (or MYSQL_PASSWORD), and the grants of the account: REPLICATION SLAVE, REPLICATION CLIENT and SELECT.',
  SOURCE_TLS: 'Choose another mode of TLS with ?tls=disabled, preferred, required, verify-ca or verify-identity at the end of the URL.',
  SOURCE_LOST: 'Check the host and the port of the URL, and that the server runs.',
  STATEMENT_DML: 'Set binlog_format=ROW for every session of the server, and start the tail again.',
  SCHEMA_CHANGED: 'Start the tail again: it goes on with the table as it is now.',
};

function forTail(error: RowcastError): RowcastError {
  const hint = HINTS[error.code];
  return hint === undefined ? error : new RowcastError(error.code, error.message, { cause: error.cause, hint, facts: error.facts });
}
