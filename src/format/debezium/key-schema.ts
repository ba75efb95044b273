import type { ProjectedColumn, Projection } from '../../core/projection.ts';
import type { ColumnType } from '../../core/table.ts';

/** The part of a Kafka Connect schema that depends on the type; field order as Connect's JsonConverter writes it. */
interface Semantic {
  readonly type: string;
  /** Of an array. */
  readonly items?: object;
  /** Of a struct. */
  readonly fields?: readonly object[];
  readonly name?: string;
  readonly doc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * The text before the payload of a key with its Connect schema, as in the headers `__debezium.newkey` and `__debezium.oldkey`:
 * `{"schema":{…},"payload":`. A column's default is not in it, as the binlog does not tell it.
 */
export function keySchemaText(serverName: string, projection: Projection): string {
  const { table, key } = projection;
  const schema = { type: 'struct', fields: key.map(field), optional: false, name: `${serverName}.${table.database}.${table.name}.Key` };
  return `{"schema":${JSON.stringify(schema)},"payload":`;
}

function field(projected: ProjectedColumn): object {
  const { type, items, fields, name, doc, parameters } = projected.mask === null ? semantic(projected.column.type) : STRING;
  return {
    type,
    ...(items === undefined ? {} : { items }),
    ...(fields === undefined ? {} : { fields }),
    optional: projected.column.nullable,
    ...(name === undefined ? {} : { name, version: 1 }),
    ...(doc === undefined ? {} : { doc }),
    ...(parameters === undefined ? {} : { parameters }),
    field: projected.name,
  };
}

function semantic(type: ColumnType): Semantic {
  switch (type.family) {
    case 'integer':
      return { type: integerType(type.bytes, type.unsigned) };
    case 'decimal':
      return { type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', parameters: { scale: String(type.scale), 'connect.decimal.precision': String(type.precision) } };
    case 'bit':
      return type.bits === 1 ? { type: 'boolean' } : { type: 'bytes', name: 'io.debezium.data.Bits', parameters: { length: String(type.bits) } };
    case 'datetime':
      return { type: 'int64', name: type.fraction > 3 ? 'io.debezium.time.MicroTimestamp' : 'io.debezium.time.Timestamp' };
    case 'enum':
      return { type: 'string', name: 'io.debezium.data.Enum', parameters: { allowed: allowed(type.labels) } };
    case 'set':
      return { type: 'string', name: 'io.debezium.data.EnumSet', parameters: { allowed: allowed(type.labels) } };
    case 'geometry':
      return type.shape === 'point' ? POINT : GEOMETRY;
    default:
      return SIMPLE[type.family];
  }
}

/** A label's own commas are escaped, or the list could not be read back. */
function allowed(labels: readonly string[]): string {
  return labels.map((label) => label.replaceAll(',', '\\,')).join(',');
}

const STRING: Semantic = { type: 'string' };
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

const SIMPLE = {
  float: { type: 'float' },
  double: { type: 'double' },
  year: { type: 'int32', name: 'io.debezium.time.Year' },
  date: { type: 'int32', name: 'io.debezium.time.Date' },
  time: { type: 'int64', name: 'io.debezium.time.MicroTime' },
  timestamp: { type: 'string', name: 'io.debezium.time.ZonedTimestamp' },
  text: STRING,
  binary: { type: 'bytes' },
  json: { type: 'string', name: 'io.debezium.data.Json' },
  vector: { type: 'array', items: { type: 'float', optional: false }, name: 'io.debezium.data.FloatVector' },
  uuid: STRING,
  inet4: STRING,
  inet6: STRING,
} as const satisfies Record<string, Semantic>;

/** The smallest of Connect's types that Debezium takes for it. */
function integerType(bytes: number, unsigned: boolean): string {
  if (bytes === 1) return 'int16';
  if (bytes === 2) return unsigned ? 'int32' : 'int16';
  if (bytes === 3) return 'int32';
  return bytes === 4 && !unsigned ? 'int32' : 'int64';
}
