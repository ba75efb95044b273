import { readFile } from 'node:fs/promises';
import type { Config, KafkaConfig } from '../config/compile.ts';
import { RowcastError } from '../core/errors.ts';
import type { KafkaSasl, KafkaSinkOptions } from '../sink/kafka/options.ts';

/** The Kafka sink's options from the configuration. */
export function kafkaOptions(config: Config, sink: KafkaConfig): KafkaSinkOptions {
  return {
    brokers: sink.brokers,
    clientId: `rowcast-${config.name}`,
    tls: sink.tls === null ? undefined : { ca: sink.tls.ca ?? undefined, cert: sink.tls.cert ?? undefined, key: sink.tls.key?.reveal(), rejectUnauthorized: sink.tls.rejectUnauthorized },
    sasl: sink.sasl === null ? undefined : saslOf(sink.sasl),
    compression: sink.compression,
    topics: { create: sink.topics.create, partitions: sink.topics.partitions ?? undefined, replicationFactor: sink.topics.replicationFactor ?? undefined },
    batchBytes: sink.batch,
    requestTimeoutMs: sink.requestTimeout,
    connectTimeoutMs: sink.connectTimeout,
    memory: config.limits.memory,
  };
}

/** The group in which the daemons of a name decide who leads. */
export function groupOf(name: string): string {
  return `rowcast-${name}`;
}

function saslOf(sasl: NonNullable<KafkaConfig['sasl']>): KafkaSasl {
  const { mechanism, username, password, token, tokenFile } = sasl;
  if (mechanism === 'oauthbearer') return { mechanism, token: async () => (tokenFile === null ? token?.reveal() : (await readFile(tokenFile, 'utf8')).trim()) ?? '' };
  if (username === null || password === null) throw new RowcastError('CONFIG_INVALID', `sink.sasl: ${mechanism} needs username and password`);
  return { mechanism, username, password };
}
