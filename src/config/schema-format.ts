import { z } from 'zod';
import { duration, flag, pattern, text, word } from './scalars.ts';
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

/** A format: its name, or a mapping with `type` and its options. */
export function format() {
  return choice([plain, debezium]);
}
