import { z } from 'zod';
import { mapping, optional } from './shapes.ts';
import { certificate, duration, flag, privateKey, readFlag, secret, size, text, texts, whole, word } from './scalars.ts';

const tls = mapping({
  ca: optional(certificate()).describe('Certificates to trust instead of those of the system.'),
  cert: optional(certificate()).describe('Client certificate, where the brokers ask for one.'),
  key: optional(privateKey()).describe('Private key of the client certificate.'),
  rejectUnauthorized: flag().prefault(true).describe('Refuse a certificate that is not trusted. False is for experiments only.'),
}).describe('Encryption; `tls: {}` for the system\'s certificates. Without this key the connection is not encrypted.');

const sasl = mapping({
  mechanism: word('plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer').describe('How to log in.'),
  username: optional(text('a user name', 'rowcast')).describe('User, for every mechanism but oauthbearer.'),
  password: optional(secret('text (put quotes around a number)')).describe('Password, for every mechanism but oauthbearer.'),
  token: optional(secret('text')).describe('Bearer token, for oauthbearer.'),
  tokenFile: optional(text('the path of a file', '/run/secrets/kafka-token')).describe('File with the bearer token, read again at every login, so that it may change.'),
});

const topics = mapping({
  create: flag().prefault(true).describe('Create topics that do not exist. When false such a topic is an error.'),
  partitions: optional(whole(1, 100_000, 3)).describe('Partitions of a topic that is created; without it, the broker\'s default.'),
  replicationFactor: optional(whole(1, 1_000, 3)).describe('Replicas of a topic that is created; without it, the broker\'s default.'),
});

const transaction = mapping({
  timeout: duration('1s', '15m', '60s').prefault('60s').describe('How long a Kafka transaction may last before the brokers abort it (`transaction.timeout.ms`); never above their `transaction.max.timeout.ms`. One transaction of the source must be read and delivered within it.'),
  interval: duration('1ms', '10s', '100ms').prefault('100ms').describe('A Kafka transaction of a busy stream is committed after this time, where a transaction of the source ends; that of an idle one at once.'),
  size: size('64KiB', '16GiB', '32MiB').prefault('32MiB').describe('Or after so many bytes.'),
  onTimeout: word('fail', 'split').prefault('fail').describe('What becomes of a transaction of the source that lasts longer than `timeout`: `fail` stops the daemon with TRANSACTION_TIMEOUT; `split` commits it in parts, and messages from the second part on have the header `rowcast.part`. A crash between two parts repeats the earlier ones.'),
});

const kafka = mapping({
  type: z.literal('kafka').describe('Apache Kafka and what speaks its protocol.'),
  brokers: texts('a list of host:port', '["127.0.0.1:9092"]').describe('Some of the brokers, as a list or as one text with commas.'),
  tls: optional(tls).describe('Encryption; `tls: {}` for the certificates of the system. Without this key the connection is not encrypted.'),
  sasl: optional(sasl).describe('Login; none without this key.'),
  compression: word('none', 'gzip', 'snappy', 'lz4', 'zstd').prefault('none').describe('Compression of record batches.'),
  topics: topics.prefault({}).describe('What to do about topics that do not exist.'),
  delivery: word('exactly-once', 'at-least-once').prefault('exactly-once').describe('`exactly-once` commits messages and the position after them in one Kafka transaction; it needs the position in a topic (`checkpoint.type: kafka`, which is then the default). Consumers must read with `isolation.level=read_committed`: one without it also sees messages of transactions that were taken back, which are repeats. `at-least-once` uses no transactions for messages, may keep the position anywhere, and tells rows since the last saved position again after a crash.'),
  transaction: transaction.prefault({}).describe('Transactions of `delivery: exactly-once`.'),
  batch: size('1KiB', '256MiB', '1MiB').prefault('1MiB').describe('Largest record batch before compression; never above what the topic takes.'),
  connectTimeout: duration('100ms', '10m', '10s').prefault('10s').describe('How long one attempt to connect may take.'),
  requestTimeout: duration('1s', '10m', '30s').prefault('30s').describe('How long a request may wait for its answer before the connection is given up.'),
});

const file = mapping({
  type: z.literal('file').describe('JSON Lines in a file.'),
  path: text('the path of a file', './data/changes.jsonl').describe('The file; changes are appended.'),
});

const stdout = mapping({ type: z.literal('stdout').describe('JSON Lines on standard output.') });

/** Where the changes go. */
export const sinkSchema = z
  .discriminatedUnion('type', [kafka, file, stdout])
  .prefault({ type: 'stdout' })
  .describe('Where the changes go: `type` is kafka, file or stdout.');

/** The HTTP server, or false for none. */
export const httpSchema = z
  .preprocess(
    (value) => readFlag(value) ?? value,
    z.union([
      z.literal(false),
      mapping({
        host: text('a host name or an address', '127.0.0.1').prefault('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all, as in a container, where nobody outside reaches 127.0.0.1. The pages ask for no password: they hold names of tables and topics, positions and errors, and no secret or value of a row.'),
        port: whole(0, 65535, 9464).prefault(9464).describe('Port to listen on; 0 for any free one.'),
      }),
    ], { error: () => 'must be false or a mapping with host and port' }),
  )
  .prefault({})
  .describe('Metrics, health and status over HTTP; `http: false` for none.');
