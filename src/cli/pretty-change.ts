import { stripVTControlCharacters } from 'node:util';
import type { Paint, Style } from './terminal.ts';

type Fields = Readonly<Record<string, unknown>>;

const OPERATIONS = new Map<string, readonly [word: string, style: Style]>([
  ['c', ['insert', 'green']],
  ['insert', ['insert', 'green']],
  ['u', ['update', 'yellow']],
  ['update', ['update', 'yellow']],
  ['d', ['delete', 'red']],
  ['delete', ['delete', 'red']],
]);

/** Longest text of one value, in characters; the rest is cut off. */
const SHOWN = 80;

/**
 * One line of JSON Lines, a message of the plain format alone or as the `value` beside its `key`, as a line for people:
 * time, operation, table, and the values: all of an insert or delete; of an update the key, or the first column where
 * there is none, and the columns that changed, old → new. Control characters never reach the terminal. A line that is
 * no such message comes back as it is. Numbers inside JSON documents show as JavaScript reads them.
 */
export function prettyChange(json: string, paint: Paint): string {
  const line = parse(json);
  const message = fields(line?.['value']) ?? line;
  const source = fields(message?.['source']);
  const [word, style] = OPERATIONS.get(String(message?.['op'])) ?? [];
  if (message === null || source === null || word === undefined || style === undefined) return printable(json);
  const before = fields(message['before']);
  const after = fields(message['after']);
  const table = `${printable(String(source['database']))}.${printable(String(source['table']))}`;
  const values = before !== null && after !== null ? updated({ before, after, key: fields(line?.['key']) }, paint) : listed(after ?? before ?? {}, paint);
  return [paint('gray', time(source)), paint(style, word), paint('bold', table), ...values].join('  ');
}

function updated({ before, after, key }: { before: Fields; after: Fields; key: Fields | null }, paint: Paint): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const anchors = (key === null ? names.slice(0, 1) : Object.keys(key)).filter((name) => !changed.includes(name));
  const shown = anchors.map((name) => pair(name, text(after[name] ?? key?.[name]), paint));
  if (changed.length === 0) return [...shown, paint('gray', '(nothing shown changed)')];
  return [...shown, ...changed.map((name) => pair(name, `${paint('red', text(before[name]))} → ${paint('green', text(after[name]))}`, paint))];
}

function listed(row: Fields, paint: Paint): string[] {
  return Object.entries(row).map(([name, value]) => pair(name, text(value), paint));
}

function pair(name: string, value: string, paint: Paint): string {
  return `${paint('cyan', printable(name))}=${value}`;
}

function text(value: unknown): string {
  if (value === undefined) return '(absent)';
  const whole = printable(JSON.stringify(value));
  return whole.length > SHOWN ? `${whole.slice(0, SHOWN)}…` : whole;
}

/** The clock part of the message's time, in UTC. */
function time(source: Fields): string {
  const stamp = source['time'] ?? source['timestamp'] ?? source['ts_ms'];
  const date = typeof stamp === 'string' || typeof stamp === 'number' ? new Date(stamp) : null;
  return date === null || Number.isNaN(date.getTime()) ? '--:--:--.---' : date.toISOString().slice(11, 23);
}

function parse(json: string): Fields | null {
  try {
    return fields(JSON.parse(json));
  } catch {
    return null;
  }
}

function fields(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text that moves no cursor: escape sequences and control characters removed. */
function printable(value: string): string {
  return stripVTControlCharacters(value).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '');
}
