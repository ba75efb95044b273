import { z } from 'zod';
import { duration, flag, pattern, text, texts, whole, word } from './scalars.ts';
import { choice, mapping, optional, switchable } from './shapes.ts';

const plain = mapping({ type: z.literal('plain').describe("Rowcast's own envelope.") });

const SOURCE_FIELD = 'version|connector|name|ts_ms|ts_us|ts_ns|snapshot|db|sequence|table|server_id|gtid|file|pos|row|thread|query';
const ENVELOPE_FIELD = new RegExp(`^(op|ts_ms|ts_us|ts_ns|(source\\.)?(${SOURCE_FIELD})|transaction\\.(id|total_order|data_collection_order))(:[^\\s:,]+)?$`);

const envelopeFields = z
  .array(pattern({ expects: 'op, ts_ms, ts_us, ts_ns, source.FIELD or transaction.FIELD, perhaps with :new_name', example: 'source.ts_ms' }, ENVELOPE_FIELD), {
    error: () => 'must be a list of fields of the envelope',
  })
  .prefault([]);

/** Text that may be empty. */
function prefix() {
  return pattern({ expects: 'text without colons, perhaps empty', example: '__' }, /^[^:]*$/);
}

const flat = mapping({
  deletes: word('tombstone', 'drop', 'rewrite', 'rewrite-with-tombstone', 'delete-to-tombstone')
    .prefault('tombstone')
    .describe('A delete is told by a tombstone, by nothing, or by its before image with `__deleted`, alone or with a tombstone after it (`delete.tombstone.handling.mode`). The `tombstones` of the route is not asked.'),
  addFields: envelopeFields.describe('Fields of the envelope that stand behind the columns (`add.fields`).'),
  addFieldsPrefix: prefix().prefault('__').describe('What their names begin with (`add.fields.prefix`).'),
  addHeaders: envelopeFields.describe('Fields of the envelope that become headers (`add.headers`).'),
  addHeadersPrefix: prefix().prefault('__').describe('What their names begin with (`add.headers.prefix`).'),
});

const debezium = mapping({
  type: z.literal('debezium').describe("Debezium's envelope, as its MySQL and MariaDB connectors write it with the JSON converter."),
  schemas: flag().prefault(false).describe('A Kafka Connect schema in every key and value (`converter.schemas.enable`).'),
  decimal: word('precise', 'double', 'string').prefault('precise').describe('DECIMAL (`decimal.handling.mode`).'),
  bigintUnsigned: word('long', 'precise').prefault('long').describe('BIGINT UNSIGNED (`bigint.unsigned.handling.mode`); `long` turns negative above 2^63 − 1.'),
  binary: word('bytes', 'base64', 'base64-url-safe', 'hex').prefault('bytes').describe('BINARY, VARBINARY and BLOBs (`binary.handling.mode`).'),
  timePrecision: word('adaptive_time_microseconds', 'connect', 'isostring', 'microseconds', 'nanoseconds')
    .prefault('adaptive_time_microseconds')
    .describe('DATE, TIME and DATETIME (`time.precision.mode`).'),
  transactions: flag().prefault(false).describe('BEGIN and END of transactions in a topic of their own, and the block `transaction` in rows (`provide.transaction.metadata`).'),
  transactionTopic: optional(text('a topic name', 'shop.transaction')).describe('That topic; without it, `<name>.transaction`.'),
  heartbeat: optional(duration('100ms', '1h', '10s')).describe('Interval of heartbeats (`heartbeat.interval.ms`); without it there are none.'),
  heartbeatTopic: optional(text('a topic name', '__debezium-heartbeat.shop')).describe('Their topic; without it, `__debezium-heartbeat.<name>`.'),
  flat: switchable(flat).prefault(false).describe('Rows without an envelope, as the transform ExtractNewRecordState makes them: `true`, or its options.'),
});

