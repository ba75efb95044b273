import type { ColumnDefault } from '../../../core/declaration.ts';
import { decodeText } from '../../columns/charsets.ts';
import type { DefaultValue } from './default-value.ts';
import { decimalText, doubleText, floatText, wholeText } from './number-text.ts';
import type { Reading } from './reading.ts';
import { undecided } from './reading.ts';
import { dateText, datetimeText, timeText, yearText } from './time-text.ts';
import type { ColumnType } from './type.ts';

/** A default as the server shows it for a column of that type. @throws Undecided for a value that the type does not have */
export function showDefault(reading: Reading, value: DefaultValue, type: ColumnType): ColumnDefault {
  if (value.kind === 'null') return { kind: 'null' };
  if (value.kind === 'expression') return { kind: 'expression', text: value.text };
  if (value.kind === 'now') return { kind: 'expression', text: nowText(reading, value.fsp) };
  return { kind: 'literal', text: literalText(reading, value, type) };
}

/** CURRENT_TIMESTAMP as the server shows it. */
function nowText({ dialect }: Reading, fsp: number): string {
  if (dialect.flavor === 'mariadb') return `current_timestamp(${fsp === 0 ? '' : String(fsp)})`;
  return fsp === 0 ? 'CURRENT_TIMESTAMP' : `CURRENT_TIMESTAMP(${String(fsp)})`;
}

type Literal = Extract<DefaultValue, { readonly kind: 'string' | 'bytes' | 'number' }>;

/** The numbers in the brackets of a type. */
function sizesOf(type: ColumnType): number[] {
  return (/^[a-z]+\(([\d,]+)\)/u.exec(type.columnType)?.[1] ?? '').split(',').filter((part) => part !== '').map(Number);
}

function literalText(reading: Reading, value: Literal, type: ColumnType): string {
  const [size = 0, scale] = sizesOf(type);
  switch (type.dataType) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
      return zeros(wholeText(digitsOf(value)), size, type);
    case 'decimal':
      return zeros(decimalText(digitsOf(value), scale ?? 0), scale === 0 ? size : size + 1, type);
    case 'float':
      return zeros(scale === undefined ? floatText(Number(digitsOf(value))) : decimalText(digitsOf(value), scale), size === 0 ? 12 : size, type);
    case 'double':
      return zeros(scale === undefined ? doubleText(Number(digitsOf(value))) : decimalText(digitsOf(value), scale), size === 0 ? 22 : size, type);
    case 'bit':
      return `b'${bits(value)}'`;
    case 'binary':
    case 'varbinary':
      return binaryText(value, type.dataType === 'binary' ? size : 0);
    case 'enum':
    case 'set':
      return labelsText(value, type);
    default:
      return temporal(reading, value, type) ?? characters(value, type);
  }
}

/** ZEROFILL. */
function zeros(text: string, width: number, { columnType }: ColumnType): string {
  return columnType.endsWith('zerofill') ? text.padStart(width, '0') : text;
}

function digitsOf(value: Literal): string {
  if (value.kind === 'bytes') return BigInt(`0x${value.bytes.toString('hex') || '0'}`).toString();
  const text = value.text.trim();
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(text) ? text : undecided('a default that is no number');
}

function bits(value: Literal): string {
  const number = value.kind === 'number' ? BigInt(wholeText(value.text)) : BigInt(`0x${(value.kind === 'bytes' ? value.bytes : Buffer.from(value.text)).toString('hex') || '0'}`);
  return number.toString(2);
}

function binaryText(value: Literal, width: number): string {
  const bytes = value.kind === 'bytes' ? value.bytes : Buffer.from(value.text);
  return `0x${bytes.toString('hex').toUpperCase().padEnd(2 * width, '0')}`;
}

function characters(value: Literal, type: ColumnType): string {
  const text = value.kind === 'bytes' ? decodeText(type.charset ?? 'utf8mb4', value.bytes) : value.kind === 'number' ? plainNumber(value.text) : value.text;
  return type.dataType === 'char' ? text.replace(/ +$/u, '') : text;
}

/** A number as text: `1.50` stays, `1e2` does not. */
function plainNumber(text: string): string {
  return /e/iu.test(text) ? doubleText(Number(text)) : text.replace(/^(-?)\./u, '$10.').replace(/^\+/u, '');
}

function labelsText(value: Literal, { dataType, labels }: ColumnType): string {
  const known = labels ?? [];
  const text = value.kind === 'bytes' ? value.bytes.toString('utf8') : value.text;
  if (value.kind === 'number' && dataType === 'enum') return known[Number(text) - 1] ?? undecided('a default that is no label');
  const wanted = dataType === 'enum' ? [text.replace(/ +$/u, '')] : text === '' ? [] : text.split(',');
  const places = wanted.map((label) => placeOf(known, label));
  return [...new Set(places)].sort((one, other) => one - other).map((place) => known[place]).join(',');
}

function placeOf(labels: readonly string[], label: string): number {
  const exact = labels.indexOf(label);
  const place = exact >= 0 ? exact : labels.findIndex((each) => each.toLowerCase() === label.toLowerCase());
  return place >= 0 ? place : undecided('a default that is no label');
}

function temporal({ dialect }: Reading, value: Literal, type: ColumnType): string | null {
  const [fsp = 0] = sizesOf(type);
  const rounds = dialect.flavor === 'mysql';
  const text = value.kind === 'bytes' ? value.bytes.toString('latin1') : value.text;
  if (type.dataType === 'date') return dateText(text);
  if (type.dataType === 'datetime' || type.dataType === 'timestamp') return datetimeText(text, { fsp, rounds });
  if (type.dataType === 'time') return timeText(text, { fsp, rounds });
  return type.dataType === 'year' ? yearText(text, value.kind === 'string') : null;
}
