/** What Maxwell computes a partition from: its `producer_partition_by`. */
export type PartitionBy = 'database' | 'table' | 'primary_key' | 'transaction_id' | 'column' | 'random';

/** What stands in where none of the columns has a value: its `producer_partition_by_fallback`. */
export type PartitionFallback = Exclude<PartitionBy, 'column' | 'random'>;

/** Options of the format; each names its option of Maxwell. */
export interface MaxwellOptions {
  /** `output_binlog_position` */
  readonly binlogPosition: boolean;
  /** `output_gtid_position` */
  readonly gtidPosition: boolean;
  /** `output_commit_info` */
  readonly commitInfo: boolean;
  /** `output_xoffset` */
  readonly xoffset: boolean;
  /** `output_push_timestamp` */
  readonly pushTimestamp: boolean;
  /** `output_nulls` */
  readonly nulls: boolean;
  /** `output_server_id` */
  readonly serverId: boolean;
  /** `output_thread_id` */
  readonly threadId: boolean;
  /** `output_row_query` */
  readonly rowQuery: boolean;
  /** `row_query_max_length`, in characters; 0: no bound. */
  readonly rowQueryMaxLength: number;
  /** `output_primary_keys` */
  readonly primaryKeys: boolean;
  /** `output_primary_key_columns` */
  readonly primaryKeyColumns: boolean;
  /** `output_null_zerodates` */
  readonly nullZeroDates: boolean;
  /** `output_naming_strategy` */
  readonly naming: 'none' | 'underscore_to_camelcase';
  /** `kafka_key_format` */
  readonly keyFormat: 'hash' | 'array';
  /** `producer_partition_by` */
  readonly partitionBy: PartitionBy;
  /** `producer_partition_columns`, in this order; only for `column`. */
  readonly partitionColumns: readonly string[];
  /** `producer_partition_by_fallback` */
  readonly partitionFallback: PartitionFallback;
  /** `kafka_partition_hash`: Java's `String.hashCode`, or murmur3. */
  readonly partitionHash: 'default' | 'murmur3';
  /** What Maxwell gets wrong, as it does. */
  readonly quirks: boolean;
}

/** What Maxwell does where nothing is set. Its commit info, and nothing else of what can be added. */
export const MAXWELL_DEFAULTS: MaxwellOptions = {
  binlogPosition: false,
  gtidPosition: false,
  commitInfo: true,
  xoffset: false,
  pushTimestamp: false,
  nulls: true,
  serverId: false,
  threadId: false,
  rowQuery: false,
  rowQueryMaxLength: 0,
  primaryKeys: false,
  primaryKeyColumns: false,
  nullZeroDates: false,
  naming: 'none',
  keyFormat: 'hash',
  partitionBy: 'database',
  partitionColumns: [],
  partitionFallback: 'database',
  partitionHash: 'default',
  quirks: false,
};
