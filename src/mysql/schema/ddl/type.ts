import { longestCharacter } from '../../columns/charsets.ts';
import type { CharsetChoice } from './charset.ts';
import { binaryCollation, chooseCharset, defaultCollation, resolveCharset } from './charset.ts';
import type { Reading } from './reading.ts';
import { inMode, since, SQL_MODE, undecided } from './reading.ts';
import type { DeclaredType } from './type-words.ts';

/** A type as information_schema shows it. */
export interface ColumnType {
  readonly dataType: string;
  readonly columnType: string;
  readonly unsigned: boolean;
  readonly charset: string | null;
  readonly collation: string | null;
  readonly labels: readonly string[] | null;
}

/** The type that a declaration comes to in a table of that character set. @throws Undecided for a type that is not known */
export function resolveType(reading: Reading, declared: DeclaredType, table: CharsetChoice): ColumnType {
  const { base } = declared;
  if (TEXTS.has(base)) return textual(reading, declared, table);
  const unsigned = declared.unsigned || declared.zerofill;
  const shape = numeric(reading, declared) ?? other(reading, declared);
  const attributes = NUMBERS.has(shape.dataType) ? `${unsigned ? ' unsigned' : ''}${declared.zerofill ? ' zerofill' : ''}` : '';
  return { ...shape, columnType: `${shape.columnType}${attributes}${compressed(declared)}`, unsigned: attributes !== '', charset: null, collation: null, labels: null };
}

interface Shape {
  readonly dataType: string;
  readonly columnType: string;
}

const TEXTS = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set', 'json']);
const NUMBERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', 'double']);

/** Digits of integers, signed and unsigned, where nothing else is said. */
const WIDTHS = new Map([
  ['tinyint', [4, 3]],
  ['smallint', [6, 5]],
  ['mediumint', [9, 8]],
  ['int', [11, 10]],
  ['bigint', [20, 20]],
]);

function numeric(reading: Reading, declared: DeclaredType): Shape | null {
  const { base, sizes } = declared;
  if (WIDTHS.has(base)) return { dataType: base, columnType: integer(reading, declared) };
  if (base === 'decimal') return { dataType: base, columnType: `decimal(${String(sizes[0] === undefined || sizes[0] === 0 ? 10 : sizes[0])},${String(sizes[1] ?? 0)})` };
  if (base !== 'float' && base !== 'double' && base !== 'real') return null;
  const [size, scale] = sizes;
  const single = base === 'float' || (base === 'real' && inMode(reading, SQL_MODE.REAL_AS_FLOAT));
  const dataType = single && (scale !== undefined || size === undefined || size <= 24) ? 'float' : 'double';
  return { dataType, columnType: size === undefined || scale === undefined ? dataType : `${dataType}(${String(size)},${String(scale)})` };
}

/** MySQL 8.0.19 and later show a width only of TINYINT(1) and with ZEROFILL. */
function integer(reading: Reading, { base, sizes, unsigned, zerofill }: DeclaredType): string {
  const [signed = 0, positive = 0] = WIDTHS.get(base) ?? [];
  const width = sizes[0] === undefined || sizes[0] === 0 ? (unsigned || zerofill ? positive : signed) : sizes[0];
  if (!since(reading, 'mysql', [8, 0, 19]) || zerofill || (base === 'tinyint' && width === 1 && !unsigned)) return `${base}(${String(width)})`;
  return base;
}

