import type { CatalogueColumn } from '../binlog/catalogue.ts';
import { TYPE } from '../columns/description.ts';

/** A column as the TABLE_MAP event shows it; `typeCode` is the real one (ENUM and SET hide behind STRING). */
export interface MappedColumn {
  readonly typeCode: number;
  /** Metadata bytes, first | second << 8. */
  readonly meta: number;
  readonly nullable: boolean;
}

/**
 * Why a column of the catalogue cannot be the one that the binlog shows, null where it can be. What the event does not
 * tell (name, sign, character set, labels) cannot be compared.
 */
export function misfit(column: CatalogueColumn, mapped: MappedColumn): string | null {
  const codes = CODES.get(column.dataType);
  if (codes !== undefined && !codes.includes(mapped.typeCode)) return `${column.name} is ${column.columnType} and has type code ${mapped.typeCode} in the binlog`;
  if (column.nullable !== mapped.nullable) return `${column.name} is ${column.nullable ? 'nullable' : 'not null'} and ${mapped.nullable ? 'nullable' : 'not null'} in the binlog`;
  const expected = expectedMeta(column, mapped.typeCode);
  if (expected !== null && expected !== mapped.meta) return `${column.name} is ${column.columnType} and has another size in the binlog (${mapped.meta})`;
  return null;
}

/** The metadata that a column of this type has; null where the type leaves it open. */
function expectedMeta(column: CatalogueColumn, typeCode: number): number | null {
  const [first = 0, second = 0] = (/\(([\d,]+)\)/.exec(column.columnType)?.[1] ?? '').split(',').map(Number);
  if (typeCode === TYPE.NEWDECIMAL) return first | (second << 8);
  if (typeCode === TYPE.TIMESTAMP2 || typeCode === TYPE.DATETIME2 || typeCode === TYPE.TIME2) return first;
  if (typeCode === TYPE.BIT) return first % 8 | ((first >> 3) << 8);
  if (typeCode === TYPE.BLOB) return BLOB_LENGTHS.get(column.dataType) ?? null;
  return null;
}

const BLOB_LENGTHS = new Map([
  ['tinyblob', 1], ['tinytext', 1], ['blob', 2], ['text', 2], ['mediumblob', 3], ['mediumtext', 3], ['longblob', 4], ['longtext', 4],
]);

const BLOBS: readonly number[] = [TYPE.BLOB, TYPE.BLOB_COMPRESSED];
const STRINGS: readonly number[] = [TYPE.STRING, TYPE.VARCHAR, TYPE.VAR_STRING, TYPE.VARCHAR_COMPRESSED];

/** Type codes by DATA_TYPE; a type that is not here is not compared. */
const CODES: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ['tinyint', [TYPE.TINY]],
  ['smallint', [TYPE.SHORT]],
  ['mediumint', [TYPE.INT24]],
  ['int', [TYPE.LONG]],
  ['bigint', [TYPE.LONGLONG]],
  ['decimal', [TYPE.NEWDECIMAL, TYPE.DECIMAL]],
  ['float', [TYPE.FLOAT]],
  ['double', [TYPE.DOUBLE]],
  ['bit', [TYPE.BIT]],
  ['year', [TYPE.YEAR]],
  ['date', [TYPE.DATE, TYPE.NEWDATE]],
  ['time', [TYPE.TIME, TYPE.TIME2]],
  ['datetime', [TYPE.DATETIME, TYPE.DATETIME2]],
  ['timestamp', [TYPE.TIMESTAMP, TYPE.TIMESTAMP2]],
  ['enum', [TYPE.ENUM]],
  ['set', [TYPE.SET]],
  ['json', [TYPE.JSON]],
  ...['char', 'binary', 'varchar', 'varbinary', 'uuid', 'inet4', 'inet6'].map((name): [string, readonly number[]] => [name, STRINGS]),
  ...[...BLOB_LENGTHS.keys()].map((name): [string, readonly number[]] => [name, BLOBS]),
  ...['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geomcollection', 'geometrycollection'].map(
    (name): [string, readonly number[]] => [name, [TYPE.GEOMETRY]],
  ),
]);
