/**
 * Column type codes of the wire protocol, as a TABLE_MAP event names them (MySQL's `field_types.h`; 140 and 141 are MariaDB's).
 */
export const TYPE = {
  DECIMAL: 0,
  TINY: 1,
  SHORT: 2,
  LONG: 3,
  FLOAT: 4,
  DOUBLE: 5,
  NULL: 6,
  TIMESTAMP: 7,
  LONGLONG: 8,
  INT24: 9,
  DATE: 10,
  TIME: 11,
  DATETIME: 12,
  YEAR: 13,
  NEWDATE: 14,
  VARCHAR: 15,
  BIT: 16,
  TIMESTAMP2: 17,
  DATETIME2: 18,
  TIME2: 19,
  BLOB_COMPRESSED: 140,
  VARCHAR_COMPRESSED: 141,
  VECTOR: 242,
  JSON: 245,
  NEWDECIMAL: 246,
  ENUM: 247,
  SET: 248,
  TINY_BLOB: 249,
  MEDIUM_BLOB: 250,
  LONG_BLOB: 251,
  BLOB: 252,
  VAR_STRING: 253,
  STRING: 254,
  GEOMETRY: 255,
} as const;

/** Bytes of metadata that a TABLE_MAP event holds for a column of a type; a type that is not here is unknown. */
const METADATA_LENGTH = new Map<number, number>([
  ...[TYPE.TINY, TYPE.SHORT, TYPE.LONG, TYPE.NULL, TYPE.TIMESTAMP, TYPE.LONGLONG, TYPE.INT24, TYPE.DATE].map((code) => [code, 0] as const),
  ...[TYPE.TIME, TYPE.DATETIME, TYPE.YEAR, TYPE.NEWDATE].map((code) => [code, 0] as const),
  ...[TYPE.FLOAT, TYPE.DOUBLE, TYPE.TIMESTAMP2, TYPE.DATETIME2, TYPE.TIME2, TYPE.JSON, TYPE.GEOMETRY].map((code) => [code, 1] as const),
  ...[TYPE.TINY_BLOB, TYPE.MEDIUM_BLOB, TYPE.LONG_BLOB, TYPE.BLOB, TYPE.VECTOR, TYPE.BLOB_COMPRESSED].map((code) => [code, 1] as const),
  ...[TYPE.VARCHAR, TYPE.BIT, TYPE.NEWDECIMAL, TYPE.ENUM, TYPE.SET].map((code) => [code, 2] as const),
  ...[TYPE.VAR_STRING, TYPE.STRING, TYPE.VARCHAR_COMPRESSED].map((code) => [code, 2] as const),
]);

/** How many bytes of TABLE_MAP metadata a type code has: 0, 1 or 2; undefined for a type code that is not known. */
export function metadataLength(typeCode: number): number | undefined {
  return METADATA_LENGTH.get(typeCode);
}

/** All that is known of one column, from its TABLE_MAP event and, where that does not tell, from information_schema. */
export interface ColumnDescription {
  /** For error messages. */
  readonly name: string;
  /** Type code of the TABLE_MAP event, see `TYPE`. */
  readonly typeCode: number;
  /** The metadata bytes in their order: first | second << 8; a type with one byte: that byte; with none: 0. */
  readonly meta: number;
  /** Null where neither the event nor the catalogue tells; also null for types that are not numbers. */
  readonly unsigned: boolean | null;
  /** Character set of a text, ENUM or SET column by MySQL's name (`binary` for bytes), null where unknown. */
  readonly charset: string | null;
  /** Labels of ENUM or SET in order, decoded (`decodeText`), null where unknown. */
  readonly labels: readonly string[] | null;
  /** Geometry type of the optional metadata: 0 geometry, 1 point … 7 geometrycollection; null where unknown. */
  readonly geometry: number | null;
  /** VECTOR dimensions of the optional metadata, null where unknown. */
  readonly dimensions: number | null;
  /** COLUMN_TYPE (or DATA_TYPE) of information_schema where it is known, for example `uuid` or `tinyint(1)`. */
  readonly declared: string | null;
}
