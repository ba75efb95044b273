import type { CharsetChoice, CharsetClause } from './charset.ts';
import { readCharsetOption } from './charset.ts';
import type { BareTimestamps } from './column.ts';
import { defaultOf, fillTimestamps } from './column.ts';
import type { TrackedColumn, TrackedKey, TrackedTable } from './model.ts';
import type { Reading } from './reading.ts';
import { sameName, since, stringIn, undecided } from './reading.ts';
import { compareKeys, PRIMARY, trackedTable } from './table.ts';
import type { Node } from './tree.ts';
import { has, leaves } from './tree.ts';

/** What the options of a table say; null: nothing. */
export interface TableOptions {
  readonly charset: CharsetClause;
  comment: string | null;
  versioned: boolean | null;
}

/** Reads `tableOption`s; those that change nothing that is tracked are passed over. */
export function readOptions(reading: Reading, options: readonly Node[]): TableOptions {
  const found: TableOptions = { charset: { charset: null, collation: null }, comment: null, versioned: null };
  for (const option of options) {
    const said = leaves(option).map(({ word }) => word);
    if (said[0] === 'COMMENT') found.comment = stringIn(reading, option);
    else if (said.includes('VERSIONING')) found.versioned = true;
    else if (!has(option, 'ENGINE')) readCharsetOption(reading, option, found.charset);
  }
  return found;
}

/** A table while a statement makes it. */
export interface TableParts {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly TrackedColumn[];
  /** In any order. */
  readonly keys: readonly TrackedKey[];
  readonly charset: CharsetChoice;
  readonly comment: string;
  readonly versioned: boolean;
}

/** The table of these parts. `bare`: TIMESTAMPs that still need a default. @throws Undecided */
export function finishTable(reading: Reading, parts: TableParts, bare: BareTimestamps): TrackedTable {
  if (parts.columns.length === 0) undecided('a table without columns');
  const columns = [...parts.columns];
  fillTimestamps(reading, columns, bare);
  const primary = parts.keys.find(({ name }) => name === PRIMARY);
  for (const [i, column] of columns.entries()) {
    if (column.nullable && primary?.parts.some((part) => part.column !== null && sameName(part.column, column.name)) === true) columns[i] = notNull(reading, column);
  }
  const { database, name, charset, comment, versioned } = parts;
  return trackedTable({ database, name, columns, keys: [...parts.keys].sort(compareKeys), ...charset, comment, versioned });
}

/** A primary key takes no NULL. MySQL before 5.7 gives its columns the default that DEFAULT NULL would have hidden. */
function notNull(reading: Reading, column: TrackedColumn): TrackedColumn {
  const old = reading.dialect.flavor === 'mysql' && !since(reading, 'mysql', [5, 7, 0]) && column.default?.kind === 'null' && !column.autoIncrement;
  return { ...column, nullable: false, default: old ? implicitDefault(column) : defaultOf(column.default, false) };
}

function implicitDefault({ dataType, columnType }: TrackedColumn): TrackedColumn['default'] {
  if (/int$/u.test(dataType)) return { kind: 'literal', text: columnType.endsWith('zerofill') ? '0'.padStart(Number(/\((\d+)\)/u.exec(columnType)?.[1] ?? 1), '0') : '0' };
  if (/char$/u.test(dataType)) return { kind: 'literal', text: '' };
  return undecided(`the default of ${dataType} in a primary key`);
}
