import { CommittedLedger } from '../checkpoint/committed-ledger.ts';
import { PositionLedger } from '../checkpoint/ledger.ts';
import { CheckpointSaver } from '../checkpoint/saver.ts';
import type { SaverEvents } from '../checkpoint/saver.ts';
import { exactlyOnce } from '../config/compile.ts';
import type { Config, KafkaConfig } from '../config/compile.ts';
import { RowcastError } from '../core/errors.ts';
import type { Sink, SinkContext } from '../core/ports.ts';
import type { TransactionMarks } from '../core/source-seam.ts';
import type { RunnerLedger, RunnerSaver } from '../runtime/runner.ts';
import { ExactlyOnceSink } from '../sink/kafka/exactly-once.ts';
import type { Custody } from './custody.ts';
import { kafkaOptions } from './kafka-options.ts';
import { createSink } from './sinks.ts';
import { transactionalId } from './stores.ts';

/** What moves messages and the position, one behind the other or both together. */
export interface Delivery {
  readonly sink: Sink;
  /** As the sink was made with it. */
  readonly context: SinkContext;
  readonly ledger: RunnerLedger;
  readonly saver: RunnerSaver;
  /** Wants to know where transactions of the source begin and end. */
  readonly marks: TransactionMarks | null;
}

export interface DeliveryParts {
  readonly config: Config;
  readonly custody: Custody;
  readonly context: Omit<SinkContext, 'ledger'>;
  readonly saves: SaverEvents;
}

/** What is known of the delivery, for people. */
export interface ShownDelivery {
  readonly mode: 'at-least-once' | 'exactly-once';
  /** Null without transactions. */
  readonly transactionalId: string | null;
}

export function shownDelivery({ sink, name }: Config): ShownDelivery {
  return exactlyOnce(sink) ? { mode: 'exactly-once', transactionalId: transactionalId(name) } : { mode: 'at-least-once', transactionalId: null };
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { sink } = parts.config;
  return sink.type === 'kafka' && exactlyOnce(sink) ? together(parts, sink) : behind(parts);
}

/** The position is saved after the messages before it are confirmed. */
function behind({ config, custody, context: rest, saves }: DeliveryParts): Delivery {
  const { checkpoint, store, imported } = custody;
  const ledger = new PositionLedger(checkpoint?.position ?? null);
  const context = { ...rest, ledger };
  const saver = new CheckpointSaver({ store, ledger, now: Date.now, events: saves }, imported ? null : (checkpoint?.position ?? null));
  return { sink: createSink(config, context), context, ledger, saver, marks: null };
}

/** The position is committed with the messages before it. */
function together({ config, custody, context: rest, saves }: DeliveryParts, kafka: KafkaConfig): Delivery {
  const { topic: store, checkpoint, imported } = custody;
  if (store === null) throw new RowcastError('CONFIG_INVALID', 'sink.delivery is exactly-once, which needs checkpoint.type kafka');
  const { timeout, interval, size, onTimeout } = kafka.transaction;
  const start = checkpoint?.position ?? null;
  const places = new CommittedLedger(start);
  // Nothing but the sink confirms anything here.
  const context = { ...rest, ledger: new PositionLedger(start) };
  const options = { ...kafkaOptions(config, kafka), transactionTimeoutMs: timeout, intervalMs: interval, transactionBytes: size, onTimeout };
  const sink = new ExactlyOnceSink(options, { ...context, store, places, committed: imported ? null : start, saved: (position, at) => { saves.saved(position, at); } });
  return { sink, context, ledger: places, saver: sink, marks: places };
}
