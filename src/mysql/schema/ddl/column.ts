import { withQuestionMark } from '../../columns/labels.ts';
import type { ColumnDefault } from '../../../core/declaration.ts';
import type { CharsetChoice } from './charset.ts';
import { showDefault } from './default-text.ts';
import { readDefault } from './default-value.ts';
import type { KeySpec } from './keys.ts';
import { columnKey, referenceKey } from './keys.ts';
import type { TrackedColumn } from './model.ts';
import type { Reading } from './reading.ts';
import { nameOf, need, sameName, stringIn, undecided } from './reading.ts';
import type { Leaf, Node } from './tree.ts';
import { child, isNode, leaves, nodes } from './tree.ts';
import type { DeclaredType } from './type-words.ts';
import { readType } from './type-words.ts';
import { resolveType } from './type.ts';

/** A column as a statement makes it. */
export interface MadeColumn {
  readonly column: TrackedColumn;
  /** Keys that its declaration asks for. */
  readonly keys: readonly KeySpec[];
  /** A TIMESTAMP that may not be NULL and has no default: what it gets depends on the other columns. `zero`: it gets no current time in any case. */
  readonly bareTimestamp: 'any' | 'zero' | null;
}

/** What is read of a declaration. */
interface Declaration {
  readonly name: string;
  readonly type: DeclaredType;
  nullable: boolean | null;
  default: readonly Leaf[] | null;
  onUpdate: boolean;
  autoIncrement: boolean;
  generated: boolean;
  invisible: boolean;
  comment: string;
  json: boolean;
  readonly keys: KeySpec[];
}

/** A column of that name from `columnDefinition`, in a table of that character set. @throws Undecided */
export function makeColumn(reading: Reading, name: string, definition: Node, table: CharsetChoice): MadeColumn {
  const type = readType(reading, need(child(definition, 'dataType'), 'type'));
  const json = type.base === 'json' && reading.dialect.flavor === 'mariadb';
  const declared: Declaration = { name, type, nullable: null, default: null, onUpdate: false, autoIncrement: type.serial, generated: false, invisible: false, comment: '', json, keys: [] };
  if (type.serial) serial(declared);
  for (const constraint of nodes(definition, 'columnConstraint')) readConstraint(reading, constraint, declared);
  return finish(reading, declared, table);
}

function serial(declared: Declaration): void {
  declared.nullable = false;
  declared.autoIncrement = true;
  declared.keys.push(columnKey(declared.name, 'unique'));
}

function readConstraint(reading: Reading, constraint: Node, declared: Declaration): void {
  const parts = leaves(constraint);
  const said = parts.map(({ word }) => word);
  const [first = '', second = ''] = said;
  if (first === 'NULL') declared.nullable = true;
  else if (first === 'NOT' && second === 'NULL') declared.nullable = false;
  else if (first === 'DEFAULT') readDefaultClause(parts.slice(1), declared);
  else if (first === 'ON') declared.onUpdate = true;
  else if (first === 'AUTO_INCREMENT') declared.autoIncrement = true;
  else if (first === 'INVISIBLE' || first === 'VISIBLE') declared.invisible = first === 'INVISIBLE';
  else if (first === 'PRIMARY' || first === 'KEY') {
    declared.nullable = false;
    declared.keys.push(columnKey(declared.name, 'primary'));
  }
  else if (first === 'UNIQUE') declared.keys.push(columnKey(declared.name, 'unique'));
  else if (first === 'COMMENT') declared.comment = stringIn(reading, constraint);
  else if (first === 'COLLATE') declared.type.collation = nameOf(reading, need(child(constraint, 'collationName'), 'collation'));
  else if (first === 'SERIAL') serial(declared);
  else if (first === 'GENERATED' || first === 'AS') {
    declared.generated = true;
    // MariaDB: GENERATED ALWAYS AS ROW START.
    if (said.includes('ROW') && !said.includes('(')) declared.nullable = false;
  }
  else if (said.includes('CHECK')) declared.json ||= checksJson(reading, parts, declared);
  else if (said.includes('REFERENCES')) declared.keys.push(...[referenceKey(reading, declared.name, constraint)].filter((key) => key !== null));
  else if (!WITHOUT_EFFECT.has(first)) undecided(`${first} in a column is not known`);
}

const WITHOUT_EFFECT = new Set(['COLUMN_FORMAT', 'STORAGE', 'ENGINE_ATTRIBUTE', 'SECONDARY_ENGINE_ATTRIBUTE', 'CONSTRAINT', 'WITH', 'WITHOUT', 'ENFORCED', 'SRID', 'REF_SYSTEM_ID']);

/** ON UPDATE may follow the value. */
function readDefaultClause(parts: readonly Leaf[], declared: Declaration): void {
  const update = parts.findIndex(({ word }, i) => word === 'ON' && parts[i + 1]?.word === 'UPDATE');
  if (update >= 0) declared.onUpdate = true;
  declared.default = update >= 0 ? parts.slice(0, update) : parts;
}

