import type { RouteConfig } from '../../config/compile.ts';
import type { RoutePlan } from '../../core/plan.ts';
import type { RowEncoder } from '../../core/ports.ts';
import { RowImage } from '../../core/row-image.ts';
import type { TableVersion } from '../../core/table.ts';
import { tableLabel } from '../../core/table.ts';
import { namingOf } from '../../format/maxwell/naming.ts';
import { Expected } from '../../verify/expected.ts';
import type { MessageReader } from '../../verify/formats/reader.ts';
import { tableText } from '../../verify/formats/reader.ts';
import { eachMember } from '../../verify/json-scan.ts';
import type { MessageColumn } from '../../verify/row-reader.ts';
import type { VerifiedTable } from '../../verify/verified-table.ts';
import type { WrittenFormat } from './readers.ts';

/** What a table and its route are. */
export interface TablePlan {
  readonly version: TableVersion;
  readonly plan: RoutePlan;
  readonly route: RouteConfig;
  readonly format: WrittenFormat;
  readonly encoder: RowEncoder;
}

/** Why a table cannot be compared with its topic; null where it can. */
export function refusalOf({ version, plan, route, format, encoder }: TablePlan): string | null {
  if (plan.when !== null) return 'its route tells only some changes (when), so the topic need not have the last state of a row';
  if (plan.operations.size < 3) return `its route tells only ${[...plan.operations].join(' and ')}, so the topic need not have the last state of a row`;
  if (version.primaryKey.length === 0) return 'it has no primary key, nor one unique key of NOT NULL columns, so its rows cannot be told apart';
  if (format.type === 'debezium' && format.flat !== null && format.flat.deletes === 'drop') return 'its format tells no deletes (flat.deletes: drop)';
  if (identityOf({ version, plan, route, format, encoder }) === null) return 'neither the keys of its messages nor their columns show its whole primary key (excluded columns, masks other than sha256, or a key of other columns)';
  return null;
}

/** The table as the comparison needs it. */
export function verifiedTable(parts: TablePlan, index: number, reader: MessageReader): VerifiedTable {
  const { version, plan, format, encoder } = parts;
  const nameOf = format.type === 'maxwell' ? namingOf(format.naming) : (name: string) => name;
  const table: VerifiedTable = {
    index,
    label: tableLabel(version),
    text: tableText(version.database, version.name),
    plan,
    encoder,
    columns: plan.projection.columns.map(({ name }): MessageColumn => ({ name: nameOf(name), kind: 'value' })),
    identity: identityOf(parts) ?? [],
    omitsNulls: format.type === 'maxwell' && !format.nulls,
  };
  return { ...table, columns: withKinds(table, version, reader) };
}

/** Messages of the key, or the columns that show it; null where neither does. */
function identityOf({ version, plan, route, format, encoder }: TablePlan): 'key' | readonly number[] | null {
  const shows = (index: number): boolean => [undefined, 'sha256'].includes(route.columns.mask[version.columns[index]?.name ?? '']);
  if (!version.primaryKey.every(shows)) return null;
  const { key, columns } = plan.projection;
  const whole = format.type !== 'maxwell' && format.type !== 'canal' && encoder.keyed !== false;
  if (whole && version.primaryKey.every((index) => key.some(({ column }) => column.index === index))) return 'key';
  const places = version.primaryKey.map((index) => columns.findIndex(({ column }) => column.index === index));
  const byTombstone = format.type === 'debezium' && format.flat !== null && !format.flat.deletes.startsWith('rewrite');
  return byTombstone || places.includes(-1) ? null : places;
}

/** Finds out how documents of JSON columns are written, by a row that has an empty one in each of them. */
function withKinds(table: VerifiedTable, version: TableVersion, reader: MessageReader): readonly MessageColumn[] {
  if (!version.columns.some(({ type }) => type.family === 'json')) return table.columns;
  const starts = new Map<string, number>();
  const record = new Expected(table, { reader, keyInside: null, shared: false }).recordOf(documentsOnly(version));
  reader.read(record, {
    set: (_name, { bytes, from }) => {
      eachMember(bytes, from, (nameFrom, nameTo, valueFrom) => starts.set(JSON.parse(bytes.toString('utf8', nameFrom, nameTo)) as string, bytes[valueFrom] as number));
    },
    gone: () => undefined,
    truncated: () => undefined,
  });
  return table.columns.map((column, i) => {
    const projected = table.plan.projection.columns[i];
    if (projected === undefined || projected.mask !== null || projected.column.type.family !== 'json') return column;
    return { ...column, kind: starts.get(column.name) === QUOTE ? 'text' : 'document' };
  });
}

/** A row of NULLs, but for JSON: empty documents. */
function documentsOnly(version: TableVersion): RowImage {
  const nulls = Buffer.alloc((version.columns.length + 7) >> 3, 0xff);
  const values: Buffer[] = [];
  for (const { index, type } of version.columns) {
    if (type.family !== 'json') continue;
    nulls[index >> 3] = (nulls[index >> 3] as number) & ~(1 << (index & 7));
    values.push(EMPTY_DOCUMENT);
  }
  const bytes = Buffer.concat([nulls, ...values]);
  const image = new RowImage(version);
  image.set(bytes, 0, bytes.length);
  return image;
}

/** Four bytes of length, and the text. */
const EMPTY_DOCUMENT = Buffer.from([2, 0, 0, 0, 0x7b, 0x7d]);
const QUOTE = 0x22;
