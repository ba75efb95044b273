import type { CatalogueColumn, MappedColumn } from '../binlog/catalogue.ts';
import { longestCharacter } from '../columns/charsets.ts';
import { TYPE } from '../columns/description.ts';

/**
 * Why a column of the catalogue cannot be the one that the binlog shows, null where it can be. What the event does not
 * tell (name, sign, character set, labels) cannot be compared.
 */
export function misfit(column: CatalogueColumn, mapped: MappedColumn): string | null {
  const shown = `type ${typeName(mapped.typeCode)}`;
  const codes = CODES.get(column.dataType);
  if (codes !== undefined && !codes.includes(mapped.typeCode)) return `${column.name} is ${column.columnType} and has ${shown} in the binlog`;
  if (column.nullable !== mapped.nullable) return `${column.name} is ${column.columnType} ${nullability(column.nullable)} and ${nullability(mapped.nullable)} in the binlog`;
  const expected = expectedMeta(column, mapped.typeCode);
  if (expected === null || expected === mapped.meta) return null;
  return `${column.name} is ${column.columnType} and has ${shown} of another size in the binlog (metadata ${mapped.meta}, not ${expected})`;
}

function nullability(nullable: boolean): string {
  return nullable ? 'nullable' : 'not null';
}

/** MySQL's name of a type code of the binlog. */
function typeName(code: number): string {
  return NAMES.get(code) ?? `code ${code}`;
}

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(TYPE).map(([name, code]) => [code, name]));

/** The metadata that a column of this type has; null where the type leaves it open. */
function expectedMeta(column: CatalogueColumn, typeCode: number): number | null {
  const [first = 0, second = 0] = (/\(([\d,]+)\)/.exec(column.columnType)?.[1] ?? '').split(',').map(Number);
  if (typeCode === TYPE.NEWDECIMAL) return first | (second << 8);
  if (typeCode === TYPE.TIMESTAMP2 || typeCode === TYPE.DATETIME2 || typeCode === TYPE.TIME2) return first;
  if (typeCode === TYPE.BIT) return first % 8 | ((first >> 3) << 8);
  const length = first * longestCharacter(column.charset ?? 'binary');
  if (typeCode === TYPE.VARCHAR && LENGTHS.test(column.dataType)) return length;
  // The upper two bits of the length are folded into the type, inverted.
  if (typeCode === TYPE.STRING && LENGTHS.test(column.dataType)) return (TYPE.STRING ^ ((length & 0x300) >> 4)) | ((length & 0xff) << 8);
  if (typeCode === TYPE.BLOB) return BLOB_LENGTHS.get(column.dataType) ?? null;
  return null;
}

/** Types whose declared length is in characters, and in the binlog in bytes. */
const LENGTHS = /^(?:var)?(?:char|binary)$/;

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
