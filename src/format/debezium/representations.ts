import type { Column, ColumnFamily, ColumnType, Representation } from '../../core/table.ts';
import type { Represent } from '../image-writer.ts';

/** Debezium's defaults: decimals precise, bigint unsigned long, binary bytes, time adaptive_time_microseconds. */
const REPRESENTATIONS: Readonly<Record<ColumnFamily, Representation>> = {
  integer: 'signed-number',
  decimal: 'base64-unscaled',
  float: 'float-number',
  double: 'float-number',
  bit: 'base64-bits',
  year: 'number',
  date: 'epoch-days',
  time: 'time-micros',
  datetime: 'epoch-millis',
  timestamp: 'zoned-timestamp',
  text: 'string',
  binary: 'base64',
  enum: 'string',
  set: 'string',
  json: 'compact-string',
  geometry: 'geometry-struct',
  vector: 'list',
  uuid: 'string',
  inet4: 'string',
  inet6: 'string',
};

/** A zero date is null, or the epoch where the column cannot be null, as Debezium has it. */
export const representDebezium: Represent = (column: Column) => ({
  as: representation(column.type),
  zero: column.nullable ? 'null' : 'epoch',
});

function representation(type: ColumnType): Representation {
  if (type.family === 'bit' && type.bits === 1) return 'boolean';
  if (type.family === 'datetime' && type.fraction > 3) return 'epoch-micros';
  return REPRESENTATIONS[type.family];
}
