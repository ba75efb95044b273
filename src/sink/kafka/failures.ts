import { RowcastError } from '../../core/errors.ts';
import type { Batch } from './batch.ts';
import { readRecords } from './record-batch.ts';
import { errorName, reactionTo } from './protocol/error-codes.ts';

/** Names of kafkajs's errors that say that a login failed. */
const LOGIN_ERRORS = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSNotImplemented']);

/** Node's and OpenSSL's codes of a certificate that one side does not accept, or of a side that does not speak TLS. */
const TLS_CODES = /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|CERT_|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$)/;

/** What a failure to connect means: SINK_AUTH for a login or a certificate, SINK_LOST for all else. */
export function connectionError(what: string, cause: unknown): RowcastError {
  if (cause instanceof RowcastError) return cause;
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code = textOf(error, 'code');
  if (TLS_CODES.test(code)) {
    return new RowcastError('SINK_AUTH', `${what}: no TLS connection: ${error.message}`, {
      cause,
      facts: { error: code },
      hint: 'Check sink.tls: the CA must be the one that signed the certificates of the brokers, their host names must be on them, the brokers may ask for a certificate and key of ours, and their port must speak TLS.',
    });
  }
  const login = LOGIN_ERRORS.has(error.name) || /SASL|AUTHENTICATION|AUTHORIZATION/.test(textOf(error, 'type'));
  return new RowcastError(login ? 'SINK_AUTH' : 'SINK_LOST', `${what}: ${error.message}`, { cause });
}

function textOf(error: Error, name: string): string {
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === 'string' ? value : '';
}

/** An error code that a broker answered, as an error. */
export function brokerError(what: string, code: number, message: string | null): RowcastError {
  const name = errorName(code);
  const text = `${what}: ${name}${message === null ? '' : ` (${message})`}`;
  switch (reactionTo(code)) {
    case 'auth':
      return new RowcastError('SINK_AUTH', text, { facts: { error: name } });
    case 'refused':
    case 'size':
      return new RowcastError('SINK_REFUSED', text, { facts: { error: name } });
    case 'again':
    case 'renew':
      return new RowcastError('SINK_LOST', text, { facts: { error: name } });
  }
}

/** A key in an error is cut to this many bytes. */
const KEY_BYTES = 200;

/** The same error with the key of the record that was refused, the first where the broker names none, and the position that its row comes after. */
export async function aboutRecord(error: RowcastError, batch: Batch, record: number | null): Promise<RowcastError> {
  const records = await batch.plain().then(readRecords).catch(() => []);
  const key = records[record ?? 0]?.key;
  const after = batch.ticket?.before?.label;
  const shown = key === null || key === undefined ? null : key.toString('utf8', 0, Math.min(key.length, KEY_BYTES));
  const text = `${error.message}; ${record === null && batch.count > 1 ? 'the first message of the batch' : 'the message'} has ${shown === null ? 'no key' : `the key ${shown}`}${after === undefined ? '' : `, and its row comes after ${after}`}`;
  return new RowcastError(error.code, text, { cause: error, hint: error.hint, facts: { ...error.facts, ...(shown === null ? {} : { key: shown }), ...(after === undefined ? {} : { after }) } });
}
