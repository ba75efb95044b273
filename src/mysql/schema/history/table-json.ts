import type { ColumnDefault } from '../../../core/declaration.ts';
import type { Json } from '../../../core/position.ts';
import type { KeyPart, TrackedColumn, TrackedKey, TrackedTable } from '../ddl/index.ts';
import { trackedTable } from '../ddl/index.ts';
import { damaged, readList, readNullable, readNumber, readRecord, readText } from './fields.ts';

/**
 * Tables as JSON: `{"columns": […], "tables": […]}`. Each different column stands once; tables name their columns by
 * number. Most tables of a schema repeat columns of others, so this is a tenth of their whole text.
 */
export function writeTables(tables: Iterable<TrackedTable>): Json {
  const numbers = new Map<string, number>();
  const columns: Json[] = [];
  const number = (column: TrackedColumn): number => {
    const json = writeColumn(column);
    const key = JSON.stringify(json);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, columns.length);
    return columns.push(json) - 1;
  };
  const written = Array.from(tables, (table) => writeTable(table, table.columns.map(number)));
  return { columns, tables: written };
}

/** @throws RowcastError HISTORY_DAMAGED */
export function readTables(json: Json | undefined): TrackedTable[] {
  const { columns: all, tables } = readRecord(json);
  const columns = readList(all).map(readColumn);
  return readList(tables).map((table) => readTable(table, columns));
}

function writeTable({ database, name, charset, collation, comment, versioned, keys }: TrackedTable, columns: readonly number[]): Json {
  return { database, name, charset, collation, comment, versioned, keys: keys.map(writeKey), columns };
}

function readTable(json: Json, all: readonly TrackedColumn[]): TrackedTable {
  const { database, name, charset, collation, comment, versioned, keys, columns } = readRecord(json);
  return trackedTable({
    database: readText(database),
    name: readText(name),
    charset: readText(charset),
    collation: readText(collation),
    comment: readText(comment),
    versioned: versioned === true,
    keys: readList(keys).map(readKey),
    columns: readList(columns).map((number) => all[readNumber(number)] ?? missing()),
  });
}

function missing(): never {
  throw damaged('a column is missing');
}

/** `[name, unique, [column, prefix], …]` */
function writeKey({ name, unique, parts }: TrackedKey): Json {
  return [name, unique, ...parts.map(({ column, prefix }) => [column, prefix])];
}

function readKey(json: Json): TrackedKey {
  const [name, unique, ...parts] = readList(json);
  return { name: readText(name), unique: unique === true, parts: parts.map(readPart) };
}

function readPart(json: Json): KeyPart {
  const [column, prefix] = readList(json);
  return { column: readNullable(column, readText), prefix: readNullable(prefix, readNumber) };
}

function writeColumn(column: TrackedColumn): Json {
  const { name, columnType, dataType, nullable, unsigned, charset, collation, labels, comment, autoIncrement, generated, invisible, json, exactLabels = false } = column;
  const flags = { nullable, unsigned, autoIncrement, generated, invisible, json, exactLabels };
  const set = Object.entries(flags).flatMap(([flag, on]) => (on ? [flag] : []));
  return { name, columnType, dataType, charset, collation, labels: labels === null ? null : [...labels], default: writeDefault(column.default), comment, is: set };
}

function readColumn(json: Json): TrackedColumn {
  const column = readRecord(json);
  const flags = new Set(readList(column.is).map(readText));
  return {
    name: readText(column.name),
    columnType: readText(column.columnType),
    dataType: readText(column.dataType),
    nullable: flags.has('nullable'),
    unsigned: flags.has('unsigned'),
    charset: readNullable(column.charset, readText),
    collation: readNullable(column.collation, readText),
    labels: readNullable(column.labels, (labels) => readList(labels).map(readText)),
    default: readNullable(column.default, readDefault),
    comment: readText(column.comment),
    autoIncrement: flags.has('autoIncrement'),
    generated: flags.has('generated'),
    invisible: flags.has('invisible'),
    json: flags.has('json'),
    ...(flags.has('exactLabels') ? { exactLabels: true } : {}),
  };
}

function writeDefault(value: ColumnDefault | null): Json {
  return value === null || value.kind === 'null' ? (value?.kind ?? null) : { [value.kind]: value.text };
}

function readDefault(json: Json): ColumnDefault {
  if (json === 'null') return { kind: 'null' };
  const { literal, expression } = readRecord(json);
  return literal === undefined ? { kind: 'expression', text: readText(expression) } : { kind: 'literal', text: readText(literal) };
}
