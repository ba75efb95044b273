import { undecided } from './reading.ts';

/** Digits of a second's fraction that a column has, and whether the server rounds to them or cuts. */
export interface Precision {
  readonly fsp: number;
  readonly rounds: boolean;
}

/** Two digits stand for 1970 to 2069. */
function fullYear(text: string): string {
  if (text.length > 2) return text.padStart(4, '0');
  const year = Number(text);
  return String(year + (year < 70 ? 2000 : 1900));
}

interface Parts {
  readonly date: string;
  readonly time: string;
  /** Digits after the point. */
  readonly fraction: string;
}

/** A date with or without a time, in any of the ways that servers take. */
function parts(text: string): Parts {
  const packed = /^(\d{8}|\d{6})(\d{6})?(?:\.(\d*))?$/u.exec(text.trim());
  if (/^0(?:\.0*)?$/u.test(text.trim())) return { date: '0000-00-00', time: '00:00:00', fraction: '' };
  if (packed !== null) {
    const [, date = '', time = '000000', fraction = ''] = packed;
    return { date: `${fullYear(date.slice(0, -4))}-${date.slice(-4, -2)}-${date.slice(-2)}`, time: `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`, fraction };
  }
  const found = /^(\d{1,4})[^\d\s](\d{1,2})[^\d\s](\d{1,2})(?:[T\s]+(\d{1,2})(?:[^\d\s](\d{1,2}))?(?:[^\d\s](\d{1,2}))?(?:\.(\d*))?)?$/u.exec(text.trim());
  if (found === null) return undecided('a default that is no date');
  const [, year = '', month = '', day = '', hours = '0', minutes = '0', seconds = '0', fraction = ''] = found;
  return { date: [fullYear(year), two(month), two(day)].join('-'), time: [hours, minutes, seconds].map(two).join(':'), fraction };
}

function two(text: string): string {
  return text.padStart(2, '0');
}

export function dateText(text: string): string {
  return parts(text).date;
}

export function datetimeText(text: string, { fsp, rounds }: Precision): string {
  const { date, time, fraction } = parts(text);
  const [shown, carry] = fractionOf(fraction, fsp, rounds);
  if (!carry) return `${date} ${time}${shown}`;
  const next = new Date(`${date}T${time}Z`);
  if (Number.isNaN(next.getTime())) return undecided('a default that is no date');
  return `${new Date(next.getTime() + 1000).toISOString().slice(0, 19).replace('T', ' ')}${shown}`;
}

export function timeText(text: string, { fsp, rounds }: Precision): string {
  const trimmed = text.trim();
  const negative = trimmed.startsWith('-') ? '-' : '';
  const found = /^-?(?:(\d+)\s+)?(\d+)(?::(\d+))?(?::(\d+))?(?:\.(\d*))?$/u.exec(trimmed);
  if (found === null) return undecided('a default that is no time');
  const [, days = '0', first = '0', minutes, seconds = '0', fraction = ''] = found;
  const packed = first.padStart(6, '0');
  const [h, m, s] = minutes === undefined && found[1] === undefined ? [packed.slice(0, -4), packed.slice(-4, -2), packed.slice(-2)] : [first, minutes ?? '0', seconds];
  const [shown, carry] = fractionOf(fraction, fsp, rounds);
  const total = (Number(days) * 24 + Number(h)) * 3600 + Number(m) * 60 + Number(s) + (carry ? 1 : 0);
  return `${negative}${two(String(Math.floor(total / 3600)))}:${two(String(Math.floor(total / 60) % 60))}:${two(String(total % 60))}${shown}`;
}

export function yearText(text: string, isString: boolean): string {
  const year = Number(text);
  if (!Number.isInteger(year)) return undecided('a default that is no year');
  if (year === 0 && !(isString && text.length < 4)) return '0000';
  return text.length > 2 ? String(year).padStart(4, '0') : fullYear(text);
}

/** `.123` for a fraction, and whether a second is full. */
function fractionOf(digits: string, fsp: number, rounds: boolean): readonly [string, boolean] {
  const kept = digits.slice(0, fsp).padEnd(fsp, '0');
  const up = rounds && Number(digits.charAt(fsp)) >= 5;
  const value = Number(kept || '0') + (up ? 1 : 0);
  const carry = value >= 10 ** fsp;
  const shown = String(carry ? 0 : value).padStart(fsp, '0');
  return [fsp === 0 ? '' : `.${shown}`, carry];
}
