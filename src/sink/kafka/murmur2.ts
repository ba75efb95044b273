/**
 * The partition of a key among `count`, as Java's producer computes it (`toPositive(murmur2(key)) % count`), so that
 * consumers find a key where every other client would put it. Source: MurmurHash2, 32 bits, seed 0x9747b28c.
 */
export function partitionOf(bytes: Uint8Array, length: number, count: number): number {
  return count === 1 ? 0 : (murmur2(bytes, length) & 0x7fffffff) % count;
}

/** MurmurHash2 of `bytes[0, length)`, as a signed 32-bit number. */
export function murmur2(bytes: Uint8Array, length: number): number {
  let hash = SEED ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let word = (bytes[i] as number) | ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  const rest = length & 3;
  if (rest === 3) hash ^= (bytes[whole + 2] as number) << 16;
  if (rest >= 2) hash ^= (bytes[whole + 1] as number) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ (bytes[whole] as number), MULTIPLIER);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
