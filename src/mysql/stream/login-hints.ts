/** What to do about a TLS connection that was not made, by what the driver, OpenSSL or the server said of it; null for nothing sharper than the table. */
export function tlsHint(message: string): string | null {
  return TLS.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

/** In the order in which they are looked for. */
const TLS: readonly (readonly [RegExp, string])[] = [
  [
    /altname|does not match certificate/i,
    'The certificate is good, but not for this host. Connect by a name that is on it, have a certificate made that holds the name, or look at the CA alone with tls.mode: verify-ca.',
  ],
  [
    /expired|not yet valid/i,
    'Renew the certificate of the server (MySQL takes it up with ALTER INSTANCE RELOAD TLS, MariaDB with FLUSH SSL); if it is good, the clock of one of the two machines is wrong.',
  ],
  [
    /self[- ]signed|unable to (?:verify|get)|issuer/i,
    'No CA that is trusted has signed the certificate of the server. Put the certificate of the CA that did (MySQL: ca.pem in its data folder) into tls.ca. If nothing was changed, find out first who answers at this address.',
  ],
  [
    /does not support secure connection/i,
    'Give the server a certificate (ssl_ca, ssl_cert and ssl_key), or, where the network between is trusted, set tls.mode to preferred.',
  ],
  [/insecure transport|require_secure_transport/i, 'Set tls.mode to preferred or to something stricter.'],
  [/protocol version|unsupported protocol|no protocols available/i, 'TLS 1.2 is the oldest that is spoken. Let the server speak it (tls_version), upgrade the server, or, where the network between is trusted, set tls.mode to disabled.'],
  [/alert|certificate required|handshake failure/i, 'The server ended the handshake: it may want a client certificate (tls.cert and tls.key) from a CA that it knows. Its error log has its reason.'],
];

/** The login plugin that a server asks for and nobody here has; null where the failure is another. */
export function unknownPlugin({ code, message }: { readonly code: string; readonly message: string }): string | null {
  if (code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED') return 'mysql_clear_password';
  return /unknown plugin ([\w-]+)/.exec(message)?.[1] ?? null;
}

export const PLUGIN_HINT =
  'Let the account log in by another plugin: caching_sha2_password for MySQL (ALTER USER … IDENTIFIED WITH caching_sha2_password BY …), ed25519 or mysql_native_password for MariaDB (ALTER USER … IDENTIFIED VIA ed25519 USING PASSWORD(…)). sha256_password works, too.';
