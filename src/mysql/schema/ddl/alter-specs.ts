import type { Alteration, Place } from './alteration.ts';
import { includes } from './alteration.ts';
import { PRIMARY } from './table.ts';
import type { CharsetChoice } from './charset.ts';
import type { MadeColumn } from './column.ts';
import { defaultOf, makeColumn, namedDefinitions } from './column.ts';
import { readDefinitions } from './create-table.ts';
import { showDefault } from './default-text.ts';
import { readDefault } from './default-value.ts';
import { readKey } from './keys.ts';
import type { TrackedTable } from './model.ts';
import type { Reading } from './reading.ts';
import { nameOf, need, namesOf, sameName, toTable, undecided } from './reading.ts';
import type { Leaf, Node } from './tree.ts';
import { child, has, isNode, leaves, nodes, words } from './tree.ts';

/** What the clauses of ALTER TABLE are read with. */
export interface AlterContext {
  readonly reading: Reading;
  readonly table: TrackedTable;
  /** What new columns get: the table's as the statement leaves it. */
  readonly charset: CharsetChoice;
}

/** Clauses that change nothing that is tracked, by their first word. */
const WITHOUT_EFFECT = new Set(
  'ALGORITHM LOCK DISABLE ENABLE DISCARD IMPORT FORCE WITH WITHOUT ORDER TRUNCATE COALESCE REORGANIZE EXCHANGE ANALYZE CHECK OPTIMIZE REBUILD REPAIR REMOVE UPGRADE CONVERT'.split(' '),
);
const KEY_WORDS = ['INDEX', 'KEY', 'UNIQUE', 'PRIMARY', 'FULLTEXT', 'SPATIAL', 'FOREIGN'];

/** Reads one `alterSpecification` that is no option of the table. @throws Undecided */
export function readSpec(context: AlterContext, spec: Node, into: Alteration): void {
  const [first = '', second = ''] = leaves(spec).map(({ word }) => word);
  if (/ (?:VERSIONING$|PARTITION |PERIOD )/u.test(first)) into.more = true;
  else if (second === 'PARTITION' || first === 'TRUNCATE' || first === 'COALESCE') into.more = true;
  else if (first === 'RENAME') readRename(context, spec, into);
  else if (first === 'ADD') readAdd(context, spec, into);
  else if (first === 'DROP') readDrop(context, spec, into);
  else if (first === 'CHANGE' || first === 'MODIFY') readChange(context, spec, into);
  else if (first === 'ALTER' && second !== 'INDEX' && second !== 'KEY' && second !== 'CHECK' && second !== 'CONSTRAINT') readAlterColumn(context, spec, into);
  else if (first !== 'ALTER' && first !== 'DEFAULT' && first !== 'CHARACTER' && !WITHOUT_EFFECT.has(first)) undecided(`${first} in ALTER TABLE is not known`);
  if (first !== 'RENAME' || into.renameTo === null) into.more = true;
}

function readRename({ reading }: AlterContext, spec: Node, into: Alteration): void {
  const said = words(spec);
  const [from, to] = nodes(spec, 'uid').map((uid) => nameOf(reading, uid));
  if (said.includes('COLUMN')) into.renamed.set(need(from, 'column'), need(to, 'new name'));
  else if (said.includes('INDEX') || said.includes('KEY')) into.renamedKeys.set(need(from, 'key'), need(to, 'new name'));
  else {
    const target = need(child(spec, 'fullId') ?? child(spec, 'tableName') ?? child(spec, 'uid'), 'new name');
    into.renameTo = toTable(reading, namesOf(reading, target));
  }
}

function readAdd(context: AlterContext, spec: Node, into: Alteration): void {
  const { reading, table } = context;
  const known = (name: string): boolean => child(spec, 'ifNotExists') !== undefined && (table.columns.some((column) => sameName(column.name, name)) || into.placed.some(({ made }) => sameName(made.column.name, name)));
  const add = (made: MadeColumn, place: Place): void => {
    if (known(made.column.name)) return;
    into.placed.push({ from: null, made, place });
    into.keys.push(...made.keys);
  };
  const definitions = namedDefinitions(reading, spec);
  for (const { name, definition } of definitions) add(makeColumn(reading, name, definition, context.charset), placeOf(reading, spec));
  if (definitions.length > 0) return;
  if (nodes(spec, 'createDefinition').length > 0) {
    const { columns, keys } = readDefinitions(reading, spec, context.charset);
    for (const made of columns) if (!known(made.column.name)) into.placed.push({ from: null, made, place: null });
    into.keys.push(...keys);
  } else addKey(context, spec, into);
}

