import type { ColumnFamily, Representation } from '../../core/table.ts';
import type { Represent } from '../image-writer.ts';

const REPRESENTATIONS: Readonly<Record<ColumnFamily, Representation>> = {
  integer: 'number',
  decimal: 'java-number',
  float: 'java-number',
  double: 'java-number',
  bit: 'number',
  year: 'number',
  date: 'string',
  time: 'string',
  datetime: 'string',
  timestamp: 'string',
  text: 'string',
  binary: 'base64',
  enum: 'string',
  set: 'list',
  json: 'compact-inline',
  geometry: 'spaced-wkt',
  vector: 'list',
  uuid: 'string',
  inet4: 'string',
  inet6: 'string',
};

/** As Maxwell shows values, where that is right. @param nullZeroDates `output_null_zerodates` */
export function representMaxwell(nullZeroDates: boolean): Represent {
  return (column) => ({ as: REPRESENTATIONS[column.type.family], zero: nullZeroDates ? 'null' : 'string' });
}
