import { RowcastError } from '../../core/errors.ts';
import type { ErrorDetail } from '../../core/errors.ts';
import { PLUGIN_HINT, tlsHint, unknownPlugin } from './login-hints.ts';

/** What a server or the driver says of a failure, whatever its class. */
export interface Failure {
  readonly message: string;
  /** The server's number, for example 1236; 0 where it is not the server's. */
  readonly errno: number;
  /** The driver's or the system's word, for example ECONNREFUSED. */
  readonly code: string;
}

/** Reads the fields that mysql2 and Node put on errors. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), errno: 0, code: '' };
  const errno: unknown = Reflect.get(error, 'errno');
  const code: unknown = Reflect.get(error, 'code');
  // Node's own errors carry an AggregateError without a message where a name has several addresses.
  const inner = error instanceof AggregateError && error.message === '' ? error.errors.map((one) => failureOf(one).message).join('; ') : error.message;
  return { message: inner, errno: typeof errno === 'number' && errno > 0 ? errno : 0, code: typeof code === 'string' ? code : '' };
}

/** An error packet: 0xff, number (2), and with protocol 4.1 `#` and five characters of SQL state, then the text. */
export function parseErrorPacket(bytes: Buffer, start: number, end: number): Failure {
  if (end - start < 3) return { message: 'an error packet without a number', errno: 0, code: '' };
  const text = start + 3 + (bytes[start + 3] === HASH ? 6 : 0);
  return { message: bytes.toString('utf8', Math.min(text, end), end), errno: bytes.readUInt16LE(start + 1), code: '' };
}

/** The error of the daemon for a failure while connecting, asking or reading; `where` is host:port. */
export function sourceError(failure: Failure, where: string, cause?: unknown): RowcastError {
  const detail: ErrorDetail = { ...(cause === undefined ? {} : { cause }), facts: { server: where, ...(failure.errno === 0 ? {} : { errno: failure.errno }) } };
  // MySQL says it with error 1236, MariaDB also with 4052.
  if (failure.errno !== 0 && /same server_uuid|same server_id|same server-id/i.test(failure.message)) {
    return new RowcastError('SERVER_ID_TAKEN', `another replica of ${where} has the same server id: ${failure.message}`, detail);
  }
  if (failure.errno === FATAL_READ) return readError(failure, where, detail);
  if (AUTH.has(failure.errno)) return new RowcastError('SOURCE_AUTH', `${where} refuses the account: ${failure.message}`, detail);
  if (DENIED.has(failure.errno)) return new RowcastError('SOURCE_REFUSED', `${where} denies a privilege: ${failure.message}`, detail);
  if (failure.errno === SECURE_TRANSPORT) return new RowcastError('SOURCE_TLS', `${where} takes encrypted connections only: ${failure.message}`, withHint(detail, tlsHint(failure.message)));
  if (isTls(failure)) return new RowcastError('SOURCE_TLS', `no TLS connection to ${where}: ${failure.message}`, withHint(detail, tlsHint(failure.message)));
  const plugin = unknownPlugin(failure);
  if (plugin !== null) return new RowcastError('SOURCE_AUTH', `${where} asks for the login plugin ${plugin}, which is not supported`, withHint(detail, PLUGIN_HINT));
  if (failure.code === 'AUTH_SWITCH_PLUGIN_ERROR') return new RowcastError('SOURCE_AUTH', `the login to ${where} failed: ${failure.message}`, detail);
  if (failure.errno !== 0 && !PASSING.has(failure.errno)) return new RowcastError('SOURCE_REFUSED', `${where} answers with error ${failure.errno}: ${failure.message}`, detail);
  return new RowcastError('SOURCE_LOST', `the connection to ${where} was lost or not made: ${failure.message || failure.code}`, detail);
}

function withHint(detail: ErrorDetail, hint: string | null): ErrorDetail {
  return hint === null ? detail : { ...detail, hint };
}

/** Error 1236 stands for everything that keeps a dump from going on; only its text tells what. */
function readError(failure: Failure, where: string, detail: ErrorDetail): RowcastError {
  const { message } = failure;
  if (/purged|could not find first log file|cannot find .*binlog|Could not find GTID state requested|no longer available/i.test(message)) {
    return new RowcastError('SOURCE_POSITION_PURGED', `${where} no longer has the binlog at the position to read from: ${message}`, detail);
  }
  if (/more GTIDs than the|which is not in the (master|source)'s binlog|alternate history|> file size|impossible position|not in the master's binlog|diverged/i.test(message)) {
    return new RowcastError('SOURCE_POSITION_FOREIGN', `${where} does not know the position to read from: ${message}`, detail);
  }
  if (/Cannot replicate (anonymous|GTID[- ]transaction)/i.test(message)) {
    return new RowcastError('SOURCE_REFUSED', `${where} holds back what was written under another gtid_mode: ${message}`, { ...detail, hint: MODE_HINT, facts: { ...detail.facts, ...(/AUTO_POSITION/i.test(message) ? BY_GTIDS : {}) } });
  }
  if (/max_allowed_packet/i.test(message)) {
    return new RowcastError('SOURCE_REFUSED', `${where} cannot send a binlog event: ${message}`, { ...detail, hint: 'SET GLOBAL max_allowed_packet=1073741824 on the server.' });
  }
  if (/checksum/i.test(message)) return new RowcastError('EVENT_CORRUPT', `${where} found or sent a damaged event: ${message}`, detail);
  return new RowcastError('SOURCE_LOST', `${where} ended the stream: ${message}`, detail);
}

/** Marks an error that reading by file and position would not meet. */
export const BY_GTIDS = { asked: 'by GTIDs' } as const;
const MODE_HINT = 'Transactions without GTIDs can be read while gtid_mode is not ON, those with GTIDs while it is not OFF: set gtid_mode to ON_PERMISSIVE (or OFF_PERMISSIVE) until the daemon has read them.';

function isTls(failure: Failure): boolean {
  // The driver puts one word on every failure of the handshake; a connection that broke meanwhile may come back.
  if (failure.code === 'HANDSHAKE_SSL_ERROR') return !/disconnected|ECONNRESET|EPIPE|ETIMEDOUT/.test(failure.message);
  return failure.code === NO_TLS || /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_OSSL)|^EPROTO$/.test(failure.code);
}

/** The driver's code where TLS was asked for and the server has none. */
export const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT';

/**
 * The server's errors that pass by themselves: too many connections (1040, 1203, 1226), out of memory (1037, 1038, 1041),
 * shutdown (1053, 1077, 1079), a broken or aborted connection (1152, 1158 to 1161, 1184, 1189, 1190, 4031), lock wait (1205),
 * an interrupted or overlong question (1317, 1969, 3024), a killed session (1927, 3169).
 */
const PASSING = new Set([1037, 1038, 1040, 1041, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1189, 1190, 1203, 1205, 1226, 1317, 1927, 1969, 3024, 3169, 4031]);
const HASH = 0x23;
const FATAL_READ = 1236;
const SECURE_TRANSPORT = 3159;
/** Access denied to the server (1045, 1698), unknown or locked account, expired password, no hosts. */
const AUTH = new Set([1045, 1698, 1130, 1251, 1820, 1862, 1524, 3118, 3955, 4151]);
/** Access denied to a database, a command, a table, a column, or for want of a privilege. */
const DENIED = new Set([1044, 1142, 1143, 1227, 1370]);
