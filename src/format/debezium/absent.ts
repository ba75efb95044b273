import { jsonStringBytes } from '../../core/json-text.ts';
import type { Representation } from '../../core/table.ts';
import type { Absent } from '../image-writer.ts';

/** What stands for a value that the server did not tell: Debezium's default of `unavailable.value.placeholder`. */
const PLACEHOLDER = '__debezium_unavailable_value';
const TEXT = jsonStringBytes(PLACEHOLDER);
const BASE64 = jsonStringBytes(Buffer.from(PLACEHOLDER).toString('base64'));
const HEX = jsonStringBytes(Buffer.from(PLACEHOLDER).toString('hex'));

/** What is a string in a message and in Connect. */
const STRINGS: ReadonlySet<Representation> = new Set(['string', 'compact-string', 'zoned-timestamp', 'iso-utc', 'iso-short', 'wkt']);

/**
 * Debezium writes the placeholder for the TEXT and BLOB columns that NOBLOB leaves out. Here every column that is shown as a
 * string or as plain bytes has it. Numbers, dates and structs have no value to spare: such a column is left out of its
 * image, as null would say that it is NULL (Invariant 8).
 */
export const absentDebezium: Absent = ({ column, mask }, as) => {
  if (mask !== null || STRINGS.has(as)) return TEXT;
  if (column.type.family !== 'binary') return null;
  return as === 'hex' ? HEX : BASE64;
};