const PLAIN = new Set(['date', 'geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'tinyblob', 'mediumblob', 'longblob']);
const MARIADB = new Set(['uuid', 'inet4', 'inet6']);

function other(reading: Reading, { base, sizes }: DeclaredType): Shape {
  const [size] = sizes;
  const mysql = reading.dialect.flavor === 'mysql';
  if (PLAIN.has(base) || (MARIADB.has(base) && !mysql)) return { dataType: base, columnType: base };
  if (base === 'geometrycollection') return same(since(reading, 'mysql', [8, 0, 0]) ? 'geomcollection' : base);
  if (base === 'year') return { dataType: base, columnType: since(reading, 'mysql', [8, 0, 19]) ? 'year' : 'year(4)' };
  if (base === 'time' || base === 'datetime' || base === 'timestamp') return { dataType: base, columnType: size === undefined || size === 0 ? base : `${base}(${String(size)})` };
  if (base === 'bit' || base === 'binary') return { dataType: base, columnType: `${base}(${String(size ?? 1)})` };
  if (base === 'varbinary' && size !== undefined) return size > ROW && !inMode(reading, SQL_MODE.STRICT) ? same(`${bySize(size)}blob`) : { dataType: base, columnType: `${base}(${String(size)})` };
  if (base === 'blob') return same(size === undefined || size === 0 ? base : `${bySize(size)}blob`);
  if (base === 'vector') return { dataType: base, columnType: `vector(${String(size ?? 2048)})` };
  return undecided(`type ${base} is not known`);
}

function same(type: string): Shape {
  return { dataType: type, columnType: type };
}

/** Longest VARCHAR in bytes. */
const ROW = 65_535;

/** The smallest of the BLOB and TEXT types for so many bytes. */
function bySize(bytes: number): string {
  return bytes < 0x100 ? 'tiny' : bytes < 0x10000 ? '' : bytes < 0x1000000 ? 'medium' : 'long';
}

/** MariaDB. */
function compressed({ compressed: is }: DeclaredType): string {
  return is ? ' /*M!100301 COMPRESSED*/' : '';
}

/** What text in character set `binary` is. */
const BYTES = new Map([['char', 'binary'], ['varchar', 'varbinary'], ['tinytext', 'tinyblob'], ['text', 'blob'], ['mediumtext', 'mediumblob'], ['longtext', 'longblob']]);

function textual(reading: Reading, declared: DeclaredType, table: CharsetChoice): ColumnType {
  if (declared.base === 'json') return json(reading);
  const choice = columnCharset(reading, declared, table);
  const bytes = choice.charset === 'binary' ? BYTES.get(declared.base) : undefined;
  if (bytes !== undefined) return resolveType(reading, { ...declared, base: bytes }, table);
  const shape = sized(reading, declared, choice.charset);
  // MySQL 8 has no word for text in character set `binary`.
  const shown = choice.charset === 'binary' && since(reading, 'mysql', [8, 0, 0]) ? { charset: null, collation: null } : choice;
  return { ...shape, columnType: `${shape.columnType}${compressed(declared)}`, unsigned: false, ...shown, labels: declared.labels };
}

function columnCharset(reading: Reading, declared: DeclaredType, table: CharsetChoice): CharsetChoice {
  if (declared.national) {
    const charset = resolveCharset(reading.dialect, 'utf8mb3');
    const national = { charset, collation: defaultCollation(reading, charset) };
    return declared.binary ? { charset, collation: binaryCollation(reading.dialect, charset) } : chooseCharset(reading, { charset: null, collation: declared.collation }, national);
  }
  const choice = chooseCharset(reading, declared, table);
  return declared.binary && declared.collation === null ? { charset: choice.charset, collation: binaryCollation(reading.dialect, choice.charset) } : choice;
}

function sized(reading: Reading, { base, sizes, labels }: DeclaredType, charset: string): Shape {
  const [size] = sizes;
  const bytes = (size ?? 0) * longestCharacter(charset);
  if (labels !== null) return { dataType: base, columnType: `${base}(${labels.map(printLabel).join(',')})` };
  if (base === 'char') return { dataType: base, columnType: `char(${String(size ?? 1)})` };
  if (base === 'varchar') {
    if (size === undefined) undecided('a VARCHAR without a length');
    return bytes > ROW && !inMode(reading, SQL_MODE.STRICT) ? same(`${bySize(bytes)}text`) : { dataType: base, columnType: `varchar(${String(size)})` };
  }
  return same(base === 'text' && bytes > 0 ? `${bySize(bytes)}text` : base);
}

/** A label as servers print it. */
export function printLabel(label: string): string {
  return `'${label.replaceAll(/['\\\n\r\0]/gu, (char) => PRINTED.get(char) ?? char)}'`;
}

const PRINTED = new Map([["'", "''"], ['\\', '\\\\'], ['\n', '\\n'], ['\r', '\\r'], ['\0', '\\0']]);

/** A type of MySQL, and in MariaDB a name for LONGTEXT. */
function json({ dialect }: Reading): ColumnType {
  if (dialect.flavor === 'mysql') return { dataType: 'json', columnType: 'json', unsigned: false, charset: null, collation: null, labels: null };
  return { dataType: 'longtext', columnType: 'longtext', unsigned: false, charset: 'utf8mb4', collation: 'utf8mb4_bin', labels: null };
}
