import type { ByteWriter } from './byte-writer.ts';

/** A column's type with everything that decoding and a consumer's schema need. */
export type ColumnType =
  /** `tinyint1`: whether it is a signed TINYINT(1), which BOOLEAN is short for; absent where nobody tells a TINYINT's width. */
  | { readonly family: 'integer'; readonly bytes: 1 | 2 | 3 | 4 | 8; readonly unsigned: boolean; readonly tinyint1?: boolean }
  | { readonly family: 'decimal'; readonly precision: number; readonly scale: number; readonly unsigned: boolean }
  | { readonly family: 'float' }
  | { readonly family: 'double' }
  | { readonly family: 'bit'; readonly bits: number }
  | { readonly family: 'year' }
  | { readonly family: 'date' }
  /** `fraction`: digits after the second, 0 to 6. `legacy`: stored as before MySQL 5.6.4. */
  | { readonly family: 'time' | 'datetime' | 'timestamp'; readonly fraction: number; readonly legacy: boolean }
  /** `charset`: MySQL's name, for example utf8mb4. `maxBytes`: the largest value, in bytes of that charset. */
  /** `json`: JSON as MariaDB has it, a LONGTEXT that is checked to hold a document; absent where it is not, or nobody tells. */
  | { readonly family: 'text'; readonly charset: string; readonly maxBytes: number; readonly json?: boolean }
  /** `fixed`: BINARY(n), padded with zero bytes to `maxBytes`. */
  | { readonly family: 'binary'; readonly fixed: boolean; readonly maxBytes: number }
  | { readonly family: 'enum' | 'set'; readonly labels: readonly string[] }
  | { readonly family: 'json' }
  /** `shape`: MySQL's name, for example point; `geometry` where any is allowed. */
  | { readonly family: 'geometry'; readonly shape: string }
  | { readonly family: 'vector'; readonly dimensions: number }
  /** MariaDB's own types, which the binlog shows as BINARY. */
  | { readonly family: 'uuid' | 'inet4' | 'inet6' };

export type ColumnFamily = ColumnType['family'];

/** An exact decimal: `unscaled` / 10^`scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/**
 * A date or time as MySQL shows it. `text` is the server's own text (TIMESTAMP in UTC). `micros`: microseconds since
 * 1970-01-01T00:00:00Z, the date and time taken as UTC (for TIME: since 00:00:00, signed); null for zero and partial dates.
 */
export interface Temporal {
  readonly text: string;
  readonly micros: bigint | null;
}

/**
 * A typed value, for conditions: integers, YEAR and BIT are bigint; DECIMAL is Decimal; FLOAT and DOUBLE are number;
 * dates and times are Temporal; text, ENUM (its label), JSON (its text), UUID and INET are string; SET is its labels;
 * BINARY, BLOB and GEOMETRY are bytes (a geometry as SRID and WKB); VECTOR is Float32Array.
 */
export type ColumnValue = bigint | number | string | Decimal | Temporal | readonly string[] | Uint8Array | Float32Array;

/**
 * How a value can be put into bytes. `text` is the server's own text as bare UTF-8 (binary types: their bytes);
 * every other one is a JSON fragment. A codec supports those that make sense for its type.
 */
