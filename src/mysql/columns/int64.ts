import type { ByteWriter } from '../../core/byte-writer.ts';

const MINUS = 0x2d;
const BILLION = 1_000_000_000;

/**
 * `high` · 2^32 + `low` (both 0 to 2^32 − 1) in decimal. Exact, without BigInt: the number is divided by 10^9 with
 * remainders that stay below 2^53.
 */
export function writeUint64(high: number, low: number, out: ByteWriter): void {
  if (high === 0) {
    out.integer(low);
    return;
  }
  const top = Math.floor(high / BILLION);
  const upper = (high - top * BILLION) * 65536 + (low >>> 16);
  const upperQuotient = Math.floor(upper / BILLION);
  const lower = (upper - upperQuotient * BILLION) * 65536 + (low & 0xffff);
  const lowerQuotient = Math.floor(lower / BILLION);
  const quotient = top * 4294967296 + upperQuotient * 65536 + lowerQuotient;
  const head = Math.floor(quotient / BILLION);
  if (head === 0) {
    out.integer(quotient);
  } else {
    out.integer(head);
    out.digits(quotient - head * BILLION, 9);
  }
  out.digits(lower - lowerQuotient * BILLION, 9);
}

/** The two's complement number `high` · 2^32 + `low` (any 32-bit halves) in decimal. */
export function writeInt64(high: number, low: number, out: ByteWriter): void {
  if ((high | 0) >= 0) {
    writeUint64(high, low >>> 0, out);
    return;
  }
  out.byte(MINUS);
  const magnitude = -low >>> 0;
  writeUint64((~high + (magnitude === 0 ? 1 : 0)) >>> 0, magnitude, out);
}
