import type { KeyPart, TrackedColumn, TrackedKey } from './model.ts';
import type { Reading } from './reading.ts';
import { nameOf, need, sameName, since, textOf, undecided } from './reading.ts';
import { PRIMARY } from './table.ts';
import type { Node } from './tree.ts';
import { child, find, isNode, leaves, nodes } from './tree.ts';

/** A key as a statement asks for it. */
export interface KeySpec {
  /** Null: it is named after its first column. */
  readonly name: string | null;
  readonly kind: 'primary' | 'unique' | 'plain' | 'fulltext' | 'spatial';
  readonly parts: readonly KeyPart[];
  /** Made for a foreign key: it is left out where another key does. */
  readonly generated: boolean;
}

/** A key over one whole column, named after it. */
export function columnKey(column: string, kind: 'primary' | 'unique'): KeySpec {
  return { name: null, kind, parts: [{ column, prefix: null }], generated: false };
}

/** `indexColumnNames` of the grammar. */
export function readParts(reading: Reading, node: Node): KeyPart[] {
  return nodes(need(child(node, 'indexColumnNames'), 'columns of a key'), 'indexColumnName').map((part) => readPart(reading, part));
}

function readPart(reading: Reading, part: Node): KeyPart {
  const [first] = part.children;
  if (first === undefined) return undecided('a part of a key is empty');
  if (isNode(first) ? first.rule !== 'uid' : first.word === '(') return { column: null, prefix: null };
  const size = leaves(part).find((leaf) => /^\d+$/u.test(leaf.word));
  const bracket = part.children.some((each) => !isNode(each) && each.word === '(');
  return { column: nameOf(reading, first), prefix: size !== undefined && bracket ? Number(textOf(reading, size)) : null };
}

/** `tableConstraint` and `indexColumnDefinition`, and the same words in ADD; null for a check, which makes no key. */
export function readKey(reading: Reading, node: Node): KeySpec | null {
  const words = node.children.flatMap((part) => (isNode(part) ? [] : [part.word]));
  if (words.includes('CHECK')) return null;
  const name = keyName(reading, node, words);
  const parts = readParts(reading, node);
  if (words.includes('PRIMARY')) return { name: PRIMARY, kind: 'primary', parts, generated: false };
  if (words.includes('FOREIGN')) return { name, kind: 'plain', parts, generated: true };
  if (words.includes('UNIQUE')) return { name, kind: 'unique', parts, generated: false };
  return { name, kind: words.includes('SPATIAL') ? 'spatial' : words.includes('FULLTEXT') ? 'fulltext' : 'plain', parts, generated: false };
}

/** The name after INDEX or KEY, else that of the constraint. For a foreign key the constraint's comes first. */
function keyName(reading: Reading, node: Node, words: readonly string[]): string | null {
  let constraint: string | null = null;
  let index: string | null = null;
  let last = '';
  for (const part of node.children) {
    if (!isNode(part)) last = part.word;
    else if (part.rule === 'uid' && last === 'CONSTRAINT') constraint = nameOf(reading, part);
    else if (part.rule === 'uid') index = nameOf(reading, part);
    else if (part.rule === 'indexColumnNames') break;
  }
  return words.includes('FOREIGN') ? (constraint ?? index) : (index ?? constraint);
}

/** The name of the key that a REFERENCES clause of a column asks for, where the server heeds such clauses. */
export function referenceKey(reading: Reading, column: string, constraint: Node): KeySpec | null {
  const heeded = since(reading, 'mysql', [9, 0, 0]) || since(reading, 'mariadb', [10, 5, 0]);
  return heeded && find(constraint, 'referenceDefinition') !== undefined ? { name: null, kind: 'plain', parts: [{ column, prefix: null }], generated: true } : null;
}

/** The keys of a table after those that it has and new ones, in the server's order of making them. */
export function buildKeys(existing: readonly TrackedKey[], specs: readonly KeySpec[], columns: readonly TrackedColumn[]): TrackedKey[] {
  const wanted = specs.filter((spec, i) => !spec.generated || !isCovered(spec, [...existing, ...specs.filter((other, j) => i !== j && (!other.generated || isLonger(other, spec, i < j)))]));
  const keys = [...existing];
  for (const spec of wanted) keys.push(buildKey(spec, keys, columns));
  return keys;
}

/** Of two keys for foreign keys the longer stays, of equal ones the later. */
function isLonger(other: KeySpec, spec: KeySpec, later: boolean): boolean {
  return other.parts.length > spec.parts.length || (other.parts.length === spec.parts.length && later);
}

/** True where a key begins with the columns of the spec. */
function isCovered(spec: KeySpec, keys: readonly { readonly parts: readonly KeyPart[]; readonly name: string | null }[]): boolean {
  return keys.some((key) => spec.parts.every((part, i) => sameName(key.parts[i]?.column ?? '', part.column ?? '') && key.parts[i]?.prefix === null));
}

function buildKey(spec: KeySpec, keys: readonly TrackedKey[], columns: readonly TrackedColumn[]): TrackedKey {
  const parts = spec.parts.map((part) => fitPart(part, spec, columns));
  const name = spec.kind === 'primary' ? PRIMARY : (spec.name ?? freeName(parts[0]?.column ?? 'functional_index', keys));
  return { name, unique: spec.kind === 'primary' || spec.kind === 'unique', parts };
}

/** The first column's name, or that with `_2` and so on. */
function freeName(name: string, keys: readonly TrackedKey[]): string {
  const taken = (candidate: string): boolean => sameName(candidate, PRIMARY) || keys.some((key) => sameName(key.name, candidate));
  if (!taken(name)) return name;
  for (let i = 2; i < 100; i++) if (!taken(`${name}_${String(i)}`)) return `${name}_${String(i)}`;
  return undecided('a key finds no name');
}

/** Bytes of a point, which is what a spatial key keeps of a shape. */
const SPATIAL_PREFIX = 32;

/** With the column's name as the table has it, and no prefix where it is the whole column. @throws Undecided without that column */
function fitPart(part: KeyPart, { kind }: KeySpec, columns: readonly TrackedColumn[]): KeyPart {
  if (part.column === null) return part;
  const wanted = part.column;
  const column = need(columns.find(({ name }) => sameName(name, wanted)), `column ${wanted} of a key`);
  // MariaDB takes a part of the text, as long as the engine can.
  if (kind === 'plain' && part.prefix === null && /text$|blob$/u.test(column.dataType)) undecided('how much of a text is in a key');
  return { column: column.name, prefix: kind === 'spatial' ? SPATIAL_PREFIX : prefixOf(part.prefix, column) };
}

/** A prefix that the column can have; null: all of it. */
export function prefixOf(prefix: number | null, { dataType, columnType }: TrackedColumn): number | null {
  if (prefix === null || prefix === 0) return null;
  if (/text$|blob$/u.test(dataType)) return prefix;
  if (!/char$|binary$/u.test(dataType)) return null;
  const length = Number(/\((\d+)\)/u.exec(columnType)?.[1] ?? 0);
  return prefix >= length ? null : prefix;
}
