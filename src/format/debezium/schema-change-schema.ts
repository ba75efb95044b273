import type { FormatContext } from '../context.ts';
import { optional, required, sourceSchema } from './connect-schema.ts';
import type { SideSchemas } from './side-message.ts';

const COLUMN = {
  type: 'struct',
  fields: [
    required('string', 'name'),
    required('int32', 'jdbcType'),
    optional('int32', 'nativeType'),
    required('string', 'typeName'),
    optional('string', 'typeExpression'),
    optional('string', 'charsetName'),
    optional('int32', 'length'),
    optional('int32', 'scale'),
    required('int32', 'position'),
    optional('boolean', 'optional'),
    optional('boolean', 'autoIncremented'),
    optional('boolean', 'generated'),
    optional('string', 'comment'),
    optional('string', 'defaultValueExpression'),
    texts('enumValues'),
  ],
  optional: false,
  name: 'io.debezium.connector.schema.Column',
  version: 1,
};

const TABLE = {
  type: 'struct',
  fields: [optional('string', 'defaultCharsetName'), texts('primaryKeyColumnNames'), { type: 'array', items: COLUMN, optional: false, field: 'columns' }, optional('string', 'comment')],
  optional: true,
  name: 'io.debezium.connector.schema.Table',
  version: 1,
  field: 'table',
};

const CHANGE = { type: 'struct', fields: [required('string', 'type'), required('string', 'id'), TABLE], optional: false, name: 'io.debezium.connector.schema.Change', version: 1 };

/** Key and value of a schema change. */
export function schemaChangeSchemas(context: FormatContext): SideSchemas {
  const prefix = `io.debezium.connector.${context.connector}`;
  return {
    key: { type: 'struct', fields: [required('string', 'databaseName')], optional: false, name: `${prefix}.SchemaChangeKey`, version: 1 },
    value: {
      type: 'struct',
      fields: [
        sourceSchema(context),
        required('int64', 'ts_ms'),
        optional('string', 'databaseName'),
        optional('string', 'schemaName'),
        optional('string', 'ddl'),
        { type: 'array', items: CHANGE, optional: false, field: 'tableChanges' },
      ],
      optional: false,
      name: `${prefix}.SchemaChangeValue`,
      version: 1,
    },
  };
}

/** Key and value of a gap, which Debezium has no message for. */
export const GAP_SCHEMAS: SideSchemas = {
  key: { type: 'struct', fields: [required('string', 'serverName')], optional: false, name: 'rowcast.GapKey', version: 1 },
  value: {
    type: 'struct',
    fields: [
      required('string', 'serverName'),
      required('int64', 'ts_ms'),
      required('string', 'resumedAt'),
      optional('string', 'after'),
      required('string', 'before'),
      optional('int64', 'transactions'),
      optional('string', 'gtids'),
      optional('int64', 'bytes'),
    ],
    optional: false,
    name: 'rowcast.Gap',
    version: 1,
  },
};

function texts(field: string): object {
  return { type: 'array', items: { type: 'string', optional: false }, optional: true, field };
}
