/**
 * Decimal digits straight into bytes. As everywhere in `ByteWriter`, what is written past the end of `bytes` is lost;
 * where the next byte goes is returned all the same.
 */

const ZERO = 0x30;

/** `value`, 0 to 2^32 − 1, without zeros in front. Returns where the next byte goes. */
export function putUint32(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  if (value < 100) {
    putPair(bytes, at, value);
    return at + 2;
  }
  return putDigits(bytes, at, value, digitCount(value));
}

/** The last `count` decimal digits of `value`, 0 to 2^32 − 1, zeros in front. Returns where the next byte goes. */
export function putDigits(bytes: Uint8Array, at: number, value: number, count: number): number {
  const end = at + count;
  let rest = value >>> 0;
  let to = end - 2;
  for (; to >= at; to -= 2) {
    const quotient = (rest / 100) >>> 0;
    putPair(bytes, to, (rest - Math.imul(quotient, 100)) | 0);
    rest = quotient;
  }
  if (to + 1 === at) bytes[at] = ZERO + (rest % 10);
  return end;
}

/** Two digits of `value`, 0 to 99. */
export function putPair(bytes: Uint8Array, at: number, value: number): void {
  const tens = Math.imul(value, 205) >> 11;
  bytes[at] = ZERO + tens;
  bytes[at + 1] = (ZERO + value - Math.imul(tens, 10)) | 0;
}

function digitCount(value: number): number {
  if (value < 10_000) return value < 1_000 ? 3 : 4;
  if (value < 100_000_000) return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8;
  return value < 1_000_000_000 ? 9 : 10;
}
