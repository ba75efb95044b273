import { RowcastError } from '../../core/errors.ts';
import type { CatalogueColumn } from '../binlog/catalogue.ts';
import type { Flavor } from '../binlog/options.ts';
import { longestCharacter } from '../columns/charsets.ts';
import type { ColumnDescription } from '../columns/description.ts';
import { TYPE } from '../columns/description.ts';

/** Type code and metadata (first byte | second byte << 8) of a TABLE_MAP event. */
interface WireType {
  readonly typeCode: number;
  readonly meta: number;
}

/** Types that a TABLE_MAP event describes in the same way, however they are declared. */
const FIXED = new Map<string, WireType>([
  ['tinyint', { typeCode: TYPE.TINY, meta: 0 }],
  ['smallint', { typeCode: TYPE.SHORT, meta: 0 }],
  ['mediumint', { typeCode: TYPE.INT24, meta: 0 }],
  ['int', { typeCode: TYPE.LONG, meta: 0 }],
  ['bigint', { typeCode: TYPE.LONGLONG, meta: 0 }],
  ['float', { typeCode: TYPE.FLOAT, meta: 4 }],
  ['double', { typeCode: TYPE.DOUBLE, meta: 8 }],
  ['year', { typeCode: TYPE.YEAR, meta: 0 }],
  ['date', { typeCode: TYPE.DATE, meta: 0 }],
  ['json', { typeCode: TYPE.JSON, meta: 4 }],
  ['uuid', { typeCode: TYPE.STRING, meta: stringMeta(16) }],
  ['inet6', { typeCode: TYPE.STRING, meta: stringMeta(16) }],
  ['inet4', { typeCode: TYPE.STRING, meta: stringMeta(4) }],
]);

const TEMPORAL = new Map<string, number>([
  ['time', TYPE.TIME2],
  ['datetime', TYPE.DATETIME2],
  ['timestamp', TYPE.TIMESTAMP2],
]);

const SHAPES: ReadonlySet<string> = new Set(['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection', 'geomcollection']);

/** Bytes of the length before a blob or text. */
const PREFIXES = new Map<string, number>([
  ['tiny', 1],
  ['', 2],
  ['medium', 3],
  ['long', 4],
]);

/**
 * A live column as the TABLE_MAP event of its next row will describe it. The dates and times of tables older than
 * MySQL 5.6.4, which information_schema does not tell apart, are taken for new ones.
 * @throws RowcastError EVENT_UNSUPPORTED for a type that is not known
 */
export function describeLive(column: CatalogueColumn, flavor: Flavor): ColumnDescription {
  const wire = wireType(column, flavor);
  if (wire === undefined) {
    throw new RowcastError('EVENT_UNSUPPORTED', `column ${column.name} is declared ${column.columnType}, a type that this version cannot read`, { facts: { column: column.name, type: column.columnType } });
  }
  return {
    name: column.name,
    ...wire,
    unsigned: column.unsigned,
    charset: column.charset ?? (BYTES.test(column.dataType) ? 'binary' : null),
    labels: column.labels,
    geometry: null,
    dimensions: null,
    declared: column.columnType,
  };
}

const BYTES = /^(?:var)?binary$|blob$/u;

function wireType(column: CatalogueColumn, flavor: Flavor): WireType | undefined {
  const { dataType, columnType, labels } = column;
  const fixed = FIXED.get(dataType);
  if (fixed !== undefined) return fixed;
  const temporal = TEMPORAL.get(dataType);
  if (temporal !== undefined) return { typeCode: temporal, meta: sizes(columnType)[0] ?? 0 };
  if (SHAPES.has(dataType)) return { typeCode: TYPE.GEOMETRY, meta: 4 };
  const [size = 0, scale = 0] = sizes(columnType);
  switch (dataType) {
    case 'decimal':
      return { typeCode: TYPE.NEWDECIMAL, meta: size | (scale << 8) };
    case 'bit':
      return { typeCode: TYPE.BIT, meta: (size & 7) | ((size >> 3) << 8) };
    case 'enum':
      return { typeCode: TYPE.STRING, meta: TYPE.ENUM | ((labels?.length ?? 0) > 255 ? 2 : 1) << 8 };
    case 'set':
      return { typeCode: TYPE.STRING, meta: TYPE.SET | (setBytes(labels?.length ?? 0) << 8) };
    case 'vector':
      return flavor === 'mariadb' ? { typeCode: TYPE.VARCHAR, meta: size * 4 } : { typeCode: TYPE.VECTOR, meta: 4 };
    default:
      return stringType(column, size);
  }
}

function stringType({ dataType, columnType, charset }: CatalogueColumn, size: number): WireType | undefined {
  const compressed = /\bcompressed\b/iu.test(columnType);
  const bytes = size * longestCharacter(charset ?? 'binary');
  if (dataType === 'char' || dataType === 'binary') return { typeCode: TYPE.STRING, meta: stringMeta(bytes) };
  if (dataType === 'varchar' || dataType === 'varbinary') return compressed ? { typeCode: TYPE.VARCHAR_COMPRESSED, meta: bytes + 1 } : { typeCode: TYPE.VARCHAR, meta: bytes };
  const prefix = PREFIXES.get(/^(.*)(?:text|blob)$/u.exec(dataType)?.[1] ?? 'none');
  return prefix === undefined ? undefined : { typeCode: compressed ? TYPE.BLOB_COMPRESSED : TYPE.BLOB, meta: prefix };
}

/** CHAR and BINARY: the length has ten bits, of which the upper two are folded into the type code, inverted. */
function stringMeta(bytes: number): number {
  return (TYPE.STRING ^ ((bytes & 0x300) >> 4)) | ((bytes & 0xff) << 8);
}

function setBytes(labels: number): number {
  const bytes = Math.max(1, (labels + 7) >> 3);
  return bytes > 4 ? 8 : bytes;
}

/** The numbers in the brackets of a declaration. */
function sizes(columnType: string): number[] {
  return (/^[^'(]*\(([\d,\s]+)\)/u.exec(columnType)?.[1] ?? '').split(',').filter((text) => text.trim() !== '').map(Number);
}
