import { createHash } from 'node:crypto';
import { Point } from '@noble/ed25519';

const ORDER = Point.CURVE().n;

/**
 * Signs as RFC 8032, 5.1.6 does, with one difference for which no common library has a function: a secret is a password of any
 * length, where the RFC has 32 random bytes.
 */
export function sign(password: Uint8Array, message: Uint8Array): Buffer {
  const { scalar, prefix, publicKey } = keysOf(password);
  const r = number(sha512(prefix, message)) % ORDER;
  const commitment = Point.BASE.multiply(r).toBytes();
  const challenge = number(sha512(commitment, publicKey, message)) % ORDER;
  return Buffer.concat([commitment, bytes((r + challenge * scalar) % ORDER)]);
}

/** What MariaDB keeps of a password, in base64 without padding. */
export function publicKeyOf(password: Uint8Array): Uint8Array {
  return keysOf(password).publicKey;
}

interface Keys {
  readonly scalar: bigint;
  readonly prefix: Uint8Array;
  readonly publicKey: Uint8Array;
}

function keysOf(password: Uint8Array): Keys {
  const hash = sha512(password);
  const clamped = Buffer.from(hash.subarray(0, 32));
  clamped.writeUInt8(clamped.readUInt8(0) & 0xf8, 0);
  clamped.writeUInt8((clamped.readUInt8(31) & 0x7f) | 0x40, 31);
  const scalar = number(clamped) % ORDER;
  return { scalar, prefix: hash.subarray(32), publicKey: Point.BASE.multiply(scalar).toBytes() };
}

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Little-endian. */
function number(from: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(from).reverse().toString('hex')}`);
}

/** Little-endian, 32 bytes. */
function bytes(from: bigint): Buffer {
  return Buffer.from(from.toString(16).padStart(64, '0'), 'hex').reverse();
}
