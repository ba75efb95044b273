import { ByteWriter } from '../core/byte-writer.ts';

const MILLION = 1_000_000;
/** Room for the digits of any time, and for reading them by words. */
const ROOM = 64;

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

/**
 * Writes one moment as the functions above do, in all three units, and moments that follow each other: digits are made once
 * for all units, and those of the seconds once a second.
 */
export class Moments {
  /** The moment in nanoseconds: each other unit is the beginning of it. */
  readonly #nanos = new ByteWriter(ROOM);
  #micros = -1;
  #seconds = -1;
  /** How many digits the seconds have; 0: there is nothing to begin with, as zeros in front are not written. */
  #digits = 0;

  millis(micros: number, out: ByteWriter): void {
    if (this.#holds(micros)) this.#write(3, out);
    else writeMillis(micros, out);
  }

  micros(micros: number, out: ByteWriter): void {
    if (this.#holds(micros)) this.#write(6, out);
    else writeMicros(micros, out);
  }

  nanos(micros: number, out: ByteWriter): void {
    if (this.#holds(micros)) this.#write(9, out);
    else writeNanos(micros, out);
  }

  #write(digits: number, out: ByteWriter): void {
    this.#nanos.at = this.#digits + digits;
    out.all(this.#nanos);
  }

  /** Makes the digits of it; false for the first second since 1970. */
  #holds(micros: number): boolean {
    if (micros !== this.#micros) this.#make(micros);
    return this.#digits > 0;
  }

  #make(micros: number): void {
    const nanos = this.#nanos;
    const seconds = Math.floor(micros / MILLION);
    if (seconds !== this.#seconds) {
      nanos.at = 0;
      if (seconds > 0) nanos.integer(seconds);
      this.#digits = nanos.at;
      this.#seconds = seconds;
    }
    nanos.at = this.#digits;
    nanos.digits(micros - seconds * MILLION, 6);
    nanos.digits(0, 3);
    this.#micros = micros;
  }
}

/** `2026-11-23T12:34:56.789012Z`. */
export function isoMicros(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1000).padStart(3, '0')}Z`;
}
