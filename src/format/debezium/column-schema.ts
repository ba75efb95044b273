import type { ColumnType, Representation } from '../../core/table.ts';
import type { DebeziumOptions } from './options.ts';

/** The part of a Kafka Connect schema that depends on the type; field order as Connect's JsonConverter writes it. */
export interface Semantic {
  readonly type: string;
  /** Of an array. */
  readonly items?: object;
  /** Of a struct. */
  readonly fields?: readonly object[];
  readonly name?: string;
  readonly doc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The schema of one representation of a type of this family. */
type SchemaOf<F extends ColumnType['family']> = Semantic | ((type: ColumnType & { readonly family: F }, options: DebeziumOptions) => Semantic | undefined);

type Schemas = { readonly [F in ColumnType['family']]: { readonly [R in Representation]?: SchemaOf<F> } };

const STRING: Semantic = { type: 'string' };
const BYTES: Semantic = { type: 'bytes' };
const SRID = { type: 'int32', optional: true, field: 'srid' };
const GEOMETRY: Semantic = {
  type: 'struct',
  fields: [{ type: 'bytes', optional: false, field: 'wkb' }, SRID],
  name: 'io.debezium.data.geometry.Geometry',
  doc: 'Geometry',
};
const POINT: Semantic = {
  type: 'struct',
  fields: [{ type: 'double', optional: false, field: 'x' }, { type: 'double', optional: false, field: 'y' }, { type: 'bytes', optional: true, field: 'wkb' }, SRID],
  name: 'io.debezium.data.geometry.Point',
  doc: 'Geometry (POINT)',
};
/** Digits of the largest BIGINT UNSIGNED. */
const LONG_DIGITS = 20;

/** Every representation that a schema can say, by family. Names and parameters are those of Debezium and of Kafka Connect. */
const SCHEMAS: Schemas = {
  integer: {
    'signed-number': (type) => ({ type: integerType(type.bytes, type.unsigned) }),
    number: (type) => (type.bytes === 8 && type.unsigned ? undefined : { type: integerType(type.bytes, type.unsigned) }),
    'base64-unscaled': decimal(LONG_DIGITS, 0),
    boolean: { type: 'boolean' },
    string: STRING,
  },
  decimal: { 'base64-unscaled': (type) => decimal(type.precision, type.scale), 'float-number': { type: 'double' }, string: STRING },
  float: { 'float-number': { type: 'float' } },
  double: { 'float-number': { type: 'double' } },
  bit: { boolean: { type: 'boolean' }, 'base64-bits': (type) => ({ type: 'bytes', name: 'io.debezium.data.Bits', parameters: { length: String(type.bits) } }), number: (type) => (type.bits < 64 ? { type: 'int64' } : undefined), string: STRING },
  year: { number: { type: 'int32', name: 'io.debezium.time.Year' } },
  date: {
    'epoch-days': (_type, options) => ({ type: 'int32', name: byConnect(options) ? 'org.apache.kafka.connect.data.Date' : 'io.debezium.time.Date' }),
    'iso-short': { type: 'string', name: 'io.debezium.time.IsoDate' },
  },
  time: {
    'time-micros': { type: 'int64', name: 'io.debezium.time.MicroTime' },
    'time-nanos': { type: 'int64', name: 'io.debezium.time.NanoTime' },
    'day-millis': { type: 'int32', name: 'org.apache.kafka.connect.data.Time' },
    'iso-short': { type: 'string', name: 'io.debezium.time.IsoTime' },
  },
  datetime: {
    'epoch-millis': (_type, options) => ({ type: 'int64', name: byConnect(options) ? 'org.apache.kafka.connect.data.Timestamp' : 'io.debezium.time.Timestamp' }),
    'epoch-micros': { type: 'int64', name: 'io.debezium.time.MicroTimestamp' },
    'epoch-nanos': { type: 'int64', name: 'io.debezium.time.NanoTimestamp' },
    'iso-short': { type: 'string', name: 'io.debezium.time.IsoTimestamp' },
  },
  timestamp: { 'zoned-timestamp': { type: 'string', name: 'io.debezium.time.ZonedTimestamp' } },
  text: { string: STRING },
  binary: { base64: (_type, { binary }) => (binary === 'base64' ? STRING : BYTES), 'base64-url': STRING, hex: STRING },
  enum: { string: (type) => ({ type: 'string', name: 'io.debezium.data.Enum', parameters: { allowed: allowed(type.labels) } }), number: { type: 'int32' } },
  set: {
    string: (type) => ({ type: 'string', name: 'io.debezium.data.EnumSet', parameters: { allowed: allowed(type.labels) } }),
    list: { type: 'array', items: { type: 'string', optional: false } },
    number: (type) => (type.labels.length < 64 ? { type: 'int64' } : undefined),
  },
  json: { 'compact-string': { type: 'string', name: 'io.debezium.data.Json' }, string: { type: 'string', name: 'io.debezium.data.Json' } },
  geometry: { 'geometry-struct': (type) => (type.shape === 'point' ? POINT : GEOMETRY), wkt: STRING },
  vector: { list: { type: 'array', items: { type: 'float', optional: false }, name: 'io.debezium.data.FloatVector' }, base64: BYTES },
  uuid: { string: STRING },
  inet4: { string: STRING },
  inet6: { string: STRING },
};

/** The schema of a value of this type shown so; undefined where none can say it. */
export function schemaOf(type: ColumnType, as: Representation, options: DebeziumOptions): Semantic | undefined {
  const found = representations(type)[as];
  return typeof found === 'function' ? found(type, options) : found;
}

/** The representations of a type that a schema can say. */
export function sayable(type: ColumnType, options: DebeziumOptions): readonly Representation[] {
  return (Object.keys(SCHEMAS[type.family]) as Representation[]).filter((as) => schemaOf(type, as, options) !== undefined);
}

type AnySchema = Semantic | ((type: ColumnType, options: DebeziumOptions) => Semantic | undefined);

/** Those of the type's own family, so that each function in it takes the type. */
function representations(type: ColumnType): { readonly [R in Representation]?: AnySchema } {
  return SCHEMAS[type.family] as { readonly [R in Representation]?: AnySchema };
}

function decimal(precision: number, scale: number): Semantic {
  return { type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', parameters: { scale: String(scale), 'connect.decimal.precision': String(precision) } };
}

function byConnect({ timePrecision }: DebeziumOptions): boolean {
  return timePrecision === 'connect';
}

/** A label's own commas are escaped, or the list could not be read back. */
function allowed(labels: readonly string[]): string {
  return labels.map((label) => label.replaceAll(',', '\\,')).join(',');
}

/** The smallest of Connect's types that Debezium takes for it. */
function integerType(bytes: number, unsigned: boolean): string {
  if (bytes === 1) return 'int16';
  if (bytes === 2) return unsigned ? 'int32' : 'int16';
  if (bytes === 3) return 'int32';
  return bytes === 4 && !unsigned ? 'int32' : 'int64';
}
