import type { Column, ColumnType } from '../../core/table.ts';

/** Numbers of `java.sql.Types`. */
const JDBC = {
  BIT: -7,
  TINYINT: -6,
  SMALLINT: 5,
  INTEGER: 4,
  BIGINT: -5,
  REAL: 7,
  DOUBLE: 8,
  DECIMAL: 3,
  CHAR: 1,
  VARCHAR: 12,
  DATE: 91,
  TIME: 92,
  TIMESTAMP: 93,
  BINARY: -2,
  VARBINARY: -3,
  LONGVARBINARY: -4,
  OTHER: 1111,
  BLOB: 2004,
  CLOB: 2005,
} as const;

type IntegerBytes = Extract<ColumnType, { readonly family: 'integer' }>['bytes'];

const SIGNED: Readonly<Record<IntegerBytes, number>> = { 1: JDBC.TINYINT, 2: JDBC.SMALLINT, 3: JDBC.INTEGER, 4: JDBC.INTEGER, 8: JDBC.BIGINT };
/** One that takes every value of the unsigned type. */
const UNSIGNED: Readonly<Record<IntegerBytes, number>> = { 1: JDBC.SMALLINT, 2: JDBC.INTEGER, 3: JDBC.INTEGER, 4: JDBC.BIGINT, 8: JDBC.DECIMAL };

const BY_FAMILY: Readonly<Record<Exclude<ColumnType['family'], 'integer' | 'text'>, number>> = {
  decimal: JDBC.DECIMAL,
  float: JDBC.REAL,
  double: JDBC.DOUBLE,
  bit: JDBC.BIT,
  year: JDBC.VARCHAR,
  date: JDBC.DATE,
  time: JDBC.TIME,
  datetime: JDBC.TIMESTAMP,
  timestamp: JDBC.TIMESTAMP,
  binary: JDBC.BLOB,
  enum: JDBC.INTEGER,
  set: JDBC.BIT,
  json: JDBC.VARCHAR,
  geometry: JDBC.BLOB,
  vector: JDBC.OTHER,
  uuid: JDBC.CHAR,
  inet4: JDBC.CHAR,
  inet6: JDBC.CHAR,
};

/** `java.sql.Types` of a column as Canal gives it, of values that are not NULL; of unsigned integers, of large ones. */
export function jdbcType({ type, sqlType }: Column): number {
  if (type.family === 'integer') return (type.unsigned ? UNSIGNED : SIGNED)[type.bytes];
  return type.family === 'text' ? textType(sqlType) : BY_FAMILY[type.family];
}

/** What Canal gives for a NULL. */
export function jdbcTypeOfNull({ type, sqlType }: Column): number {
  switch (type.family) {
    case 'integer':
      return SIGNED[type.bytes];
    case 'binary':
      return /^binary/.test(sqlType) ? JDBC.BINARY : lobType(sqlType, JDBC.VARBINARY);
    case 'text':
      return textType(sqlType) === JDBC.CLOB ? lobType(sqlType, JDBC.LONGVARBINARY) : textType(sqlType);
    case 'set':
    case 'geometry':
      return JDBC.BINARY;
    case 'json':
      return JDBC.OTHER;
    default:
      return BY_FAMILY[type.family];
  }
}

/** What Canal gives for an unsigned integer below half of its range: the type that would take it signed. */
export function jdbcTypeOfSmall({ type }: Column): number {
  return type.family === 'integer' ? SIGNED[type.bytes] : JDBC.OTHER;
}

function textType(sqlType: string): number {
  if (sqlType.startsWith('char')) return JDBC.CHAR;
  return sqlType.startsWith('varchar') ? JDBC.VARCHAR : JDBC.CLOB;
}

/** `tinyblob` and `tinytext` have one byte of length. */
function lobType(sqlType: string, otherwise: number): number {
  if (sqlType.startsWith('tiny')) return JDBC.VARBINARY;
  return /blob|text/.test(sqlType) ? JDBC.LONGVARBINARY : otherwise;
}
