import type { AuthPlugin } from 'mysql2';

/** Ways to log in that mysql2 does not have, by the names that servers ask for them. */
export const LOGIN_PLUGINS: Readonly<Record<string, AuthPlugin>> = { client_ed25519: ed25519Login };

const NONCE_BYTES = 32;

/**
 * MariaDB's `ed25519`. Source: MariaDB's documentation, "Authentication Plugin - ed25519".
 * server: nonce (32 bytes)      client: the signature of it (64 bytes)
 * Whoever does not log in so loads nothing for it.
 */
function ed25519Login({ connection }: { readonly connection: unknown }): (nonce: Buffer) => Promise<Buffer> {
  const { password } = (connection as { readonly config: { readonly password?: string } }).config;
  return async (nonce) => {
    const { sign } = await import('./ed25519.ts');
    return sign(Buffer.from(password ?? ''), nonce.subarray(0, NONCE_BYTES));
  };
}
