import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeyOf, sign } from '../../../../src/mysql/stream/ed25519.ts';
import { LOGIN_PLUGINS } from '../../../../src/mysql/stream/login-plugins.ts';

/** What `CREATE USER … IDENTIFIED VIA ed25519 USING PASSWORD(…)` of MariaDB 11.4 keeps. */
const KEPT: readonly (readonly [string, string])[] = [
  ['secret', 'ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY'],
];

/** Node verifies as RFC 8032 says, which is all a server does. */
function verified(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}

describe('signing with a password', () => {
  it.each(KEPT)('has the public key that MariaDB keeps of %s', (password, key) => {
    expect(Buffer.from(publicKeyOf(Buffer.from(password))).toString('base64').replace(/=+$/, '')).toBe(key);
  });

  it('is verified by an implementation of another hand, whatever the password, and by nothing else than its message and key', () => {
    for (const password of ['', 'a', 'secret', 'pässwörd—😀', 'x'.repeat(1000), '\0\xff']) {
      const key = publicKeyOf(Buffer.from(password));
      for (let i = 0; i < 8; i++) {
        const nonce = Buffer.alloc(32, i * 31);
        const signature = sign(Buffer.from(password), nonce);
        expect([signature.length, verified(key, nonce, signature)]).toEqual([64, true]);
        expect(verified(key, Buffer.alloc(32, 255), signature)).toBe(false);
        expect(verified(publicKeyOf(Buffer.from(`${password}!`)), nonce, signature)).toBe(false);
      }
    }
  });

  it('answers a server with the signature of its nonce, without what follows it', async () => {
    const login = LOGIN_PLUGINS['client_ed25519'];
    const connection = { config: { password: 'secret' } } as never;
    const answer = await login?.({ connection, command: '' })(Buffer.concat([Buffer.alloc(32, 7), Buffer.from([0])]));
    expect(answer).toEqual(sign(Buffer.from('secret'), Buffer.alloc(32, 7)));
  });
});
