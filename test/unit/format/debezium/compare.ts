import type { DifferenceId } from '../../../../src/format/debezium/differences.ts';
import type { Json } from '../../../../src/core/position.ts';
import { parseJson } from '../../../../src/core/position.ts';

/** One place where two messages differ; `covered` names the entry of the list that says so, null where none does. */
export interface Difference {
  readonly path: string;
  readonly ours: string;
  readonly theirs: string;
  readonly covered: DifferenceId | null;
}

/** Values that two runs cannot share: these are compared by kind only. */
const OF_THE_RUN = /\.value\.(source\.(name|ts_ms|ts_us|ts_ns|server_id|gtid|file|pos|thread)|ts_ms|ts_us|ts_ns)$/;
const NULL = 'null';

type Covers = (path: string, ours: string, theirs: string) => boolean;

/** Stands for the null-key, null-value messages of a topic, which are counted instead of paired. */
const KEYLESS_TOMBSTONES = /^\S+ null tombstones$/;

/** The entries that a line of the sample can meet. A NULL is covered in the one column of the sample that has a default. */
const COVERS: readonly (readonly [DifferenceId, Covers])[] = [
  ['version', (path) => path.endsWith('.value.source.version')],
  ['null-default', (path, ours, theirs) => path.endsWith('.after.w') && ours === NULL && theirs === '"w"'],
  ['enum-label', (path, ours, theirs) => /\.(before|after)\.(e|st)$/.test(path) && theirs.replaceAll('\\\\,', ',') === ours],
  ['keyless-tombstone', (path, ours) => KEYLESS_TOMBSTONES.test(path) && ours === '0'],
  ['rare-characters', (path, ours, theirs) => /\.(before|after)\.gb$/.test(path) && theirs.includes('?') && !ours.includes('?')],
];

/**
 * Every difference between two lists of lines, each line `{"topic","key","value","headers"?}`. Lines are paired by
 * topic and key, in order; numbers are compared by their exact value, however it is spelled, objects with the order of
 * their fields. The first part of topics, the server's name, may differ. Tombstones without a key, which may stand
 * between other messages of the same (null) key, are counted and left out of the pairs.
 */
export function compareWithSample(ours: readonly string[], theirs: readonly string[]): Difference[] {
  const left = grouped(ours);
  const right = grouped(theirs);
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => lists(key, left.get(key) ?? [], right.get(key) ?? []));
}

function lists(key: string, ours: readonly Json[], theirs: readonly Json[]): Difference[] {
  if (!key.endsWith(' null')) return pairs(key, ours, theirs);
  const counted = [tombstones(ours), tombstones(theirs)].map(({ length }) => String(length));
  const [left = '', right = ''] = counted;
  const found = pairs(key, ours.filter((each) => !isTombstone(each)), theirs.filter((each) => !isTombstone(each)));
  return left === right ? found : [...found, difference(`${key} tombstones`, left, right)];
}

function tombstones(messages: readonly Json[]): readonly Json[] {
  return messages.filter(isTombstone);
}

function isTombstone(message: Json): boolean {
  return fields(message)['value'] === null;
}

function pairs(key: string, ours: readonly Json[], theirs: readonly Json[]): Difference[] {
  return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => compare(`${key}[${i}]`, ours[i], theirs[i])).flat();
}

function grouped(lines: readonly string[]): Map<string, Json[]> {
  const groups = new Map<string, Json[]>();
  for (const line of lines) {
    const { topic, key, value, headers } = fields(parseJson(exact(line)));
    const name = `${text(topic).replace(/^[^.]*\./, '')} ${JSON.stringify(key ?? null)}`;
    const named = Object.entries(fields(headers ?? {})).map(([each, held]) => [each, parseJson(exact(text(held)).replace(/"name":"[^".]*\./, '"name":"'))]);
    groups.set(name, [...(groups.get(name) ?? []), { value: value ?? null, headers: Object.fromEntries(named) as Json }]);
  }
  return groups;
}

/** JSON with every number as a string `#expansion`, so that none is rounded. */
function exact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g, (_, quoted: string | undefined, number: string | undefined) => quoted ?? `"#${expansion(number ?? '')}"`);
}

/** A JSON number without exponent and without zeros that say nothing: `1.50E+1` is `15`. The sign of zero stays. */
function expansion(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = digits.padStart(digits.length + Math.max(0, -point), '0').padEnd(Math.max(0, point), '0');
  const head = padded.slice(0, Math.max(0, point)).replace(/^0+/, '');
  const tail = padded.slice(Math.max(0, point)).replace(/0+$/, '');
  return `${sign}${head === '' ? '0' : head}${tail === '' ? '' : `.${tail}`}`;
}

function compare(path: string, ours: Json | undefined, theirs: Json | undefined): Difference[] {
  if (isObject(ours) && isObject(theirs)) {
    const order = Object.keys(ours).join() === Object.keys(theirs).join() ? [] : [difference(`${path}{}`, Object.keys(ours).join(), Object.keys(theirs).join())];
    return [...order, ...[...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((name) => compare(`${path}.${name}`, ours[name], theirs[name]))];
  }
  const same = OF_THE_RUN.test(path) ? kind(ours) === kind(theirs) : JSON.stringify(ours) === JSON.stringify(theirs);
  return same ? [] : [difference(path, show(ours), show(theirs))];
}

function difference(path: string, ours: string, theirs: string): Difference {
  return { path, ours, theirs, covered: COVERS.find(([, covers]) => covers(path, ours, theirs))?.[0] ?? null };
}

function kind(value: Json | undefined): string {
  return typeof value === 'string' && value.startsWith('#') ? 'number' : value === null ? NULL : typeof value;
}

function show(value: Json | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: Json): { readonly [key: string]: Json } {
  return isObject(value) ? value : {};
}
