import { RowcastError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { ServerOptions, TlsMode } from '../mysql/options.ts';

const MODES: readonly TlsMode[] = ['disabled', 'preferred', 'required', 'verify-ca', 'verify-identity'];
const SHAPE = 'Write mysql://user@host:3306/ or mariadb://…, special characters as %40 and the like; the password may come from MYSQL_PASSWORD. TLS: ?tls=required.';
const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_PORT = 3306;

/** The server that a URL names. No error shows any of its text, which may hold a password. @throws RowcastError CONFIG_INVALID */
export function parseServerUrl(text: string): ServerOptions {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['mysql:', 'mariadb:'].includes(url.protocol) || url.hostname === '') throw invalid('this is no URL of a MySQL or MariaDB server');
  if (url.username === '') throw invalid('the URL names no user');
  if (url.pathname !== '' && url.pathname !== '/') {
    throw invalid('the URL names a database, which says nothing about what to show', 'Leave the database out of the URL, and write patterns such as shop.* after it.');
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decoded(url.username),
    password: new Secret(decoded(url.password)),
    tls: { mode: modeOf(url.searchParams), ca: null, cert: null, key: null },
    connectTimeout: CONNECT_TIMEOUT_MS,
  };
}

function modeOf(parameters: URLSearchParams): TlsMode {
  const unknown = [...parameters.keys()].find((name) => name !== 'tls');
  if (unknown !== undefined) throw invalid('the URL has a parameter that is not known', 'The one parameter is tls, for example ?tls=required.');
  const written = parameters.get('tls') ?? 'preferred';
  const mode = MODES.find((known) => known === written);
  if (mode === undefined) throw invalid('the parameter tls of the URL has a value that is not known', `tls is one of ${MODES.join(', ')}.`);
  return mode;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('the URL has a % that begins no escape', 'Write a % in a user name or password as %25.');
  }
}

function invalid(message: string, hint = SHAPE): RowcastError {
  return new RowcastError('CONFIG_INVALID', message, { hint });
}
