import { chooseCharset, databaseDefaults } from './charset.ts';
import { bareOf, makeColumn, namedDefinitions } from './column.ts';
import type { MadeColumn } from './column.ts';
import type { CharsetChoice } from './charset.ts';
import type { Draft } from './draft.ts';
import type { KeySpec } from './keys.ts';
import { buildKeys, readKey } from './keys.ts';
import type { Reading } from './reading.ts';
import { need, tableOf, undecided } from './reading.ts';
import { finishTable, readOptions } from './table-draft.ts';
import type { Node } from './tree.ts';
import { child, has, isNode, leaves, nodes } from './tree.ts';

/** CREATE TABLE. @throws Undecided */
export function createTable(reading: Reading, node: Node, draft: Draft): void {
  const [target, source] = nodes(node, 'tableName');
  const name = tableOf(reading, need(target, 'table'));
  const existing = draft.table(name);
  if (existing !== undefined && child(node, 'ifNotExists') !== undefined) return;
  if (existing !== undefined) draft.drop(existing);
  if (!has(node, 'LIKE')) {
    draft.create(fromDefinitions(reading, node, name));
    return;
  }
  const model = tableOf(reading, need(source, 'table to be like'));
  const like = model.database === name.database && model.name === name.name ? existing : draft.table(model);
  draft.create({ ...(like ?? undecided(`${model.database}.${model.name} is not known`)), ...name });
}

function fromDefinitions(reading: Reading, node: Node, name: { readonly database: string; readonly name: string }): ReturnType<typeof finishTable> {
  // In the binlog of rows the columns of the query are spelled out.
  if (child(node, 'selectStatement') !== undefined) undecided('the columns are those of a query');
  const options = readOptions(reading, nodes(node, 'tableOption'));
  const charset = chooseCharset(reading, options.charset, databaseDefaults(reading, name.database));
  const made = readDefinitions(reading, need(child(node, 'createDefinitions'), 'columns'), charset);
  const columns = made.columns.map(({ column }) => column);
  return finishTable(reading, { ...name, columns, keys: buildKeys([], made.keys, columns), charset, comment: options.comment ?? '', versioned: options.versioned ?? false }, bareOf(made.columns));
}

/** Columns and keys, each in its order. */
export interface Definitions {
  readonly columns: MadeColumn[];
  readonly keys: KeySpec[];
}

/** `createDefinition`s. @throws Undecided */
export function readDefinitions(reading: Reading, node: Node, charset: CharsetChoice): Definitions {
  const found: Definitions = { columns: [], keys: [] };
  for (const definition of nodes(node, 'createDefinition')) {
    const constraint = child(definition, 'tableConstraint') ?? child(definition, 'indexColumnDefinition');
    if (constraint !== undefined) {
      const key = readKey(reading, constraint);
      if (key !== null) found.keys.push(key);
      continue;
    }
    for (const { name, definition: column } of namedDefinitions(reading, definition)) {
      const made = makeColumn(reading, name, column, charset);
      found.columns.push(made);
      found.keys.push(...made.keys);
    }
    if (!definition.children.some((part) => isNode(part) && part.rule === 'columnDefinition')) passOver(definition);
  }
  return found;
}

/** PERIOD FOR SYSTEM_TIME names columns that are declared elsewhere; other periods make theirs NOT NULL. */
function passOver(definition: Node): void {
  if (!leaves(definition).some(({ word }) => word === 'SYSTEM_TIME')) undecided('a definition is of no known form');
}
