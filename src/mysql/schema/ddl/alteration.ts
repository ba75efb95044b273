import type { ColumnDefault } from '../../../core/declaration.ts';
import type { TableName } from '../../../core/notice.ts';
import type { CharsetClause } from './charset.ts';
import type { MadeColumn } from './column.ts';
import type { KeySpec } from './keys.ts';
import type { KeyPart, TrackedColumn, TrackedKey } from './model.ts';
import { prefixOf } from './keys.ts';
import { sameName, undecided } from './reading.ts';
import type { TableOptions } from './table-draft.ts';

/** Where a column is put; null: where it was, or at the end. */
export type Place = 'first' | { readonly after: string } | null;

/** A column that is added, or that takes the place of the one named `from`. */
export interface Placed {
  readonly from: string | null;
  readonly made: MadeColumn;
  readonly place: Place;
}

/** What ALTER TABLE asks for, sorted. */
export interface Alteration {
  readonly options: TableOptions;
  readonly convert: CharsetClause | null;
  readonly dropped: string[];
  readonly placed: Placed[];
  /** Old name → new. */
  readonly renamed: Map<string, string>;
  readonly defaults: { readonly column: string; readonly to: (column: TrackedColumn) => ColumnDefault | null }[];
  readonly visibility: { readonly column: string; readonly invisible: boolean }[];
  readonly keys: KeySpec[];
  readonly droppedKeys: string[];
  readonly renamedKeys: Map<string, string>;
  renameTo: TableName | null;
  /** False while RENAME TO is all that it does. */
  more: boolean;
}

/**
 * The columns in the server's way: those that stay keep their order, changed ones their place; then, one after the other,
 * added ones and those that say where they go. Old names lead to columns, new names to places.
 */
export function alterColumns(columns: readonly TrackedColumn[], alteration: Alteration): TrackedColumn[] {
  const result: TrackedColumn[] = [];
  for (const column of columns) {
    if (includes(alteration.dropped, column.name)) continue;
    const change = alteration.placed.find(({ from }) => from !== null && sameName(from, column.name));
    if (change === undefined) result.push(adjust(column, alteration));
    else if (change.place === null) result.push(change.made.column);
  }
  for (const { from, made, place } of alteration.placed) {
    if (from === null || place !== null) put(result, made.column, place);
  }
  return result;
}

function put(columns: TrackedColumn[], column: TrackedColumn, place: Place): void {
  if (place === null) columns.push(column);
  else if (place === 'first') columns.unshift(column);
  else {
    const at = columns.findIndex(({ name }) => sameName(name, place.after));
    if (at < 0) undecided(`column ${place.after} is not known`);
    columns.splice(at + 1, 0, column);
  }
}

/** What ALTER COLUMN and RENAME COLUMN do to a column. */
function adjust(column: TrackedColumn, { renamed, defaults, visibility }: Alteration): TrackedColumn {
  let result = column;
  for (const each of defaults) if (sameName(each.column, column.name)) result = { ...result, default: each.to(column) };
  for (const each of visibility) if (sameName(each.column, column.name)) result = { ...result, invisible: each.invisible };
  const name = lookUp(renamed, column.name);
  return name === undefined ? result : { ...result, name };
}

/** The keys that stay, with the names and lengths that their columns have now. */
export function keepKeys(keys: readonly TrackedKey[], alteration: Alteration, columns: readonly TrackedColumn[]): TrackedKey[] {
  return keys.flatMap((key) => {
    if (includes(alteration.droppedKeys, key.name)) return [];
    const parts = key.parts.flatMap((part) => keepPart(part, alteration, columns));
    return parts.length === 0 ? [] : [{ name: lookUp(alteration.renamedKeys, key.name) ?? key.name, unique: key.unique, parts }];
  });
}

/** A column that is dropped and added again under its name stays in its keys. */
function keepPart(part: KeyPart, { dropped, placed, renamed }: Alteration, columns: readonly TrackedColumn[]): KeyPart[] {
  if (part.column === null) return [part];
  const old = part.column;
  const gone = includes(dropped, old);
  const change = placed.find(({ from, made }) => (gone ? from === null && sameName(made.column.name, old) : from !== null && sameName(from, old)));
  if (gone && change === undefined) return [];
  const name = change?.made.column.name ?? lookUp(renamed, old) ?? old;
  const column = columns.find((each) => sameName(each.name, name)) ?? undecided(`column ${name} of a key is not known`);
  if (change !== undefined && part.prefix === null && /text$|blob$/u.test(column.dataType)) undecided('how much of a text is in a key');
  return [{ column: column.name, prefix: change === undefined ? part.prefix : prefixOf(part.prefix, column) }];
}

export function includes(names: readonly string[], name: string): boolean {
  return names.some((each) => sameName(each, name));
}

function lookUp(names: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [from, to] of names) if (sameName(from, name)) return to;
  return undefined;
}
