/**
 * Hash functions that Java programs choose partitions by, over text as UTF-8, so that no string is made. Both answer a
 * signed 32-bit number.
 */

const FACTOR_1 = 0xcc9e2d51 | 0;
const FACTOR_2 = 0x1b873593;

/** `String.hashCode` of the text `bytes[0, end)`, valid UTF-8: over its UTF-16 units, two for characters above U+FFFF. */
export function javaHash(bytes: Uint8Array, end: number): number {
  let hash = 0;
  for (let at = 0; at < end; ) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      hash = (Math.imul(hash, 31) + first) | 0;
    } else if (first < 0xe0) {
      hash = (Math.imul(hash, 31) + (((first & 0x1f) << 6) | low(bytes, at++))) | 0;
    } else if (first < 0xf0) {
      hash = (Math.imul(hash, 31) + (((first & 0x0f) << 12) | (low(bytes, at) << 6) | low(bytes, at + 1))) | 0;
      at += 2;
    } else {
      const beyond = (((first & 7) << 18) | (low(bytes, at) << 12) | (low(bytes, at + 1) << 6) | low(bytes, at + 2)) - 0x10000;
      hash = (Math.imul(hash, 31) + (0xd800 | (beyond >> 10))) | 0;
      hash = (Math.imul(hash, 31) + (0xdc00 | (beyond & 0x3ff))) | 0;
      at += 3;
    }
  }
  return hash;
}

/** MurmurHash3 x86 32 of `bytes[0, end)`. */
export function murmur3(bytes: Uint8Array, end: number, seed: number): number {
  let hash = seed | 0;
  const whole = end & ~3;
  for (let at = 0; at < whole; at += 4) {
    hash ^= mixed((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = end - 1; at >= whole; at--) tail = (tail << 8) | (bytes[at] as number);
  if (whole < end) hash ^= mixed(tail);
  hash ^= end;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

function low(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) & 0x3f;
}

function mixed(word: number): number {
  const product = Math.imul(word, FACTOR_1);
  return Math.imul((product << 15) | (product >>> 17), FACTOR_2);
}