export type Representation =
  | 'text'
  /** The server's own text as a JSON string. Binary types: not supported. */
  | 'string'
  /** Integer, year, bit, decimal (digits kept), float and double (shortest text that reads back), enum (index), set (one bit a label). */
  | 'number'
  /** Integers and bits: a number up to ±(2^53 − 1), a string beyond. */
  | 'safe-number'
  /** Integers: as 64-bit signed, so that values above 2^63 − 1 turn negative. */
  | 'signed-number'
  /** Float and double as a number that always has a fraction or an exponent, as Java prints them; decimal: the nearest double so. */
  | 'float-number'
  /** Float, double and decimal as Java prints them: 1.0E21, 1.6777216E7; decimals with all their digits: 12.50, 0E-9. */
  | 'java-number'
  /** Bit and integer: false for 0. */
  | 'boolean'
  /** Binary types and geometry; vector: its floats, little-endian. */
  | 'base64'
  | 'hex'
  /** Binary types: as base64, with `-` and `_` (RFC 4648 section 5), padded. */
  | 'base64-url'
  /** Binary types and geometry: a JSON string in which each byte stands for the character of its number, U+0000 to U+00FF. */
  | 'latin1-string'
  /** Bits: base64 of little-endian bytes, ⌈n / 8⌉ of them. */
  | 'base64-bits'
  /** Decimal and integers of 64 bits: base64 of the unscaled value, two's complement, big-endian, as short as it can be. */
  | 'base64-unscaled'
  /** Date: days since 1970-01-01. */
  | 'epoch-days'
  /** Datetime and timestamp: since 1970-01-01T00:00:00Z, taken as UTC. */
  | 'epoch-millis'
  | 'epoch-micros'
  /** The same; refused where 64 bits do not hold it, before 1677 and after 2262. */
  | 'epoch-nanos'
  /** Time: microseconds, signed. */
  | 'time-micros'
  /** Time: milliseconds, cut off towards zero, and nanoseconds; signed. */
  | 'time-millis'
  /** Time of day in milliseconds; refused where the time is negative or more than a day. */
  | 'day-millis'
  | 'time-nanos'
  /** Timestamp and datetime: `2026-11-23T12:34:56.789Z`; fraction digits as declared, trailing zeros kept. */
  | 'iso-utc'
  /** Timestamp as Debezium's ZonedTimestamp: as iso-utc, with trailing zeros of the fraction as Debezium writes them. */
  | 'zoned-timestamp'
  /** Date, time and datetime as Debezium's IsoDate, IsoTime and IsoTimestamp: `2026-11-23Z`, `12:34:56.7Z`, `2026-11-23T12:34:56.7Z`, without zeros at the end of the fraction. */
  | 'iso-short'
  /** JSON document as such; MariaDB's, a text, without blanks between its parts. */
  | 'inline'
  /** JSON document as such, printed as `compact-string` is. */
  | 'compact-inline'
  /** JSON document as a JSON string as Debezium prints it: without blanks, zeros at the end of fractions of a second, or types of opaque values. */
  | 'compact-string'
  /** Set: a list of its labels. Vector: a list of its numbers. */
  | 'list'
  /** Geometry: `{"wkb":"base64","srid":null}`, and for points `{"x":1.0,"y":2.5,"wkb":"…","srid":null}`. */
  | 'geometry-struct'
  /** Geometry: well-known text as a JSON string, in front of it `SRID=4326;` unless that is 0. Coordinates as they are kept, x and y. */
  | 'wkt'
  /** The same with blanks behind names and commas, and numbers without exponents, as Java's JTS writes it: `POINT (1 2.5)`. */
  | 'spaced-wkt'
  /** Geometry: a GeoJSON object; with a `crs` as the server names it, `EPSG:4326`, unless the SRID is 0. */
  | 'geojson';

/** What a date that is no day (zero, partial or invalid) becomes: null, the epoch in the form of the others, or the server's text as a JSON string. */
export type ZeroDates = 'null' | 'epoch' | 'string';

/** Writes the value that starts at `at`, and returns where the next one starts. */
export interface ColumnWriter {
  (bytes: Buffer, at: number, out: ByteWriter): number;
  /** There where every value begins with a quote: writes the rest of it, for who writes the quote together with what comes before. */
  readonly afterQuote?: ColumnWriter;
}

/** Knows one column's binary form in a row image. It is never asked about a NULL, which has no bytes. */
export interface ColumnCodec {
  /** Bytes of every value, where all have as many. */
  readonly width?: number;
  /** Where the next column starts. May return past the end of a damaged image: the caller compares with the event's end. */
  skip(bytes: Buffer, at: number): number;
  /** The value. @throws RowcastError ROW_UNREADABLE */
  read(bytes: Buffer, at: number): ColumnValue;
  /** A writer, made once per plan; undefined where this type has no such representation. */
  writer(as: Representation, zero: ZeroDates): ColumnWriter | undefined;
}

export interface Column {
  /** Place in the table, from 0. */
  readonly index: number;
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** A generated column, virtual or stored; absent where nobody tells. */
  readonly generated?: boolean;
  /** As a person would declare it, for example `decimal(12,2)`. */
  readonly sqlType: string;
  readonly codec: ColumnCodec;
}

/**
 * A table as it was when its rows were written. The same description is the same object for as long as it is in use,
 * so that plans can be kept by identity.
 */
export interface TableVersion {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Indexes into `columns`, in the order of the primary key; empty without one. */
  readonly primaryKey: readonly number[];
  /** False when no route takes the table: names and keys may then be missing, only skipping rows is safe. */
  readonly captured: boolean;
  /** There where a route takes the table and nobody knows its columns: names and keys may be missing, values may only be skipped. */
  readonly unknown?: { readonly code: string; readonly why: string };
  /** There where the table is not captured because it is a shadow of this one: of gh-ost or pt-online-schema-change. */
  readonly shadowOf?: string;
}

/** `database.name`, for people. */
export function tableLabel(table: { readonly database: string; readonly name: string }): string {
  return `${table.database}.${table.name}`;
}
