import type { ColumnFamily, Representation } from '../../core/table.ts';
import type { Represent } from '../image-writer.ts';

/** Exact, and readable without a schema: what a JavaScript number cannot hold is a string. */
const REPRESENTATIONS: Readonly<Record<ColumnFamily, Representation>> = {
  integer: 'safe-number',
  decimal: 'string',
  float: 'number',
  double: 'number',
  bit: 'safe-number',
  year: 'number',
  date: 'string',
  time: 'string',
  datetime: 'string',
  timestamp: 'iso-utc',
  text: 'string',
  binary: 'base64',
  enum: 'string',
  set: 'list',
  json: 'inline',
  geometry: 'geometry-struct',
  vector: 'list',
  uuid: 'string',
  inet4: 'string',
  inet6: 'string',
};

/** Zero and partial dates keep the server's text (Invariant 8). */
export const representPlain: Represent = (column) => ({ as: REPRESENTATIONS[column.type.family], zero: 'string' });
