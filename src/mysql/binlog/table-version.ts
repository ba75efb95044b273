import { RowcastError } from '../../core/errors.ts';
import type { Column, TableVersion } from '../../core/table.ts';
import { charsetOf, textOfBytes } from '../columns/charsets.ts';
import { TYPE, type ColumnDescription } from '../columns/description.ts';
import { areDoubtful } from '../columns/labels.ts';
import { sharedColumn } from '../columns/shared-column.ts';
import type { CatalogueColumn, CatalogueTable, MappedColumn, UnknownTable } from './catalogue.ts';
import { readOptionalMetadata, realType, type OptionalMetadata } from './optional-metadata.ts';
import type { DecoderOptions } from './options.ts';
import type { TableMap } from './table-map.ts';

const BINARY_COLLATION = 63;

/** A table version from its TABLE_MAP and, for captured tables, from what the catalogue knows besides. */
export function tableVersion(map: TableMap, options: DecoderOptions): TableVersion | Promise<TableVersion> {
  const { database, table } = map;
  const metadata = readOptionalMetadata(map);
  if (!options.captures(database, table)) return uncaptured(map, metadata, options);
  const shadowOf = options.catalogue.shadowOf(database, table);
  if (shadowOf !== null) return { ...uncaptured(map, metadata, options), shadowOf };
  if (map.metas === null) throw new RowcastError('EVENT_UNSUPPORTED', `table ${database}.${table} has a column of a type that this version does not know (${map.types.join(' ')})`);
  const told = options.catalogue.describe(database, table, mappedColumns(map, metadata, options));
  return told instanceof Promise ? told.then((known) => captured(map, metadata, { options, known })) : captured(map, metadata, { options, known: told });
}

function captured(map: TableMap, metadata: OptionalMetadata, { options, known }: { readonly options: DecoderOptions; readonly known: CatalogueTable | UnknownTable }): TableVersion {
  if (!('unknown' in known)) return build(map, metadata, { options, catalogue: known, captured: true });
  const { code, message } = known.unknown;
  // Types are known, or this throws: the rows can be told apart, and nothing of them is lost.
  return { ...build(map, placeholders(map, metadata), { options, catalogue: null, captured: true }), unknown: { code, why: message } };
}

/** Nothing asked, nothing refused: without columns where its types are not known, so that its rows cannot be walked. */
function uncaptured(map: TableMap, metadata: OptionalMetadata, options: DecoderOptions): TableVersion {
  const none: TableVersion = { database: map.database, name: map.table, columns: [], primaryKey: [], captured: false };
  if (map.metas === null) return none;
  try {
    return build(map, placeholders(map, metadata), { options, catalogue: null, captured: false });
  } catch (error) {
    if (error instanceof RowcastError && error.code !== 'EVENT_CORRUPT') return none;
    throw error;
  }
}

/** Columns without names are called by their places. */
function placeholders(map: TableMap, metadata: OptionalMetadata): OptionalMetadata {
  return { ...metadata, names: metadata.names ?? map.types.map((_, i) => `@${i + 1}`) };
}

/** MariaDB shows UUID, INET6 and INET4 as BINARY(16) and BINARY(4). */
function mappedColumns(map: TableMap, metadata: OptionalMetadata, { flavor }: DecoderOptions): readonly MappedColumn[] {
  return map.types.map((type, i) => {
    const meta = map.metas?.[i] ?? 0;
    const typeCode = realType(type, meta);
    const length = meta >> 8;
    const ambiguous = flavor === 'mariadb' && typeCode === TYPE.STRING && (length === 16 || length === 4) && isBinary(metadata.collations?.[i]);
    return { name: metadata.names?.[i] ?? null, typeCode, meta, nullable: map.nullable[i] ?? true, ambiguous };
  });
}

function isBinary(collation: number | null | undefined): boolean {
  return collation === undefined || collation === null || collation === BINARY_COLLATION;
}

interface Parts {
  readonly options: DecoderOptions;
  readonly catalogue: CatalogueTable | null;
  readonly captured: boolean;
}

