import { Duration } from '@marcbachmann/cel-js/evaluator';
import { Unanswerable } from './unanswerable.ts';

const MICROS_PER_SECOND = 1_000_000n;
const TEXT = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})0*)?([Zz]|[+-]\d{2}:\d{2})$/;

/** A CEL timestamp, to the microsecond. */
export class Moment {
  /** Since 1970-01-01T00:00:00Z; null for a zero or partial date. */
  readonly micros: bigint | null;
  /** As the server shows it, or RFC 3339. */
  readonly text: string;

  constructor(micros: bigint | null, text: string) {
    this.micros = micros;
    this.text = text;
  }

  /** @throws Unanswerable for a zero or partial date */
  valid(): bigint {
    if (this.micros === null) throw new Unanswerable('a zero or partial date is no timestamp');
    return this.micros;
  }
}

/** `timestamp(x)`: RFC 3339 text with up to six digits of fraction, or whole seconds since 1970. @throws Unanswerable */
export function toMoment(value: unknown): Moment {
  if (value instanceof Moment) return value;
  if (typeof value === 'bigint') return momentAt(value * MICROS_PER_SECOND);
  const match = typeof value === 'string' ? TEXT.exec(value) : null;
  const [, date = '', time = '', fraction = '', zone = ''] = match ?? [];
  const milliseconds = match === null ? NaN : Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  // Date.parse turns 30 February into 2 March; a date that does not come back is none.
  if (Number.isNaN(milliseconds) || !new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().startsWith(date)) {
    throw new Unanswerable('timestamp() takes a text like 2026-01-01T00:00:00Z, with six digits of fraction at most, or whole seconds since 1970');
  }
  return momentAt(BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0')));
}

/** @throws Unanswerable outside the years that a date can have */
export function momentAt(micros: bigint): Moment {
  const seconds = floorDivide(micros, MICROS_PER_SECOND);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) throw new Unanswerable('a timestamp is out of range');
  const fraction = micros - seconds * MICROS_PER_SECOND;
  const tail = fraction === 0n ? 'Z' : `.${String(fraction).padStart(6, '0')}Z`;
  return new Moment(micros, date.toISOString().slice(0, -5) + tail);
}

/** A CEL duration of so many microseconds, of either sign. */
export function durationOf(micros: bigint): Duration {
  const seconds = floorDivide(micros, MICROS_PER_SECOND);
  return new Duration(seconds, Number(micros - seconds * MICROS_PER_SECOND) * 1000);
}

/** Nanoseconds, of either sign. */
export function nanosOf(duration: Duration): bigint {
  return duration.seconds * 1_000_000_000n + BigInt(duration.nanos);
}

/** A timestamp so much later (sign 1) or earlier (sign −1); what is below a microsecond is dropped. */
export function shift(moment: Moment, duration: Duration, sign: 1n | -1n): Moment {
  return momentAt(moment.valid() + sign * (nanosOf(duration) / 1000n));
}

/** CEL's methods on timestamps, all in UTC. */
export const MOMENT_METHODS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / 86_400_000),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

/** To the millisecond, downwards. @throws Unanswerable for a zero or partial date */
export function dateOf(moment: Moment): Date {
  return new Date(Number(floorDivide(moment.valid(), 1000n)));
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
