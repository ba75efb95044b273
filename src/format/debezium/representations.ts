import type { Column, ColumnFamily, ColumnType, Representation, ZeroDates } from '../../core/table.ts';
import type { Limits, Represent } from '../represent.ts';
import { sayable, schemaOf } from './column-schema.ts';
import type { DebeziumOptions, TimePrecision } from './options.ts';

/** The families whose representation no option changes, as Debezium has them. */
const REPRESENTATIONS: Readonly<Record<Exclude<ColumnFamily, 'decimal' | 'binary' | 'date' | 'time' | 'datetime' | 'integer'>, Representation>> = {
  float: 'float-number',
  double: 'float-number',
  bit: 'base64-bits',
  year: 'number',
  timestamp: 'zoned-timestamp',
  text: 'string',
  enum: 'string',
  set: 'string',
  json: 'compact-string',
  geometry: 'geometry-struct',
  vector: 'list',
  uuid: 'string',
  inet4: 'string',
  inet6: 'string',
};

const DECIMAL = { precise: 'base64-unscaled', double: 'float-number', string: 'string' } as const;
const BINARY = { bytes: 'base64', base64: 'base64', 'base64-url-safe': 'base64-url', hex: 'hex' } as const;

/** DATE, TIME, and DATETIME with up to three digits after the second and with more. */
const TIMES: Readonly<Record<TimePrecision, readonly [date: Representation, time: Representation, short: Representation, long: Representation]>> = {
  adaptive_time_microseconds: ['epoch-days', 'time-micros', 'epoch-millis', 'epoch-micros'],
  connect: ['epoch-days', 'time-millis', 'epoch-millis', 'epoch-millis'],
  isostring: ['iso-short', 'iso-short', 'iso-short', 'iso-short'],
  microseconds: ['epoch-days', 'time-micros', 'epoch-micros', 'epoch-micros'],
  nanoseconds: ['epoch-days', 'time-nanos', 'epoch-nanos', 'epoch-nanos'],
};

/** Digits after the second that milliseconds hold. */
const MILLIS_DIGITS = 3;

/**
 * The table of representations under these options. A zero date is null, or the epoch where the column cannot be null,
 * as Debezium has it. With schemas, a route's `types` may only ask for what a schema can say.
 */
export function representDebezium(options: DebeziumOptions): Represent {
  return (column) => {
    const as = representation(column.type, options);
    const zero = column.nullable ? 'null' : 'epoch';
    return options.schemas ? { as, zero, limits: limits(column, as, options) } : { as, zero };
  };
}

function representation(type: ColumnType, options: DebeziumOptions): Representation {
  const [date, time, short, long] = TIMES[options.timePrecision];
  switch (type.family) {
    case 'integer':
      return type.bytes === 8 && type.unsigned && options.bigintUnsigned === 'precise' ? 'base64-unscaled' : 'signed-number';
    case 'decimal':
      return DECIMAL[options.decimal];
    case 'binary':
      return BINARY[options.binary];
    case 'bit':
      return type.bits === 1 ? 'boolean' : REPRESENTATIONS.bit;
    case 'date':
      return date;
    case 'time':
      return time === 'time-millis' && options.schemas ? 'day-millis' : time;
    case 'datetime':
      return type.fraction > MILLIS_DIGITS ? long : short;
    default:
      return REPRESENTATIONS[type.family];
  }
}

function limits(column: Column, as: Representation, options: DebeziumOptions): Limits {
  const texts = schemaOf(column.type, as, options)?.type === 'string';
  const zero: readonly ZeroDates[] = ['epoch', ...(column.nullable ? (['null'] as const) : []), ...(texts ? (['string'] as const) : [])];
  return { format: 'debezium with schemas: true', as: sayable(column.type, options), zero };
}
