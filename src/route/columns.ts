import { RowcastError } from '../core/errors.ts';
import type { Mask, ProjectedColumn, Projection } from '../core/projection.ts';
import type { Column, TableVersion } from '../core/table.ts';
import { tableLabel } from '../core/table.ts';
import { NO_POLICIES } from '../core/type-policies.ts';
import { didYouMean } from './nearest.ts';
import type { MaskName, RouteOptions } from './options.ts';

/** Types whose value is bytes and not text. */
const BINARY_FAMILIES: ReadonlySet<string> = new Set(['binary', 'geometry', 'vector']);

/** What a route shows of a table. `masks`: the masks of the route, made once. @throws RowcastError ROUTE_COLUMN */
export function createProjection(table: TableVersion, route: RouteOptions, masks: ReadonlyMap<MaskName, Mask>): Projection {
  checkNames(table, route);
  const columns = table.columns.filter((column) => isShown(column, route)).map((column) => project(table, column, route, masks));
  if (columns.length === 0) throw refusal(table, 'the route shows no column', 'Include at least one column.');
  refuseSharedNames(table, columns);
  return { table, columns, key: keyColumns(table, route, columns), types: route.types ?? NO_POLICIES };
}

function isShown(column: Column, route: RouteOptions): boolean {
  const { include, exclude } = route.columns ?? {};
  if (include !== null && include !== undefined) return include.includes(column.name);
  return !(exclude ?? []).includes(column.name);
}

function project(table: TableVersion, column: Column, route: RouteOptions, masks: ReadonlyMap<MaskName, Mask>): ProjectedColumn {
  const rename = new Map(Object.entries(route.columns?.rename ?? {}));
  const maskName = new Map(Object.entries(route.columns?.mask ?? {})).get(column.name);
  if (maskName === 'last4' && BINARY_FAMILIES.has(column.type.family)) {
    throw refusal(table, `column ${column.name} (${column.sqlType}) holds bytes, of which last4 has no characters to show`, 'Mask it with redact or sha256, or exclude it.');
  }
  return { column, name: rename.get(column.name) ?? column.name, mask: maskName === undefined ? null : maskOf(maskName, masks) };
}

function maskOf(name: MaskName, masks: ReadonlyMap<MaskName, Mask>): Mask {
  const mask = masks.get(name);
  if (mask === undefined) throw new RowcastError('INTERNAL', `mask ${name} was not made`);
  return mask;
}

function keyColumns(table: TableVersion, route: RouteOptions, columns: readonly ProjectedColumn[]): ProjectedColumn[] {
  if (route.key === 'none') return [];
  const byDefault = route.key === null || route.key === undefined;
  const names = route.key ?? table.primaryKey.flatMap((index) => table.columns[index]?.name ?? []);
  return names.map((name, place) => {
    const found = columns.find((projected) => projected.column.name === name);
    if (found === undefined) {
      const remedy = byDefault ? 'Show the column, name other columns in key, or set key: none.' : 'Show the column, or name another one in key.';
      throw refusal(table, `the ${byDefault ? 'primary key' : 'key'} column ${name} is not shown by the route`, remedy);
    }
    if (names.indexOf(name) !== place) throw refusal(table, `key names column ${name} twice`, 'Name each column once.');
    return found;
  });
}

function checkNames(table: TableVersion, route: RouteOptions): void {
  const known = table.columns.map((column) => column.name);
  const { include, exclude, rename, mask } = route.columns ?? {};
  const named = {
    key: typeof route.key === 'string' ? [] : (route.key ?? []),
    'columns.include': include ?? [],
    'columns.exclude': exclude ?? [],
    'columns.rename': Object.keys(rename ?? {}),
    'columns.mask': Object.keys(mask ?? {}),
  };
  for (const [option, names] of Object.entries(named)) {
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw refusal(table, `${option} names column ${unknown}, which the table does not have${didYouMean(unknown, known)}`);
  }
}

function refuseSharedNames(table: TableVersion, columns: readonly ProjectedColumn[]): void {
  const sources = new Map<string, string>();
  for (const { column, name } of columns) {
    const other = sources.get(name);
    if (other !== undefined) throw refusal(table, `columns ${other} and ${column.name} would both be named ${name}`, 'Rename one of them to a name of its own.');
    sources.set(name, column.name);
  }
}

function refusal(table: TableVersion, what: string, hint?: string): RowcastError {
  const facts = { table: tableLabel(table) };
  return new RowcastError('ROUTE_COLUMN', `table ${tableLabel(table)}: ${what}`, hint === undefined ? { facts } : { facts, hint });
}
