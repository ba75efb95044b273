import { readSpec } from './alter-specs.ts';
import type { Alteration } from './alteration.ts';
import { alterColumns, keepKeys } from './alteration.ts';
import type { CharsetChoice, CharsetClause } from './charset.ts';
import { chooseCharset, databaseDefaults } from './charset.ts';
import { convertColumn } from './convert.ts';
import { bareOf } from './column.ts';
import type { Draft } from './draft.ts';
import { buildKeys } from './keys.ts';
import type { TrackedTable } from './model.ts';
import type { Reading } from './reading.ts';
import { nameOf, need, tableOf, undecided } from './reading.ts';
import { finishTable, readOptions } from './table-draft.ts';
import type { Node } from './tree.ts';
import { child, leaves, nodes, words } from './tree.ts';

/** ALTER TABLE. @throws Undecided */
export function alterTable(reading: Reading, node: Node, draft: Draft): void {
  const name = tableOf(reading, need(child(node, 'tableName'), 'table'));
  const before = draft.table(name);
  if (before === undefined) {
    // A table that is not captured, and stays so.
    if (draft.captures(name) || renameTarget(node)) undecided(`${name.database}.${name.name} is not known`);
    return;
  }
  const specs = nodes(node, 'alterSpecification');
  const alteration = readAlteration(reading, specs, before);
  const after = altered(reading, before, alteration);
  draft.change(before, after, alteration.renameTo !== null && !alteration.more);
}

function renameTarget(node: Node): boolean {
  return nodes(node, 'alterSpecification').some((spec) => words(spec)[0] === 'RENAME' && !/^(?:COLUMN|INDEX|KEY)$/u.test(words(spec)[1] ?? ''));
}

function readAlteration(reading: Reading, specs: readonly Node[], table: TrackedTable): Alteration {
  const optionSpecs = specs.filter((spec) => child(spec, 'tableOption') !== undefined);
  const options = readOptions(reading, optionSpecs.flatMap((spec) => nodes(spec, 'tableOption')));
  for (const spec of specs) if (isCharsetSpec(spec)) readCharsetSpec(reading, spec, options.charset);
  const convert = specs.filter(isConversion).map((spec) => charsetClause(reading, spec)).at(-1) ?? null;
  const alteration: Alteration = {
    options,
    convert,
    dropped: [],
    placed: [],
    renamed: new Map(),
    defaults: [],
    visibility: [],
    keys: [],
    droppedKeys: [],
    renamedKeys: new Map(),
    renameTo: null,
    more: optionSpecs.length > 0,
  };
  const charset = charsetAfter(reading, table, alteration);
  for (const spec of specs) if (!optionSpecs.includes(spec)) readSpec({ reading, table, charset }, spec, alteration);
  for (const spec of specs) if (/ VERSIONING$/u.test(words(spec).join(' '))) options.versioned = words(spec).join(' ').startsWith('ADD');
  return alteration;
}

/** CONVERT TO CHARACTER SET, not to partitions. */
function isConversion(spec: Node): boolean {
  const said = leaves(spec).map(({ word }) => word);
  return said[0] === 'CONVERT' && (said.includes('SET') || said.includes('CHARSET'));
}

/** `DEFAULT CHARACTER SET x COLLATE y` outside the options. */
function isCharsetSpec(spec: Node): boolean {
  const first = leaves(spec)[0]?.word;
  return child(spec, 'tableOption') === undefined && (first === 'DEFAULT' || first === 'CHARACTER');
}

function readCharsetSpec(reading: Reading, spec: Node, into: CharsetClause): void {
  const clause = charsetClause(reading, spec);
  into.charset = clause.charset ?? into.charset;
  into.collation = clause.collation ?? into.collation;
}

function charsetClause(reading: Reading, spec: Node): CharsetClause {
  const charset = child(spec, 'charsetName');
  const collation = child(spec, 'collationName');
  return { charset: charset === undefined ? null : nameOf(reading, charset), collation: collation === undefined ? null : nameOf(reading, collation) };
}

/** The table's character set after the statement. CONVERT TO without a name takes the database's. */
function charsetAfter(reading: Reading, table: TrackedTable, { options, convert }: Alteration): CharsetChoice {
  const before = { charset: table.charset, collation: table.collation };
  const base = chooseCharset(reading, options.charset, before);
  if (convert === null) return base;
  const inherited = convert.charset === null || convert.charset.toLowerCase() === 'default' ? databaseDefaults(reading, table.database) : base;
  return chooseCharset(reading, convert, inherited);
}

function altered(reading: Reading, before: TrackedTable, alteration: Alteration): TrackedTable {
  const charset = charsetAfter(reading, before, alteration);
  const base = alteration.convert === null ? before.columns : before.columns.map((column) => convertColumn(column, charset));
  const columns = alterColumns(base, alteration);
  const keys = buildKeys(keepKeys(before.keys, alteration, columns), alteration.keys, columns);
  const bare = bareOf(alteration.placed.map(({ made }) => made));
  const name = alteration.renameTo ?? { database: before.database, name: before.name };
  const { comment, versioned } = alteration.options;
  return finishTable(reading, { ...name, columns, keys, charset, comment: comment ?? before.comment, versioned: versioned ?? before.versioned }, bare);
}
