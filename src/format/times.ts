import type { ByteWriter } from '../core/byte-writer.ts';

const MILLION = 1_000_000;

/** Microseconds since 1970 (0 or more) in decimal, without a string in between. */
export function writeMicros(micros: number, out: ByteWriter): void {
  const seconds = Math.floor(micros / MILLION);
  if (seconds === 0) {
    out.integer(micros);
    return;
  }
  out.integer(seconds);
  out.digits(micros - seconds * MILLION, 6);
}

/** The same moment in milliseconds, cut off. */
export function writeMillis(micros: number, out: ByteWriter): void {
  const seconds = Math.floor(micros / MILLION);
  const millis = Math.floor((micros - seconds * MILLION) / 1000);
  if (seconds === 0) {
    out.integer(millis);
    return;
  }
  out.integer(seconds);
  out.digits(millis, 3);
}

/** The same moment in nanoseconds, as digits, since the number passes 2^53. */
export function writeNanos(micros: number, out: ByteWriter): void {
  writeMicros(micros, out);
  if (micros > 0) out.latin1('000');
}

/** `2026-11-23T12:34:56.789012Z`. */
export function isoMicros(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1000).padStart(3, '0')}Z`;
}