function addKey({ reading, table }: AlterContext, spec: Node, into: Alteration): void {
  const said = words(spec);
  if (!KEY_WORDS.some((word) => said.includes(word)) && !said.includes('CHECK')) undecided('ADD of something that is not known');
  const key = readKey(reading, spec);
  const name = key?.name ?? null;
  const exists = name !== null && table.keys.some((other) => sameName(other.name, name)) && !includes(into.droppedKeys, name);
  if (key !== null && !(child(spec, 'ifNotExists') !== undefined && exists)) into.keys.push(key);
}

function readDrop({ reading, table }: AlterContext, spec: Node, into: Alteration): void {
  const said = words(spec);
  if (said.includes('FOREIGN') || said.includes('CHECK')) return;
  if (said.includes('PRIMARY')) {
    into.droppedKeys.push(PRIMARY);
    return;
  }
  const name = nameOf(reading, need(child(spec, 'uid'), 'name'));
  if (said.includes('INDEX') || said.includes('KEY')) into.droppedKeys.push(name);
  else if (said.includes('CONSTRAINT')) dropConstraint(table, name, into);
  else if (table.columns.some((column) => sameName(column.name, name))) into.dropped.push(name);
  else if (child(spec, 'ifExists') === undefined) undecided(`column ${name} is not known`);
}

/** A unique key is a constraint too; a check and a foreign key are none that is tracked. */
function dropConstraint({ keys }: TrackedTable, name: string, into: Alteration): void {
  if (keys.some((key) => key.unique && sameName(key.name, name))) into.droppedKeys.push(name);
}

function readChange({ reading, table, charset }: AlterContext, spec: Node, into: Alteration): void {
  const uids = nodes(spec, 'uid').map((uid) => nameOf(reading, uid));
  const from = need(uids[0], 'column');
  const name = has(spec, 'CHANGE') ? need(uids[1], 'new name') : from;
  if (!table.columns.some((column) => sameName(column.name, from))) {
    if (child(spec, 'ifExists') !== undefined) return;
    undecided(`column ${from} is not known`);
  }
  const old = table.columns.find((column) => sameName(column.name, from));
  const made = makeColumn(reading, has(spec, 'CHANGE') ? name : (old?.name ?? name), need(child(spec, 'columnDefinition'), 'definition'), charset);
  into.placed.push({ from, made, place: placeOf(reading, spec) });
  into.keys.push(...made.keys);
}

/** FIRST and AFTER stand behind the definition. */
function placeOf(reading: Reading, spec: Node): Place {
  const from = spec.children.findLastIndex((part) => isNode(part) && part.rule === 'columnDefinition');
  const tail = spec.children.slice(from + 1).flatMap(leaves);
  const at = tail.findIndex(({ word }) => word === 'FIRST' || word === 'AFTER');
  if (at < 0) return null;
  return tail[at]?.word === 'FIRST' ? 'first' : { after: nameOf(reading, need(tail[at + 1], 'column')) };
}

/** ALTER COLUMN: SET DEFAULT, DROP DEFAULT, SET VISIBLE, SET INVISIBLE. */
function readAlterColumn({ reading, table }: AlterContext, spec: Node, into: Alteration): void {
  const said = words(spec);
  const column = nameOf(reading, need(child(spec, 'uid'), 'column'));
  if (!table.columns.some(({ name }) => sameName(name, column))) {
    if (child(spec, 'ifExists') !== undefined) return;
    undecided(`column ${column} is not known`);
  }
  if (said.includes('INVISIBLE') || said.includes('VISIBLE')) into.visibility.push({ column, invisible: said.includes('INVISIBLE') });
  else if (said.includes('DROP')) into.defaults.push({ column, to: (of) => defaultOf(null, of.nullable) });
  else {
    const value = valueOf(spec);
    into.defaults.push({ column, to: (of) => defaultOf(showDefault(reading, readDefault(reading, value), of), of.nullable) });
  }
}

function valueOf(spec: Node): Leaf[] {
  return leaves(need(child(spec, 'defaultValue'), 'default'));
}
