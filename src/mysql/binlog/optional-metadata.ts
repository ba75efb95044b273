import { TYPE } from '../columns/description.ts';
import type { Cursor } from './cursor.ts';
import { Cursor as Reader } from './cursor.ts';
import type { TableMap } from './table-map.ts';

/** What the optional metadata tells; a list has an entry for each column of the table, or is null when the event does not tell. */
export interface OptionalMetadata {
  unsigned: (boolean | null)[] | null;
  /** Collation ids. */
  collations: (number | null)[] | null;
  labelCollations: (number | null)[] | null;
  names: string[] | null;
  setLabels: Buffer[][] | null;
  enumLabels: Buffer[][] | null;
  geometry: number[] | null;
  primaryKey: number[] | null;
  dimensions: number[] | null;
}

const FIELD = { SIGNEDNESS: 1, DEFAULT_CHARSET: 2, COLUMN_CHARSET: 3, NAME: 4, SET: 5, ENUM: 6, GEOMETRY: 7, KEY: 8, KEY_PREFIX: 9, LABEL_DEFAULT_CHARSET: 10, LABEL_CHARSET: 11, VECTOR: 13 };

const NUMBERS = new Set<number>([TYPE.TINY, TYPE.SHORT, TYPE.INT24, TYPE.LONG, TYPE.LONGLONG, TYPE.NEWDECIMAL, TYPE.FLOAT, TYPE.DOUBLE]);
/** What has an entry in the lists of character sets; MySQL 9 counts VECTOR among them. */
const TEXTS = new Set<number>([TYPE.VECTOR, TYPE.STRING, TYPE.VAR_STRING, TYPE.VARCHAR, TYPE.TINY_BLOB, TYPE.MEDIUM_BLOB, TYPE.LONG_BLOB, TYPE.BLOB, TYPE.BLOB_COMPRESSED, TYPE.VARCHAR_COMPRESSED]);

/** The type code of a column; ENUM and SET hide behind STRING, in their metadata. */
export function realType(type: number, meta: number): number {
  const inner = meta & 0xff;
  return type === TYPE.STRING && (inner === TYPE.ENUM || inner === TYPE.SET) ? inner : type;
}

/**
 * Optional metadata (MySQL `rows_event.h`, `Optional_metadata_fields`): fields of 1 kind · packed length · value, in which
 * lists go over the columns of the kinds they are about, bits from the highest: 1 signedness of numbers · 2 charset of most
 * texts and exceptions · 3 charset of each text · 4 names · 5, 6 labels of SET, of ENUM · 7 geometry types · 8 primary key ·
 * 9 the same with prefix lengths · 10, 11 as 2, 3 for ENUM and SET · 12 visibility · 13 vector dimensions. Others are passed over.
 */
export function readOptionalMetadata(map: TableMap): OptionalMetadata {
  const out: OptionalMetadata = { unsigned: null, collations: null, labelCollations: null, names: null, setLabels: null, enumLabels: null, geometry: null, primaryKey: null, dimensions: null };
  if (map.metas === null) return out;
  const reals = map.types.map((type, i) => realType(type, map.metas?.[i] ?? 0));
  const cursor = map.optional.rest();
  while (cursor.left > 0) {
    const kind = cursor.u8();
    const length = cursor.packed();
    const start = cursor.skip(length);
    readField(out, kind, new Reader(cursor.bytes, start, start + length), reals);
  }
  return out;
}

function readField(out: OptionalMetadata, kind: number, value: Cursor, reals: readonly number[]): void {
  const texts = (): number[] => columnsOf(reals, (type) => TEXTS.has(type));
  const labelled = (): number[] => columnsOf(reals, (type) => type === TYPE.ENUM || type === TYPE.SET);
  if (kind === FIELD.SIGNEDNESS) out.unsigned = readSigns(value, reals);
  else if (kind === FIELD.DEFAULT_CHARSET) out.collations = readDefault(value, texts(), reals.length);
  else if (kind === FIELD.COLUMN_CHARSET) out.collations = readEach(value, texts(), reals.length);
  else if (kind === FIELD.LABEL_DEFAULT_CHARSET) out.labelCollations = readDefault(value, labelled(), reals.length);
  else if (kind === FIELD.LABEL_CHARSET) out.labelCollations = readEach(value, labelled(), reals.length);
  else if (kind === FIELD.NAME) out.names = list(value, () => value.text(value.packed()));
  else if (kind === FIELD.SET) out.setLabels = list(value, () => readLabels(value));
  else if (kind === FIELD.ENUM) out.enumLabels = list(value, () => readLabels(value));
  else if (kind === FIELD.GEOMETRY) out.geometry = list(value, () => value.packed());
  else if (kind === FIELD.KEY) out.primaryKey = list(value, () => value.packed());
  else if (kind === FIELD.KEY_PREFIX) out.primaryKey = list(value, () => firstOfPair(value));
  else if (kind === FIELD.VECTOR) out.dimensions = list(value, () => value.packed());
}

function columnsOf(reals: readonly number[], wanted: (type: number) => boolean): number[] {
  return reals.flatMap((type, i) => (wanted(type) ? [i] : []));
}

function list<T>(value: Cursor, one: () => T): T[] {
  const items: T[] = [];
  while (value.left > 0) items.push(one());
  return items;
}

/**
 * One bit a number, the first in the highest. MySQL and MariaDB count YEAR among the numbers, and say that it is unsigned;
 * a list that does not read so is of a server that leaves it out.
 */
function readSigns(value: Cursor, reals: readonly number[]): (boolean | null)[] {
  const bits = value.slice(value.left);
  const isUnsigned = (i: number): boolean => ((bits[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0;
  const all = columnsOf(reals, (type) => NUMBERS.has(type) || type === TYPE.YEAR);
  const withYears = bits.length === (all.length + 7) >> 3 && all.every((column, i) => reals[column] !== TYPE.YEAR || isUnsigned(i));
  const out = new Array<boolean | null>(reals.length).fill(null);
  for (const [i, column] of (withYears ? all : columnsOf(reals, (type) => NUMBERS.has(type))).entries()) out[column] = isUnsigned(i);
  return out;
}

function readDefault(value: Cursor, columns: readonly number[], count: number): (number | null)[] {
  const out = new Array<number | null>(count).fill(null);
  const common = value.packed();
  for (const column of columns) out[column] = common;
  while (value.left > 0) {
    const column = columns[value.packed()];
    const collation = value.packed();
    if (column !== undefined) out[column] = collation;
  }
  return out;
}

function readEach(value: Cursor, columns: readonly number[], count: number): (number | null)[] {
  const out = new Array<number | null>(count).fill(null);
  for (const column of columns) out[column] = value.packed();
  return out;
}

function readLabels(value: Cursor): Buffer[] {
  const labels: Buffer[] = [];
  for (let left = value.packed(); left > 0; left--) labels.push(Buffer.from(value.slice(value.packed())));
  return labels;
}

function firstOfPair(value: Cursor): number {
  const column = value.packed();
  value.packed();
  return column;
}
