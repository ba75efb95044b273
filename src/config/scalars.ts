import { z } from 'zod';
import { Secret } from '../core/secret.ts';
import { parseDuration, parseSize } from './units.ts';

/** What a value must be, in the words of error messages and documentation. */
export interface Expectation {
  /** Completes "must be …" and stands in the type column of the documentation, for example "a port, 1 to 65535". */
  readonly expects: string;
  /** A value as it would be written, for repairs. */
  readonly example: string;
  /** The words to choose from, where it is a choice. */
  readonly choices?: readonly string[];
  /** The value must not be repeated in a message. */
  readonly secret?: true;
}

/** JSON Schema keywords of a value. */
type JsonKeywords = Readonly<Record<string, unknown>>;

/** JSON Schema of any text with an environment reference in it, which stands for values of every type. */
export const REFERENCE = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}' };

/**
 * A scalar type of the configuration. `read` answers undefined for what it does not take. Texts are taken by every
 * type that can be written as one, because `${ENV}` always gives text.
 */
function scalar<T>(expectation: Expectation, json: JsonKeywords, read: (value: unknown) => T | undefined) {
  return z
    .unknown()
    .transform((value, context): T => {
      const result = read(value);
      if (result !== undefined) return result;
      const message = value === undefined ? 'is missing' : `must be ${expectation.expects}`;
      context.issues.push({ code: 'custom', input: value, message, params: { ...expectation } });
      return z.NEVER;
    })
    .meta({ expects: expectation.expects, ...json });
}

/** Text that is not empty. */
export function text(expects: string, example: string) {
  return scalar({ expects, example }, { type: 'string' }, (value) => (typeof value === 'string' && value !== '' ? value : undefined));
}

/** Text of a given pattern. */
export function pattern(expectation: Expectation, expression: RegExp) {
  const json = { anyOf: [{ type: 'string', pattern: expression.source }, REFERENCE] };
  return scalar(expectation, json, (value) => (typeof value === 'string' && expression.test(value) ? value : undefined));
}

/** One of a few words. */
export function word<const W extends string>(...words: readonly W[]) {
  const expectation = { expects: listed(words), example: words[0] ?? '', choices: words };
  return scalar(expectation, { anyOf: [{ enum: words }, REFERENCE] }, (value) => words.find((candidate) => candidate === value));
}

/** A whole number, both bounds included. */
export function whole(min: number, max: number, example: number) {
  const expectation = { expects: `a whole number, ${min} to ${max}`, example: String(example) };
  const json = { anyOf: [{ type: 'integer', minimum: min, maximum: max }, REFERENCE] };
  return scalar(expectation, json, (value) => readWhole(value, min, max));
}

/** `auto`, or a whole number, both bounds included. */
export function autoOrWhole(min: number, max: number) {
  const expectation = { expects: `auto or a whole number, ${min} to ${max}`, example: 'auto' };
  const json = { anyOf: [{ const: 'auto' }, { type: 'integer', minimum: min, maximum: max }, REFERENCE] };
  return scalar(expectation, json, (value) => (value === 'auto' ? 'auto' as const : readWhole(value, min, max)));
}

/** true or false. */
export function flag() {
  return scalar({ expects: 'true or false', example: 'true' }, { anyOf: [{ type: 'boolean' }, REFERENCE] }, readFlag);
}

/** A time span; milliseconds once read. */
export function duration(min: string, max: string, example: string) {
  const expectation = { expects: `a duration from ${min} to ${max}, such as 500ms, 10s or 5m`, example };
  const json = { anyOf: [{ type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$' }, REFERENCE] };
  return scalar(expectation, json, (value) => within(parseDuration(value), parseDuration(min), parseDuration(max)));
}

/** A point in time, with its zone; microseconds since 1970 once read. */
export function moment() {
  const expectation = { expects: 'a time with its zone in ISO 8601, such as 2026-01-31T12:00:00Z', example: '2026-01-31T12:00:00Z' };
  const json = { anyOf: [{ type: 'string', pattern: MOMENT.source }, REFERENCE] };
  return scalar(expectation, json, readMoment);
}

const MOMENT = /^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2})$/;

function readMoment(value: unknown): number | undefined {
  const [, whole, fraction = '', zone] = typeof value === 'string' ? (MOMENT.exec(value) ?? []) : [];
  if (whole === undefined || zone === undefined) return undefined;
  const milliseconds = Date.parse(`${whole.replace(' ', 'T').toUpperCase()}${zone.toUpperCase()}`);
  // Date.parse takes 31 February for a day in March.
  const local = Date.parse(`${whole.replace(' ', 'T').toUpperCase()}Z`);
  if (Number.isNaN(milliseconds) || new Date(local).getUTCDate() !== Number(whole.slice(8, 10))) return undefined;
  return milliseconds * 1000 + Number(fraction.padEnd(6, '0'));
}

/** A number of bytes. */
export function size(min: string, max: string, example: string) {
  const expectation = { expects: `a size from ${min} to ${max}, such as 512KiB, 64MiB or 1GB`, example };
  const json = { anyOf: [{ type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(B|[KMG]i?B)$' }, REFERENCE] };
  return scalar(expectation, json, (value) => within(parseSize(value), parseSize(min), parseSize(max)));
}

/** Text that is never shown; may come from a file by `<key>_file`. */
export function secret(expects: string, accepts: (text: string) => boolean = () => true) {
  const expectation = { expects, example: '${SECRET}', secret: true } as const;
  const json = { type: 'string', writeOnly: true, fromFile: true };
  return scalar(expectation, json, (value) => (typeof value === 'string' && accepts(value) ? new Secret(value) : undefined));
}

/** A certificate or a chain of them as PEM text; may come from a file by `<key>_file`. */
export function certificate() {
  const expectation = { expects: 'PEM text (-----BEGIN CERTIFICATE-----)', example: '!file /etc/ssl/ca.pem' };
  const json = { type: 'string', fromFile: true };
  return scalar(expectation, json, (value) => (typeof value === 'string' && isPem(value) ? value : undefined));
}

/** A private key as PEM text, never shown; may come from a file by `<key>_file`. */
export function privateKey() {
  return secret('PEM text of a private key (-----BEGIN PRIVATE KEY-----)', isPem);
}

/** Texts as a list, or as one text with commas between them (which is how an environment variable holds a list). */
export function texts(expects: string, example: string) {
  const json = { anyOf: [{ type: 'array', items: { type: 'string' }, minItems: 1 }, { type: 'string' }] };
  return scalar({ expects, example }, json, (value) => {
    const list: readonly unknown[] = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : Array.isArray(value) ? value : [];
    return list.length > 0 && list.every((part) => typeof part === 'string' && part !== '') ? list.map(String) : undefined;
  });
}

function readWhole(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === 'string' && /^-?[0-9]{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? within(number, min, max) : undefined;
}

/** true and false, also as text. */
export function readFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function within(value: number | undefined, min: number | undefined, max: number | undefined): number | undefined {
  return value !== undefined && value >= (min ?? 0) && value <= (max ?? Infinity) ? value : undefined;
}

function isPem(value: string): boolean {
  return value.includes('-----BEGIN ');
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
