import type { SaverEvents } from '../checkpoint/saver.ts';
import type { Config } from '../config/compile.ts';
import type { Logger, Sink, SinkContext } from '../core/ports.ts';
import { createMysqlSource } from '../mysql/source.ts';
import type { PrometheusMetrics } from '../observe/metrics.ts';
import { ByteGate } from '../runtime/byte-gate.ts';
import { Dispatcher } from '../runtime/dispatcher.ts';
import { Health } from '../runtime/health.ts';
import { Heartbeats } from '../runtime/heartbeats.ts';
import { Quarantine } from '../runtime/quarantine.ts';
import { Runner } from '../runtime/runner.ts';
import { StateMachine } from '../runtime/state.ts';
import type { State } from '../runtime/state.ts';
import { systemClock } from './clock.ts';
import type { Control } from './control.ts';
import type { Custody } from './custody.ts';
import { createDelivery } from './delivery.ts';
import { allFormats, formatsOf, heartbeatsOf } from './formats.ts';
import { lagSeconds, LastSeen } from './observation.ts';
import type { Observed } from './observation.ts';
import { withQuarantine } from './quarantine.ts';
import { noticesOf, routerOf } from './routing.ts';
import { Runway } from './runway.ts';
import { ServerWatch } from './server-watch.ts';
import { sourceOptions } from './source-options.ts';
import { configuredTopics, gapTopic, requiringTopics } from './written-topics.ts';

/** What is there before a daemon is put together. */
export interface Ground {
  readonly config: Config;
  readonly custody: Custody;
  readonly control: Control;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
  readonly recaptureSchema: boolean;
  /** False: another daemon may lead, so that nothing may be sent for now. */
  readonly leads: () => boolean;
}

export interface Daemon {
  readonly runner: Runner;
  readonly observed: Observed;
  readonly last: LastSeen;
  readonly watch: ServerWatch;
  /** Bytes of binlog behind the server; null where that is not known. @throws RowcastError SOURCE_* */
  readonly bytesBehind: () => Promise<number | null>;
}

/** Parts that see and tell how the daemon fares. */
interface Vitals {
  readonly state: StateMachine;
  readonly health: Health;
  readonly metrics: PrometheusMetrics;
  readonly gate: ByteGate;
  readonly last: LastSeen;
}

/** Puts a daemon together. @throws RowcastError CONFIG_INVALID, CONDITION_INVALID */
export async function assemble(ground: Ground): Promise<Daemon> {
  const { config, control, logger, custody } = ground;
  const vitals = vitalsOf(ground, (now, before) => {
    // Whenever a stream was opened: the server may be another one than before.
    if (now === 'streaming' && before !== 'paused') void watch.look();
    if (now === 'streaming') heartbeats.start();
    else if (now === 'draining' || now === 'failed') heartbeats.stop();
  });
  const { state, health, metrics, gate, last } = vitals;
  const delivery = createDelivery({ config, custody, context: sinkContext(ground, vitals), saves: savesOf(ground, vitals) });
  const { ledger, saver, marks } = delivery;
  const router = await routerOf(config);
  const notices = noticesOf(config);
  const { sink, quarantine: topic } = withQuarantine(config, sinkOf(config, delivery.sink), delivery.context);
  const quarantine = new Quarantine({ topic, hides: (database, table, column) => router.hides(database, table, column), wants: (database, table, operation) => router.wants(database, table, operation), metrics, logger });
  const source = createMysqlSource({ ...sourceOptions(config, router, ground.recaptureSchema), ignoreCase: () => [router, notices].forEach((one) => one.ignoreCase()) }, { observer: health, logger, notes: custody.notes, saved: () => last.saved });
  const format = formatsOf(config, () => source.flavor(), systemClock);
  const heartbeats = new Heartbeats({ sink, tellers: () => heartbeatsOf(allFormats(config, format)), streaming: () => state.is('streaming'), failed: (error) => control.fail(error), logger });
  const handler = new Dispatcher({ router, notices, gapTopic: gapTopic(config.name), sink, format, metrics, logger, quarantine, marks });
  const reconnects = metrics.counter('rowcast_reconnects_total');
  const runner = new Runner({ source, sink, handler, store: custody.store, ledger, saver, gate, state, logger, start: config.source.start, drainMs: config.shutdown.deadline, reconnected: () => reconnects.add(1) });
  control.attach(runner);
  const observed = { state, health, gate, leads: ground.leads, readTo: () => runner.stream?.position() ?? ledger.safe(), unreadable: () => source.unreadable(), quarantined: quarantine.rows, runway: new Runway(logger) };
  const watch = new ServerWatch({ report: () => source.report(last.bytesBehind === null ? null : lagSeconds(observed, last)), runway: observed.runway, lag: () => lagSeconds(observed, last), metrics, logger, fail: (error) => control.fail(error) });
  return { runner, observed, last, watch, bytesBehind: async () => (await source.serverEnd()).bytesBehind };
}

/** Where no topic may be created, those that the configuration tells are asked for at the start. */
function sinkOf(config: Config, sink: Sink): Sink {
  return config.sink.type === 'kafka' && !config.sink.topics.create ? requiringTopics(sink, configuredTopics(config)) : sink;
}

function sinkContext({ control, logger, leads }: Ground, { health, gate, metrics }: Vitals): Omit<SinkContext, 'ledger'> {
  return {
    gate,
    logger,
    metrics,
    leads,
    events: {
      down: (error) => {
        logger.warn('sink is down, trying again', { code: error.code, error: error.message, hint: error.hint });
        health.sinkDown(error);
      },
      up: () => {
        logger.info('sink is up');
        health.sinkUp();
      },
      failed: (error) => control.fail(error),
      lost: (error) => control.interrupt(error),
    },
  };
}

function vitalsOf({ config, control, logger, metrics, custody: { checkpoint } }: Ground, changed: (now: State, before: State) => void): Vitals {
  const state = new StateMachine((now, before) => {
    logger.debug('state', { state: now, before });
    changed(now, before);
  });
  const health = new Health(state, systemClock, config.source.heartbeat);
  const last = new LastSeen();
  last.saved = checkpoint?.position ?? null;
  last.savedAt = checkpoint?.savedAt ?? null;
  const gate = new ByteGate(config.limits.memory, {
    shut: () => control.hold(),
    moved: () => health.sinkMoved(),
    opened: () => {
      health.resumed();
      control.release();
    },
  });
  return { state, health, metrics, gate, last };
}

function savesOf({ custody, logger }: Ground, { health, metrics, last }: Vitals): SaverEvents {
  const failures = metrics.counter('rowcast_checkpoint_failures_total');
  return {
    saved: (position, at) => {
      last.saved = position;
      last.savedAt = at;
      health.checkpointSaved(null);
      void custody.saved();
    },
    failing: (error) => {
      failures.add(1);
      logger.error('the position cannot be saved, trying again', { code: error.code, error: error.message, hint: error.hint });
      health.checkpointSaved(error);
    },
  };
}