/** MariaDB: `CHECK (json_valid(column))` is what JSON stands for. */
function checksJson(reading: Reading, parts: readonly Leaf[], { name, type }: Declaration): boolean {
  const from = parts.findIndex(({ word }) => word === 'CHECK');
  const [open, call, bracket, column, ...rest] = parts.slice(from + 1);
  const shape = [open, call, bracket, ...rest].map((leaf) => leaf?.word).join(' ');
  return type.base === 'longtext' && column !== undefined && shape === '( JSON_VALID ( ) )' && sameName(nameOf(reading, column), name);
}

function finish(reading: Reading, declared: Declaration, table: CharsetChoice): MadeColumn {
  const type = resolveType(reading, declared.type, table);
  const oldTimestamp = type.dataType === 'timestamp' && !explicitTimestamps(reading) && !declared.generated;
  const nullable = declared.nullable ?? !(oldTimestamp || declared.autoIncrement);
  const stated = declared.default === null ? null : showDefault(reading, readDefault(reading, declared.default), type);
  const column: TrackedColumn = {
    name: declared.name,
    columnType: type.columnType,
    dataType: type.dataType,
    nullable,
    unsigned: type.unsigned,
    charset: type.charset,
    collation: type.collation,
    labels: type.labels,
    default: declared.generated ? null : defaultOf(stated, nullable),
    comment: declared.comment,
    autoIncrement: declared.autoIncrement,
    generated: declared.generated,
    invisible: declared.invisible,
    json: declared.json && type.dataType === 'longtext',
    ...exactness(reading, type.labels),
  };
  return { column, keys: declared.keys, bareTimestamp: oldTimestamp && !nullable && stated === null ? bareness(reading, declared) : null };
}

/**
 * A `?` in a label is one where somebody wrote it. The statement that servers log for CREATE TABLE … SELECT is printed as in
 * SHOW CREATE TABLE, with a `?` for each character beyond U+FFFF.
 */
function exactness({ plain }: Reading, labels: readonly string[] | null): Pick<TrackedColumn, 'exactLabels'> {
  return labels !== null && withQuestionMark(labels) && !PRINTED.test(plain.original) ? { exactLabels: true } : {};
}

const PRINTED = /^\s*CREATE\s[^(]*\(\n {2}`/iu;

/** With ON UPDATE alone MySQL shows no default, and MariaDB zero. */
function bareness({ dialect }: Reading, { onUpdate }: Declaration): MadeColumn['bareTimestamp'] {
  if (!onUpdate) return 'any';
  return dialect.flavor === 'mariadb' ? 'zero' : null;
}

/** A nullable column has DEFAULT NULL at least; one that may not be NULL never has it. */
export function defaultOf(stated: ColumnDefault | null, nullable: boolean): ColumnDefault | null {
  if (stated !== null && stated.kind !== 'null') return stated;
  return nullable ? { kind: 'null' } : null;
}

/** explicit_defaults_for_timestamp. */
function explicitTimestamps({ statement, dialect }: Reading): boolean {
  return statement.session.explicitDefaultsForTimestamp ?? dialect.explicitDefaultsForTimestamp;
}

/** Those of a table's new columns, by name. */
export type BareTimestamps = ReadonlyMap<string, 'any' | 'zero'>;

export function bareOf(made: readonly MadeColumn[]): BareTimestamps {
  return new Map(made.flatMap(({ column, bareTimestamp }) => (bareTimestamp === null ? [] : [[column.name, bareTimestamp] as const])));
}

/** Gives TIMESTAMPs without a default theirs: the first of a table the current time, the others zero. */
export function fillTimestamps(reading: Reading, columns: TrackedColumn[], bare: BareTimestamps): void {
  const first = columns.findIndex(({ dataType }) => dataType === 'timestamp');
  for (const [i, column] of columns.entries()) {
    const kind = bare.get(column.name);
    if (kind === undefined) continue;
    const fsp = /\((\d)\)/u.exec(column.columnType)?.[1];
    columns[i] = { ...column, default: i === first && kind === 'any' ? showDefault(reading, { kind: 'now', fsp: Number(fsp ?? 0) }, column) : { kind: 'literal', text: `0000-00-00 00:00:00${fsp === undefined ? '' : `.${'0'.repeat(Number(fsp))}`}` } };
  }
}

/** Column definitions inside brackets or beside each other: names and `columnDefinition`s in turn. */
export function namedDefinitions(reading: Reading, node: Node): { readonly name: string; readonly definition: Node }[] {
  const found: { name: string; definition: Node }[] = [];
  let name: string | null = null;
  for (const part of node.children) {
    if (!isNode(part)) continue;
    if (part.rule === 'uid' || part.rule === 'fullColumnName') name = nameOf(reading, leaves(part).at(-1) ?? part);
    else if (part.rule === 'columnDefinition' && name !== null) found.push({ name, definition: part });
  }
  return found;
}
