/** Dates and times of example values, in every form of storage: 2026-01-02 03:04:05 and 12:34:56, their fractions zero. */

/** A declared date or time. */
export interface SampledTime {
  /** Digits after the second, 0 to 6. */
  readonly fraction: number;
  readonly legacy: boolean;
}

const YEAR = 2026n;
const MONTH = 1n;
const DAY = 2n;
/** 03:04:05 as hours << 12 | minutes << 6 | seconds. */
const CLOCK = (3n << 12n) | (4n << 6n) | 5n;
/** 03:04:05 in seconds. */
const CLOCK_SECONDS = 11_045n;
/** 2026-01-02T03:04:05Z. */
const EPOCH_SECONDS = 1_767_323_045n;
/** 12:34:56 in seconds. */
const TIME_SECONDS = 45_296n;
/** One second more than the largest TIME: what MariaDB adds so that none is negative. */
const TIME_BIAS = 3_020_400n;

/** 12:34:56 in `width` bytes. */
export function sampleTime({ fraction, legacy }: SampledTime, width: number): Buffer {
  if (!legacy) return bigEndian((0x800000n | (12n << 12n) | (34n << 6n) | 56n) << zeroBits(width, 3), width);
  return fraction === 0 ? littleEndian(123_456n, width) : bigEndian((TIME_SECONDS + TIME_BIAS) * 10n ** BigInt(fraction), width);
}

/** 2026-01-02 03:04:05 as DATETIME in `width` bytes. */
export function sampleDatetime({ fraction, legacy }: SampledTime, width: number): Buffer {
  const months = YEAR * 13n + MONTH;
  if (!legacy) return bigEndian(((1n << 39n) | (months << 22n) | (DAY << 17n) | CLOCK) << zeroBits(width, 5), width);
  if (fraction === 0) return littleEndian(20_260_102_030_405n, width);
  return bigEndian(((months * 32n + DAY) * 86_400n + CLOCK_SECONDS) * 10n ** BigInt(fraction), width);
}

/** 2026-01-02 03:04:05 UTC as TIMESTAMP in `width` bytes. */
export function sampleTimestamp({ fraction, legacy }: SampledTime, width: number): Buffer {
  return legacy && fraction === 0 ? littleEndian(EPOCH_SECONDS, width) : bigEndian(EPOCH_SECONDS << zeroBits(width, 4), width);
}

/** Bits of the fraction, which follows the first `whole` bytes. */
function zeroBits(width: number, whole: number): bigint {
  return BigInt((width - whole) * 8);
}

function bigEndian(value: bigint, width: number): Buffer {
  return Buffer.from(value.toString(16).padStart(width * 2, '0'), 'hex');
}

function littleEndian(value: bigint, width: number): Buffer {
  return bigEndian(value, width).reverse();
}
