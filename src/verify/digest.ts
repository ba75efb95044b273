/** Digests of one column each, eight bytes; two values of them mean something else. */

/** Bytes of a digest. */
export const DIGEST_BYTES = 8;

/** In place of a digest: the message does not tell the column. */
export const ABSENT_DIGEST = 0;
/** In place of a digest: the value was cut to fit, so it cannot be compared. */
export const CUT_DIGEST = 1;

const FIRST = 2654435761;
const SECOND = 1597334677;

/** Writes the digest of bytes[from, to) at `at`: two hashes of 32 bits with different multipliers, of which one is never 0. */
export function putDigest(bytes: Uint8Array, from: number, to: number, out: { readonly bytes: Buffer; readonly at: number }): void {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    one = Math.imul(one ^ byte, FIRST);
    two = Math.imul(two ^ byte, SECOND);
    one ^= two >>> 15;
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  out.bytes.writeUInt32LE(one >>> 0, out.at);
  out.bytes.writeUInt32LE(two === 0 ? 1 : two >>> 0, out.at + 4);
}

/** Puts one of the marks in place of a digest. */
export function putMark(mark: number, bytes: Buffer, at: number): void {
  bytes.writeUInt32LE(mark, at);
  bytes.writeUInt32LE(0, at + 4);
}

/** The mark in place of a digest; null where there is a digest. */
export function markAt(digests: Buffer, column: number): number | null {
  return digests.readUInt32LE(column * DIGEST_BYTES + 4) === 0 ? digests.readUInt32LE(column * DIGEST_BYTES) : null;
}

/** Whether two rows have the same digest of a column. */
export function sameDigest(one: Buffer, other: Buffer, column: number): boolean {
  const at = column * DIGEST_BYTES;
  return one.readUInt32LE(at) === other.readUInt32LE(at) && one.readUInt32LE(at + 4) === other.readUInt32LE(at + 4);
}

/** Columns of which both rows have a digest, and not the same. */
export function differing(one: Buffer, other: Buffer): number[] {
  const found: number[] = [];
  if (one.equals(other)) return found;
  for (let column = 0; column * DIGEST_BYTES < one.length; column++) {
    if (!sameDigest(one, other, column) && markAt(one, column) === null && markAt(other, column) === null) found.push(column);
  }
  return found;
}

/** A row with the columns that its message does not tell as they were before it. */
export function mergeDigests(now: Buffer, before: Buffer): Buffer {
  const merged = Buffer.from(now);
  for (let column = 0; column * DIGEST_BYTES < now.length; column++) {
    if (markAt(now, column) === ABSENT_DIGEST) before.copy(merged, column * DIGEST_BYTES, column * DIGEST_BYTES, (column + 1) * DIGEST_BYTES);
  }
  return merged;
}