const maxwell = mapping({
  type: z.literal('maxwell').describe("Maxwell's messages, as Maxwell 1.45 writes them. Each option names Maxwell's own."),
  binlogPosition: flag().prefault(false).describe('`output_binlog_position`: the field `position`.'),
  gtidPosition: flag().prefault(false).describe('`output_gtid_position`: the field `gtid`.'),
  commitInfo: flag().prefault(true).describe('`output_commit_info`: the fields `xid` and `commit`.'),
  xoffset: flag().prefault(false).describe('`output_xoffset`: the field `xoffset`, which needs `commitInfo`.'),
  pushTimestamp: flag().prefault(false).describe('`output_push_timestamp`: the field `push_ts`, when the message was written.'),
  nulls: flag().prefault(true).describe('`output_nulls`: columns that are NULL are in `data` and `old`.'),
  serverId: flag().prefault(false).describe('`output_server_id`: the field `server_id`.'),
  threadId: flag().prefault(false).describe('`output_thread_id`: the field `thread_id`.'),
  rowQuery: flag().prefault(false).describe('`output_row_query`: the field `query`, where the server logs it and `source.query` asks for it; never for a table with masked or excluded columns.'),
  rowQueryMaxLength: whole(0, 1_000_000_000, 1000).prefault(0).describe('`row_query_max_length`: characters of it; 0 for all.'),
  primaryKeys: flag().prefault(false).describe('`output_primary_keys`: the field `primary_key`, the values of the key.'),
  primaryKeyColumns: flag().prefault(false).describe('`output_primary_key_columns`: the field `primary_key_columns`, its columns.'),
  nullZeroDates: flag().prefault(false).describe('`output_null_zerodates`: dates that are no day are null.'),
  naming: word('none', 'underscore_to_camelcase').prefault('none').describe('`output_naming_strategy`: names of fields and columns in messages.'),
  keyFormat: word('hash', 'array').prefault('hash').describe('`kafka_key_format`.'),
  partitionBy: word('database', 'table', 'primary_key', 'transaction_id', 'column', 'random').prefault('database').describe('`producer_partition_by`: what the partition of a message is computed from.'),
  partitionColumns: texts('a list of column names', '[customer_id]').optional().transform((list): readonly string[] => list ?? []).describe('`producer_partition_columns`, for `column`.'),
  partitionFallback: word('database', 'table', 'primary_key', 'transaction_id').prefault('database').describe('`producer_partition_by_fallback`, where none of the columns has a value.'),
  partitionHash: word('default', 'murmur3').prefault('default').describe("`kafka_partition_hash`: Java's `String.hashCode`, or murmur3 with Maxwell's seed."),
  quirks: flag().prefault(false).describe('What Maxwell 1.45 gets wrong, wrong as it does: docs/maxwell-differences.md.'),
});

const canal = mapping({
  type: z.literal('canal').describe("Canal's flat messages, as Canal 1.1.8 writes them."),
  rowsPerMessage: word('one', 'event').prefault('one').describe('`event`: the rows of a rows event in one message, where they follow each other with one operation to one partition.'),
  partitionHash: text('a list as canal.mq.partitionHash has it, or none', '.*\\\\..*:$pk$').prefault('.*\\..*:$pk$').describe(
    '`canal.mq.partitionHash`: `db.table:column^column`, `regex:$pk$` or `db.table`, with commas between; the first that matches a table counts. `none`: all goes to `partition`.',
  ),
  partition: whole(0, 1_000_000, 0).prefault(0).describe('`canal.mq.partition`: of tables that `partitionHash` does not match.'),
  databaseHash: flag().prefault(true).describe('`canal.mq.database.hash`: the database is part of the hash of columns.'),
  quirks: flag().prefault(false).describe('What Canal 1.1.8 says by accident, as it does: docs/canal-differences.md.'),
});

const cloudevents = mapping({
  type: z.literal('cloudevents').describe('CloudEvents 1.0 around the messages of `plain`.'),
  mode: word('structured', 'binary').prefault('structured').describe('`structured`: attributes and data in the value. `binary`: attributes in headers, `ce_id` and so on.'),
  source: optional(text('a URI reference', '/shop/mysql')).describe('The attribute `source`; without it, `/rowcast/` and the `name` of the daemon.'),
  typePrefix: pattern({ expects: 'letters, digits, dots, dashes and underscores', example: 'com.example' }, /^[A-Za-z0-9._-]{1,100}$/).prefault('rowcast').describe('What the attribute `type` begins with; `.insert`, `.update` or `.delete` follows.'),
});

/** A format: its name, or a mapping with `type` and its options. */
export function format() {
  return choice([plain, debezium, maxwell, canal, cloudevents]);
}

/** Formats whose peers send no tombstones. */
const WITHOUT_TOMBSTONES: ReadonlySet<string> = new Set(['maxwell', 'canal']);

/** Whether a delete is followed by a tombstone where the route does not say. */
export function tombstonesOf(type: string): boolean {
  return !WITHOUT_TOMBSTONES.has(type);
}
