import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { ConnectionOptions, SslOptions } from 'mysql2';
import { mayGenerateCode } from '../../core/generated-code.ts';
import type { ServerOptions, TlsMode, TlsOptions } from '../options.ts';
import { LOGIN_PLUGINS } from './login-plugins.ts';

/** What mysql2 and zongji connect with. `encrypted` false leaves TLS away. */
export function driverOptions(options: ServerOptions, encrypted: boolean): ConnectionOptions {
  return {
    host: options.host,
    port: options.port,
    user: options.user,
    password: options.password.reveal(),
    connectTimeout: options.connectTimeout,
    connectAttributes: { program_name: 'rowcast' },
    // Everything that is asked for is text or whole numbers; big ones must not pass through a double.
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    // The driver, too, makes code for results; it has none where that is turned off.
    disableEval: !mayGenerateCode(),
    // None is ever prepared, and the driver makes room for as many as it may keep: half a megabyte a connection by default.
    maxPreparedStatements: 1,
    flags: ['-LOCAL_FILES'],
    authPlugins: LOGIN_PLUGINS,
    stream: () => socketTo(options),
    ...(encrypted ? { ssl: sslOptions(options.tls) } : {}),
  };
}

/** `preferred` and `required` encrypt without looking at the certificate, as in the MySQL clients. */
function sslOptions(tls: TlsOptions): SslOptions {
  return {
    rejectUnauthorized: tls.mode === 'verify-ca' || tls.mode === 'verify-identity',
    verifyIdentity: tls.mode === 'verify-identity',
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key.reveal() }),
  };
}

/** Whether a connection is encrypted at first. */
export function startsEncrypted(mode: TlsMode): boolean {
  return mode !== 'disabled';
}

/**
 * A socket with keepalive and without Nagle's delay. TLS on top of it checks the certificate against the host name that
 * the socket was opened with; for an address Node keeps none (and would check `localhost`), so it is put there.
 */
function socketTo(options: ServerOptions): Socket {
  const socket = connect(options.port, options.host);
  if (isIP(options.host) !== 0) Object.assign(socket, { _host: options.host });
  socket.setKeepAlive(true, KEEPALIVE_MS);
  socket.setNoDelay(true);
  return socket;
}

const KEEPALIVE_MS = 30_000;
