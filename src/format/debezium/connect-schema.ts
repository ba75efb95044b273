import type { ProjectedColumn, Projection } from '../../core/projection.ts';
import type { FormatContext } from '../context.ts';
import type { Represent } from '../represent.ts';
import { withPolicies } from '../type-policies.ts';
import { schemaOf } from './column-schema.ts';
import type { Semantic } from './column-schema.ts';
import type { DebeziumOptions } from './options.ts';

/** A Kafka Connect schema as its JsonConverter writes it, field order included. */
export type ConnectSchema = Readonly<Record<string, unknown>>;

/** What the schemas of one table version in one route depend on. */
export interface SchemaGround {
  readonly context: FormatContext;
  readonly options: DebeziumOptions;
  readonly projection: Projection;
  readonly represent: Represent;
}

/** What is known without a schema of one's own: a masked value is text. */
const MASKED: Semantic = { type: 'string' };

const SNAPSHOT = {
  type: 'string',
  optional: true,
  name: 'io.debezium.data.Enum',
  version: 1,
  parameters: { allowed: 'true,first,first_in_data_collection,last_in_data_collection,last,false,incremental' },
  default: 'false',
  field: 'snapshot',
};

/** `{"schema":…,"payload":`, which comes before every message of this schema. */
export function schemaText(schema: ConnectSchema): string {
  return `{"schema":${JSON.stringify(schema)},"payload":`;
}

export function keySchema(ground: SchemaGround): ConnectSchema {
  const { key } = ground.projection;
  return { type: 'struct', fields: key.map((each) => columnField(ground, each, 'key')), optional: false, name: `${schemaName(ground)}.Key` };
}

/** Of a row by itself, with further fields after its own. */
export function rowSchema(ground: SchemaGround, added: readonly ConnectSchema[]): ConnectSchema {
  return { type: 'struct', fields: [...columnFields(ground), ...added], optional: false, name: `${schemaName(ground)}.Value` };
}

export function envelopeSchema(ground: SchemaGround): ConnectSchema {
  const name = schemaName(ground);
  const row = { type: 'struct', fields: columnFields(ground), optional: true, name: `${name}.Value` };
  return {
    type: 'struct',
    fields: [
      { ...row, field: 'before' },
      { ...row, field: 'after' },
      sourceSchema(ground.context),
      TRANSACTION_BLOCK,
      required('string', 'op'),
      optional('int64', 'ts_ms'),
      optional('int64', 'ts_us'),
      optional('int64', 'ts_ns'),
    ],
    optional: false,
    name: `${name}.Envelope`,
    version: 2,
  };
}

export function sourceSchema({ connector }: FormatContext): ConnectSchema {
  return { type: 'struct', fields: SOURCE_FIELDS, optional: false, name: `io.debezium.connector.${connector}.Source`, version: 1, field: 'source' };
}

export function required(type: string, field: string): ConnectSchema {
  return { type, optional: false, field };
}

export function optional(type: string, field: string): ConnectSchema {
  return { type, optional: true, field };
}

/** Debezium names schemas as it names topics: every other character than these is an underscore. */
export function legalName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/gu, (character) => '_'.repeat(character.length));
}

/** Fields of `source`, in their order. */
export const SOURCE_FIELDS: readonly ConnectSchema[] = [
  required('string', 'version'),
  required('string', 'connector'),
  required('string', 'name'),
  required('int64', 'ts_ms'),
  SNAPSHOT,
  required('string', 'db'),
  optional('string', 'sequence'),
  optional('int64', 'ts_us'),
  optional('int64', 'ts_ns'),
  optional('string', 'table'),
  required('int64', 'server_id'),
  optional('string', 'gtid'),
  required('string', 'file'),
  required('int64', 'pos'),
  required('int32', 'row'),
  optional('int64', 'thread'),
  optional('string', 'query'),
];

const TRANSACTION_BLOCK: ConnectSchema = {
  type: 'struct',
  fields: [required('string', 'id'), required('int64', 'total_order'), required('int64', 'data_collection_order')],
  optional: true,
  name: 'event.block',
  version: 1,
  field: 'transaction',
};

function schemaName({ context, projection }: SchemaGround): string {
  const { database, name } = projection.table;
  return legalName(`${context.serverName}.${database}.${name}`);
}

function columnFields(ground: SchemaGround): readonly ConnectSchema[] {
  return ground.projection.columns.map((each) => columnField(ground, each, 'value'));
}

function columnField(ground: SchemaGround, projected: ProjectedColumn, place: 'key' | 'value'): ConnectSchema {
  const { type, items, fields, name, doc, parameters } = projected.mask === null ? semanticOf(ground, projected, place) : MASKED;
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

/** What no schema can say is not shown so where schemas are on; in the header of a changed key it is a string. */
function semanticOf({ options, projection, represent }: SchemaGround, { column }: ProjectedColumn, place: 'key' | 'value'): Semantic {
  const { as } = withPolicies(represent, projection, place)(column);
  return schemaOf(column.type, as, options) ?? MASKED;
}
