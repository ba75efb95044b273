/** How messages of this format are told. Each option says which of Debezium's it stands for. */
export interface DebeziumOptions {
  /** A Kafka Connect schema in every key and value: `converter.schemas.enable`. @default false */
  readonly schemas: boolean;
  /** DECIMAL: `decimal.handling.mode`. @default precise */
  readonly decimal: 'precise' | 'double' | 'string';
  /** BIGINT UNSIGNED: `bigint.unsigned.handling.mode`. @default long */
  readonly bigintUnsigned: 'long' | 'precise';
  /** BINARY, VARBINARY and BLOBs: `binary.handling.mode`. @default bytes */
  readonly binary: 'bytes' | 'base64' | 'base64-url-safe' | 'hex';
  /** DATE, TIME and DATETIME: `time.precision.mode`. @default adaptive_time_microseconds */
  readonly timePrecision: TimePrecision;
  /** The topic of BEGIN and END of transactions, and the block `transaction` in rows: `provide.transaction.metadata`. Null: neither. */
  readonly transactionTopic: string | null;
  /** Heartbeats: `heartbeat.interval.ms`. Null: none. */
  readonly heartbeat: { readonly topic: string; readonly intervalMs: number } | null;
  /** Rows without an envelope, as the transform ExtractNewRecordState makes them. Null: whole envelopes. */
  readonly flat: FlatOptions | null;
}

export type TimePrecision = 'adaptive_time_microseconds' | 'connect' | 'isostring' | 'microseconds' | 'nanoseconds';

/** Options of the transform ExtractNewRecordState. */
export interface FlatOptions {
  /** `delete.tombstone.handling.mode`. @default tombstone */
  readonly deletes: 'drop' | 'tombstone' | 'rewrite' | 'rewrite-with-tombstone' | 'delete-to-tombstone';
  /** `add.fields`: names of fields of the envelope, of its source or of its transaction; `name:new` renames. @default none */
  readonly addFields: readonly string[];
  /** `add.fields.prefix`. @default __ */
  readonly addFieldsPrefix: string;
  /** `add.headers`. @default none */
  readonly addHeaders: readonly string[];
  /** `add.headers.prefix`. @default __ */
  readonly addHeadersPrefix: string;
}

/** Debezium's own defaults. */
export const DEBEZIUM_DEFAULTS: DebeziumOptions = {
  schemas: false,
  decimal: 'precise',
  bigintUnsigned: 'long',
  binary: 'bytes',
  timePrecision: 'adaptive_time_microseconds',
  transactionTopic: null,
  heartbeat: null,
  flat: null,
};
