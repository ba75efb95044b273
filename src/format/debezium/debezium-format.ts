import type { Format } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { DebeziumAnnouncer } from './announcer.ts';
import { EnvelopeEncoder } from './envelope-encoder.ts';
import { Envelopes } from './envelopes.ts';
import { FlatEncoder } from './flat-encoder.ts';
import { Heartbeats } from './heartbeats.ts';
import type { DebeziumOptions } from './options.ts';
import { representDebezium } from './representations.ts';
import { SharedSource } from './source-block.ts';
import { TransactionMessages } from './transaction-messages.ts';

/**
 * Debezium's messages as its MySQL and MariaDB connectors write them with the JSON converter. Source: Debezium's
 * documentation, and what it says itself of the same rows (test/compat). What differs is listed in differences.ts.
 */
export function createDebeziumFormat(context: FormatContext, options: DebeziumOptions): Format {
  const represent = representDebezium(options);
  const { flat } = options;
  const envelopes = new Envelopes(context, options);
  const shared = new SharedSource(context);
  return {
    encoder(projection) {
      const ground = { context, options, projection, represent };
      envelopes.seen(ground);
      return flat === null ? new EnvelopeEncoder(ground, shared) : new FlatEncoder(ground, flat);
    },
    announcer: new DebeziumAnnouncer(context, options, (database, name) => envelopes.opening(database, name)),
    ...(options.transactionTopic === null ? {} : { transactions: new TransactionMessages(options.transactionTopic, options.schemas) }),
    ...(options.heartbeat === null ? {} : { heartbeat: new Heartbeats({ ...options.heartbeat, context, schemas: options.schemas }) }),
  };
}
