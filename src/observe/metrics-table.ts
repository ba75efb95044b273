/** One metric of the daemon. Names follow the Prometheus conventions: base units, `_total` for counters. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** Every metric there is; `docs/metrics.md` is generated from this table. Node's own (`nodejs_*`, `process_*`) come on top. */
export const METRICS: readonly MetricDefinition[] = [
  { name: 'rowcast_events_read_total', kind: 'counter', labels: [], help: 'Binlog events read.' },
  { name: 'rowcast_events_passed_total', kind: 'counter', labels: ['type'], help: 'Binlog events passed over because events of their type carry no rows; heartbeats are not counted.' },
  { name: 'rowcast_read_bytes_total', kind: 'counter', labels: [], help: 'Bytes of binlog events read.' },
  { name: 'rowcast_transactions_total', kind: 'counter', labels: [], help: 'Transactions read that had rows.' },
  { name: 'rowcast_transactions_left_out_total', kind: 'counter', labels: ['reason'], help: 'Whole transactions left out by a rule: xa_prepare_purged (an XA transaction was prepared before reading began, and no binlog file has its rows when it is committed), crashed (MariaDB stopped while it wrote the transaction to its binlog, and rolled it back when it was started again).' },
  { name: 'rowcast_messages_encoded_total', kind: 'counter', labels: ['topic', 'table'], help: 'Messages handed to the sink, tombstones included.' },
  { name: 'rowcast_rows_left_out_total', kind: 'counter', labels: ['reason', 'table'], help: 'Rows left out by a rule: no_route, dropped, shadow, operation, where, when, condition_error, encode_error, too_large or flat_delete. Rows of a table without a route count one an event where its types are not known or the event is larger than limits.row allows.' },
  { name: 'rowcast_rows_truncated_total', kind: 'counter', labels: ['table'], help: 'Messages sent with values cut, because they were larger than their topic takes (onTooLarge: truncate).' },
  { name: 'rowcast_dead_letters_total', kind: 'counter', labels: ['table', 'code'], help: 'Rows put into the topic of dead letters, by the code of the error for which they could not go where they should.' },
  { name: 'rowcast_rows_quarantined_total', kind: 'counter', labels: ['table'], help: 'Rows put into quarantine because nobody knows the columns of their table.' },
  { name: 'rowcast_tables_unreadable', kind: 'gauge', labels: [], help: 'Captured tables whose rows go to quarantine now.' },
  { name: 'rowcast_messages_sent_total', kind: 'counter', labels: ['topic'], help: 'Messages confirmed by the destination.' },
  { name: 'rowcast_sent_bytes_total', kind: 'counter', labels: ['topic'], help: 'Bytes confirmed by the destination, after compression.' },
  { name: 'rowcast_send_seconds', kind: 'histogram', labels: [], buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], help: 'Time from sending a request to its confirmation.' },
  { name: 'rowcast_kafka_transactions_total', kind: 'counter', labels: ['outcome'], help: 'Kafka transactions of exactly-once delivery: committed, or lost (aborted, or ended by the brokers; what was in them is told again).' },
  { name: 'rowcast_kafka_transaction_seconds', kind: 'histogram', labels: [], buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60], help: 'Time from the beginning of a Kafka transaction to the confirmation of its commit.' },
  { name: 'rowcast_sink_retries_total', kind: 'counter', labels: ['reason'], help: 'Requests or batches sent again, by the error that made it necessary.' },
  { name: 'rowcast_inflight_bytes', kind: 'gauge', labels: [], help: 'Bytes held for the sink: buffered, or sent and not confirmed. Reading pauses above limits.memory.' },
  { name: 'rowcast_lag_seconds', kind: 'gauge', labels: [], help: 'Age of the newest event read while there is more to read; 0 when everything the server has was read. NaN when it is not known.' },
  { name: 'rowcast_lag_bytes', kind: 'gauge', labels: [], help: 'Bytes of binlog between the last transaction read and the end of what the server has. NaN when it is not known.' },
  { name: 'rowcast_retention_runway_seconds', kind: 'gauge', labels: [], help: 'Time until the server may purge binlog that a restart would need, at the pace of the last ten minutes; +Inf when reading keeps up or the server keeps everything. NaN when it is not known.' },
  { name: 'rowcast_retention_slack_seconds', kind: 'gauge', labels: [], help: 'The same if nothing more were read from now on: how long the daemon may stand still. +Inf when the server keeps everything, NaN when it is not known.' },
  { name: 'rowcast_last_event_age_seconds', kind: 'gauge', labels: [], help: 'Time since the newest event read was written. NaN before the first.' },
  { name: 'rowcast_source_silence_seconds', kind: 'gauge', labels: [], help: 'Time since anything, heartbeats included, came from the server.' },
  { name: 'rowcast_reconnects_total', kind: 'counter', labels: [], help: 'Times the stream was lost and opened again.' },
  { name: 'rowcast_server_problems', kind: 'gauge', labels: ['severity'], help: 'What was wrong with the server, the account or the server id at the last look, once a minute; /status lists it.' },
  { name: 'rowcast_server_setting_changes_total', kind: 'counter', labels: ['setting'], help: 'Times that a look found a setting of the server changed.' },
  { name: 'rowcast_gaps_total', kind: 'counter', labels: ['resumed_at'], help: 'Gaps: times that reading went on after binlog that was purged before it was read (source.onPurged).' },
  { name: 'rowcast_gap_transactions_total', kind: 'counter', labels: [], help: 'Transactions that were missed in gaps, as far as GTIDs tell.' },
  { name: 'rowcast_checkpoint_age_seconds', kind: 'gauge', labels: [], help: 'Time since the position was last saved or seen to be up to date. NaN before the first.' },
  { name: 'rowcast_checkpoint_failures_total', kind: 'counter', labels: [], help: 'Saves of the position that failed; each is tried again.' },
  { name: 'rowcast_state', kind: 'gauge', labels: ['state'], help: '1 for the state the daemon is in, 0 for the others; `standby` while another daemon of the name leads.' },
  { name: 'rowcast_ready', kind: 'gauge', labels: [], help: '1 when /readyz answers 200.' },
  { name: 'rowcast_leader', kind: 'gauge', labels: [], help: '1 while this daemon holds the position and delivers, 0 while it starts or stands by.' },
  { name: 'rowcast_leadership_changes_total', kind: 'counter', labels: ['change'], help: 'Times that this daemon won the election among the daemons of its name, and lost leadership to another one.' },
  { name: 'rowcast_position_info', kind: 'gauge', labels: ['position'], help: 'Always 1; the label is the saved position.' },
  { name: 'rowcast_build_info', kind: 'gauge', labels: ['version', 'node'], help: 'Always 1; the labels say what runs.' },
];

/** The table as a Markdown page. */
export function metricsMarkdown(): string {
  const rows = METRICS.map((metric) => `| \`${metric.name}\` | ${metric.kind} | ${metric.labels.map((label) => `\`${label}\``).join(', ')} | ${metric.help} |`);
  return [
    '# Metrics',
    '',
    'Served at `/metrics` in the Prometheus text format, together with the process and Node metrics of prom-client. Generated from `src/observe/metrics-table.ts` by `npm run docs`.',
    '',
    '| name | type | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