function build(map: TableMap, metadata: OptionalMetadata, parts: Parts): TableVersion {
  const { options, catalogue, captured } = parts;
  const label = `${map.database}.${map.table}`;
  const names = metadata.names ?? catalogue?.columns.map((column) => column.name) ?? [];
  if (names.length !== map.count) throw new RowcastError('SCHEMA_MISMATCH', `the binlog shows ${map.count} columns of ${label}, ${names.length} have names`);
  const facts = new ColumnFacts(map, metadata, options);
  const byName = new Map(catalogue?.columns.map((column) => [column.name, column]));
  const columns = names.map((name, index): Column => {
    const told = metadata.names === null ? catalogue?.columns[index] : byName.get(name);
    const described = sharedColumn(facts.next(index, name, told));
    return { index, name, nullable: map.nullable[index] ?? true, ...(told?.generated === undefined ? {} : { generated: told.generated }), ...described };
  });
  const primaryKey = metadata.names === null ? keyOf(catalogue) : (metadata.primaryKey ?? []);
  if (primaryKey.some((index) => index >= map.count)) throw new RowcastError('EVENT_CORRUPT', `the primary key of ${label} names a column that is not there`);
  return { database: map.database, name: map.table, columns, primaryKey, captured };
}

function keyOf(catalogue: CatalogueTable | null): number[] {
  const parts = (catalogue?.columns ?? []).flatMap((column, index) => (column.keyOrder === null ? [] : [{ index, order: column.keyOrder }]));
  return parts.sort((a, b) => a.order - b.order).map((part) => part.index);
}

/** Deals the lists of the optional metadata out to the columns, in order. */
class ColumnFacts {
  readonly #map: TableMap;
  readonly #metadata: OptionalMetadata;
  readonly #charsets: ReadonlyMap<number, string>;
  #sets = 0;
  #enums = 0;
  #geometries = 0;
  #vectors = 0;

  constructor(map: TableMap, metadata: OptionalMetadata, options: DecoderOptions) {
    this.#map = map;
    this.#metadata = metadata;
    this.#charsets = options.charsets;
  }

  next(index: number, name: string, told: CatalogueColumn | undefined): ColumnDescription {
    const typeCode = this.#map.types[index] as number;
    const meta = this.#map.metas?.[index] ?? 0;
    const real = realType(typeCode, meta);
    const charset = this.#charset(index) ?? told?.charset ?? (told !== undefined && BYTES.test(told.dataType) ? 'binary' : null);
    const labels = this.#labels(real);
    return {
      name,
      typeCode,
      meta,
      unsigned: this.#metadata.unsigned?.[index] ?? told?.unsigned ?? null,
      charset,
      labels: labels === null ? surelyTold(told, charset) : labelTexts(labels, charset),
      geometry: real === TYPE.GEOMETRY ? (this.#metadata.geometry?.[this.#geometries++] ?? null) : null,
      dimensions: real === TYPE.VECTOR ? (this.#metadata.dimensions?.[this.#vectors++] ?? null) : null,
      declared: told?.columnType ?? null,
    };
  }

  #charset(index: number): string | null {
    const collation = this.#metadata.collations?.[index] ?? this.#metadata.labelCollations?.[index] ?? null;
    if (collation === null) return null;
    return this.#charsets.get(collation) ?? (collation === BINARY_COLLATION ? 'binary' : null);
  }

  #labels(real: number): readonly Buffer[] | null {
    if (real === TYPE.SET) return this.#metadata.setLabels?.[this.#sets++] ?? null;
    return real === TYPE.ENUM ? (this.#metadata.enumLabels?.[this.#enums++] ?? null) : null;
  }
}

/** Null where they may not be what they look like: the column's codec then refuses when it is asked. */
function surelyTold(told: CatalogueColumn | undefined, charset: string | null): readonly string[] | null {
  const labels = told?.labels ?? null;
  return labels === null || (told?.exactLabels !== true && areDoubtful(labels, charset)) ? null : labels;
}

/** Null where the character set cannot be read: the column's codec then refuses when it is asked. */
function labelTexts(labels: readonly Buffer[], charset: string | null): string[] | null {
  const set = charsetOf(charset ?? 'utf8mb4');
  return set === undefined ? null : labels.map((label) => textOfBytes(set, label));
}

const BYTES = /^(?:var)?binary$|blob$/u;
