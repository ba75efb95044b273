import type { ProjectedColumn, Projection } from '../../core/projection.ts';
import type { ColumnType } from '../../core/table.ts';

/** The part of a Kafka Connect schema that depends on the type; field order as Connect's JsonConverter writes it. */
interface Semantic {
  readonly type: string;
  readonly name?: string;
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
  const { type, name, parameters } = projected.mask === null ? semantic(projected.column.type) : { type: 'string' };
  return {
    type,
    optional: projected.column.nullable,
    ...(name === undefined ? {} : { name, version: 1 }),
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
      return { type: 'string', name: 'io.debezium.data.Enum', parameters: { allowed: type.labels.join(',') } };
    case 'set':
      return { type: 'string', name: 'io.debezium.data.EnumSet', parameters: { allowed: type.labels.join(',') } };
    default:
      return SIMPLE[type.family];
  }
}

const STRING: Semantic = { type: 'string' };

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
  geometry: { type: 'struct', name: 'io.debezium.data.geometry.Geometry' },
  vector: { type: 'array', name: 'io.debezium.data.FloatVector' },
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
