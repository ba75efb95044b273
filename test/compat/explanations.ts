import type { DifferenceId } from '../../src/format/debezium/differences.ts';
import type { Place } from './compare.ts';

/** `defaults` names the columns, `table.column`, that have one. */
type Explains = (place: Place, defaults: ReadonlySet<string>) => boolean;

/** A column's place in a message: its table, and its name with what is inside of it. */
const COLUMN = /^(\S+) .*?\.value(?:\.payload)?(?:\.before|\.after)?\.([^.[]+)$/;
const NULL = 'null';

const EXPLANATIONS: readonly (readonly [DifferenceId, Explains])[] = [
  ['version', ({ path }) => path.endsWith('.source.version')],
  ['context-headers', ({ path, ours }) => ours === 'absent' && path.includes('.headers.__debezium.context.')],
  ['schema-default', ({ path, ours }) => ours === 'absent' && path.endsWith('.default') && path.includes('.schema.')],
  ['processing-time', ({ path }) => /\.(value(\.payload)?\.(__)?(ts_(ms|us|ns)|when)|headers\.__ts_ms\.payload)$/.test(path)],
  ['null-default', ({ path, ours }, defaults) => ours === NULL && defaults.has(columnOf(path))],
  ['keyless-tombstone', ({ path, ours }) => path.endsWith(' null tombstones') && ours === '"#0"'],
  ['declared-words', ({ path }) => /^ints .*\.bl(\.type)?$/.test(path)],
  ['real', ({ path }) => /^nums .*\.r(\.type)?$/.test(path)],
  ['float-digits', ({ path, ours, theirs }) => /^nums .*\.f2(\.type)?$/.test(path) && (path.endsWith('.type') || sameFloat(ours, theirs))],
  ['number-spelling', ({ ours, theirs }) => sameDouble(ours, theirs)],
  ['vector-digits', ({ path, ours, theirs }) => path.startsWith('vectors ') && sameFloat(ours, theirs)],
  ['year-zero', ({ path, ours, theirs }) => path.startsWith('zeros ') && path.endsWith('.y') && ours === '"#0"' && theirs === '"#1900"'],
  ['time-beyond-day', ({ path, theirs }) => /^(longtimes|times) .*\.t[0136]$/.test(path) && (theirs === NULL || theirs === '"00:00:00Z"')],
  ['unfollowed-statements', ({ path, ours }) => path.startsWith('schema change ') && (/\.tableChanges\[0\]\.table$/.test(path) ? ours === NULL : ours.includes('"table":null}]'))],
  ['statement-words', ({ path }) => /^schema change (ints|nums|strs|vectors)\[0\]\.value(\.payload)?\.tableChanges\[0\]\.table\.columns\[\d+\]\.(jdbcType|typeName|typeExpression|length|charsetName)$/.test(path)],
  ['statement-defaults', ({ path }) => /^schema change (ints|strs|times|zeros)\[0\]\.value(\.payload)?\.tableChanges\[0\]\.table\.columns\[\d+\]\.defaultValueExpression$/.test(path)],
  ['statement-row', ({ path }) => path.startsWith('schema change ') && path.endsWith('.source.row')],
  ['tombstone-headers', ({ path, ours, theirs }) => path.endsWith('.headers.h.op.schema.optional') && ours === 'true' && theirs === 'false'],
  ['topic-names', ({ path, ours }) => /^\S+ .*\.topic$/.test(path) && /_x[0-9A-F]{2}/.test(ours)],
  ['table-order', ({ path }) => path.endsWith('.data_collections{}')],
  ['empty-transactions', ({ path, ours, theirs }) => path.startsWith('transaction ') && ours === 'absent' && (theirs.includes('"BEGIN"') || theirs.includes('"event_count":"#0"'))],
];

/** The entry of the list of differences that a place is an example of; null where there is none. */
export function explain(place: Place, defaults: ReadonlySet<string>): DifferenceId | null {
  return EXPLANATIONS.find(([, explains]) => explains(place, defaults))?.[0] ?? null;
}

function columnOf(path: string): string {
  const [, table = '', column = ''] = COLUMN.exec(path) ?? [];
  return `${table}.${column}`;
}

/** Texts `"#1.5"` of numbers. */
function sameDouble(ours: string, theirs: string): boolean {
  return isNumber(ours) && isNumber(theirs) && Object.is(numberOf(ours), numberOf(theirs));
}

function sameFloat(ours: string, theirs: string): boolean {
  return isNumber(ours) && isNumber(theirs) && Math.fround(numberOf(ours)) === Math.fround(numberOf(theirs));
}

function isNumber(text: string): boolean {
  return text.startsWith('"#');
}

function numberOf(text: string): number {
  return Number(text.slice(2, -1));
}
