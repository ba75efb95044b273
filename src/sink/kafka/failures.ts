import { RowcastError } from '../../core/errors.ts';
import { errorName, reactionTo } from './protocol/error-codes.ts';

/** Names of kafkajs's errors that say that a login failed. */
const LOGIN_ERRORS = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSNotImplemented']);

/** What a failure to connect means: SINK_AUTH for a login, SINK_LOST for all else. */
export function connectionError(what: string, cause: unknown): RowcastError {
  if (cause instanceof RowcastError) return cause;
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  const login = LOGIN_ERRORS.has(error.name) || /SASL|AUTHENTICATION|AUTHORIZATION/.test(type);
  return new RowcastError(login ? 'SINK_AUTH' : 'SINK_LOST', `${what}: ${error.message}`, { cause });
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
    case 'bump':
      return new RowcastError('SINK_LOST', text, { facts: { error: name } });
  }
}

