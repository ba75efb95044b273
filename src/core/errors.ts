/**
 * Every error an operator can meet, by code. `exit` is the process exit code when the error ends the daemon,
 * `retry` says whether the same attempt can succeed later, `hint` is what the operator should do.
 */
export const ERRORS = {
  CONFIG_INVALID: { exit: 2, retry: false, hint: 'Correct the configuration file and try again; `rowcast check -c FILE` reports every problem at once.' },
  CONFIG_UNREADABLE: { exit: 2, retry: false, hint: 'Check the path and the permissions of the file.' },
  ROUTE_CONFLICT: { exit: 2, retry: false, hint: 'Give the two tables different topics in their routes.' },
  ROUTE_COLUMN: { exit: 2, retry: false, hint: 'Name only columns that the table has, and do not exclude a key column without naming another key.' },
  CONDITION_INVALID: { exit: 2, retry: false, hint: 'Correct the CEL expression of the route.' },
  SOURCE_REFUSED: { exit: 3, retry: false, hint: 'Change the server setting or grant that the message names.' },
  SOURCE_AUTH: { exit: 3, retry: false, hint: 'Check source.user, source.password and the grants of that account.' },
  SOURCE_TLS: { exit: 3, retry: false, hint: 'Check source.tls: the mode, the CA and the host name on the certificate.' },
  SOURCE_POSITION_PURGED: { exit: 3, retry: false, hint: 'The server no longer has the binlog at the saved position. Rows after it are gone from the binlog: re-create the downstream data, then remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) to start at source.start. Or set source.onPurged to earliest or latest, which goes on after the gap and leaves a record of it.' },
  SOURCE_POSITION_FOREIGN: { exit: 3, retry: false, hint: 'The position is of another server, and this one cannot go on from it. Point source.host at the server it came from, or at a replica of that with gtid_mode=ON; or remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) to start at source.start.' },
  SOURCE_RESET: { exit: 3, retry: false, hint: 'The server is the same, but its binlog is not: it was reset (RESET BINARY LOGS AND GTIDS, RESET MASTER) or its data was restored. Rows that were told may be none that it has. Re-create the downstream data, then remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) to start at source.start.' },
  SOURCE_BEHIND: { exit: 4, retry: true, hint: 'The server is a replica that has not come to the saved position yet; it is asked again with backoff until it has. If it never will, point source.host at a server that has the transactions which the message names.' },
  SERVER_ID_TAKEN: { exit: 3, retry: false, hint: 'Another replica uses this server id. Set source.serverId to a number that no other replica has, or to auto.' },
  SOURCE_LOST: { exit: 4, retry: true, hint: 'The connection to the server was lost; it is tried again with backoff.' },
  EVENT_CORRUPT: { exit: 4, retry: true, hint: 'A binlog event arrived damaged (checksum or structure). It is read again; if it repeats, check the disk of the server with mysqlbinlog --verify-binlog-checksum.' },
  EVENT_UNSUPPORTED: { exit: 7, retry: false, hint: 'The binlog holds an event that may carry rows and that this version cannot read. Turn the named server feature off. To go on after the event, repair the downstream data for it, remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) and set source.start to a position after it; or use a version that reads it.' },
  STATEMENT_DML: { exit: 7, retry: false, hint: 'A session wrote rows as a statement (binlog_format=STATEMENT or MIXED). Set binlog_format=ROW for every session, repair the downstream data for this statement, and move past it by `rowcast position set`, or by removing a checkpoint file and starting after it.' },
  SCHEMA_CHANGED: { exit: 7, retry: false, hint: 'The columns of these rows are known to nobody: a change of the table could not be followed, and the server shows the table as a later change left it. Set schema.onUnknown to quarantine to go on without these rows. If names, order and types of the columns now are those that the rows were written with, take them with `rowcast schema recapture TABLE`. binlog_row_metadata=FULL on the server has the binlog itself tell the columns.' },
  SCHEMA_MISMATCH: { exit: 7, retry: false, hint: 'The rows have other columns than the schema history and the server show for the table, so nobody knows what they mean. Set schema.onUnknown to quarantine to go on without these rows, or start at a position after the last change of the table. binlog_row_metadata=FULL on the server has the binlog itself tell the columns.' },
  ROW_TOO_LARGE: { exit: 7, retry: false, hint: 'Raise limits.row and, for Kafka, the topic setting max.message.bytes together with the broker setting message.max.bytes; leave the large column out of the route; or set the onTooLarge of the route to truncate, drop or deadLetter.' },
  COLUMN_ABSENT: { exit: 7, retry: false, hint: 'The binlog does not tell a column that the key of the message needs. Set binlog_row_image=FULL for every session that writes captured tables, or key the route by its primary key, which updates and deletes always tell; inserts must then name the key columns that have a default. To go on after the row, repair the downstream data for it, remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) and start after it.' },
  ROW_UNREADABLE: { exit: 7, retry: false, hint: 'A value could not be decoded by the type of its column. Report it with the table and position named here. The onError of the route may leave such rows out, or put them into the topic of deadLetter.' },
  CONDITION_FAILED: { exit: 7, retry: false, hint: 'Guard the expression against such values, or set the onError of the route to skip, deadLetter or pass.' },
  SINK_LOST: { exit: 5, retry: true, hint: 'The destination cannot be reached; it is tried again with backoff and no row is lost meanwhile.' },
  SINK_REFUSED: { exit: 5, retry: false, hint: 'Change the setting or permission of the destination that the message names.' },
  ROW_REFUSED: { exit: 5, retry: true, hint: 'A topic takes smaller messages than it did, and refused one that was sent. Reading begins again at the last saved position, and the row follows the onTooLarge of its route. Rows after that position are sent once more.' },
  SINK_AUTH: { exit: 5, retry: false, hint: 'Check sink.sasl and sink.tls, and the ACLs of that principal.' },
  TRANSACTION_LOST: { exit: 5, retry: true, hint: 'The brokers ended the open Kafka transaction, or nobody knows whether it was committed. That is found out, and reading goes on after what was committed.' },
  TRANSACTION_TIMEOUT: { exit: 7, retry: false, hint: 'One transaction of the source takes longer to deliver than a Kafka transaction may last. Raise sink.transaction.timeout (and transaction.max.timeout.ms of the brokers), or set sink.transaction.onTimeout to split.' },
  SINK_FENCED: { exit: 8, retry: false, hint: 'Another daemon with the same name took over. Stop one of the two, or give them different names.' },
  LEADERSHIP_LOST: { exit: 8, retry: true, hint: 'Another daemon of the name leads, or may: this one stands by again, and what it had not confirmed is sent by its successor. Where that comes often, look at the network and the load of the machine, or raise standby.timeout.' },
  CHECKPOINT_LOCKED: { exit: 6, retry: false, hint: 'Another daemon uses this checkpoint. Stop it, or give this one a checkpoint and a name of its own; daemons of one name that stand by on one host each need a checkpoint.path of their own.' },
  CHECKPOINT_DAMAGED: { exit: 6, retry: false, hint: 'The checkpoint file cannot be trusted. Restore it from a backup, or remove it to start at source.start.' },
  CHECKPOINT_FOREIGN: { exit: 6, retry: false, hint: 'The checkpoint was written under another name. Correct `name` or `checkpoint.path`.' },
  HISTORY_DAMAGED: { exit: 6, retry: false, hint: 'The schema history beside the checkpoint cannot be trusted. Restore it from a backup that is not older than the checkpoint, or remove it (the file, the topic, or the rows of the table that the message names): the columns of each table are then taken from the server again, where nothing has changed them since the saved position.' },
  HISTORY_FOREIGN: { exit: 6, retry: false, hint: 'The schema history was written under another name. Correct `name` or `checkpoint.path`.' },
  CHECKPOINT_LOST: { exit: 6, retry: true, hint: 'The server that keeps the checkpoint cannot be reached; it is tried again with backoff.' },
  CHECKPOINT_UNWRITABLE: { exit: 6, retry: true, hint: 'Check the free space and the permissions of the folder of the checkpoint; of a table, the account and its grants.' },
  XA_PREPARE_LOST: { exit: 3, retry: false, hint: 'An XA transaction was committed whose rows, written when it was prepared, are no longer in the binlog (purged, or another server). Re-create the downstream data of its tables, then remove the checkpoint (one in a topic or a table is replaced by `rowcast position set`) and start after the commit. Keep binlogs longer than transactions stay prepared.' },
  HELD_UNWRITABLE: { exit: 6, retry: true, hint: 'Transactions that may still be rolled back are held until their end, large ones in a file beside the checkpoint. Free space in that folder, or raise limits.held.' },
  VERIFY_REFUSED: { exit: 2, retry: false, hint: 'This table cannot be compared with its topic for the reason that the message names. Compare others with --table.' },
  VERIFY_BEHIND: { exit: 4, retry: true, hint: 'Start the daemon, or wait until it has caught up, and compare again; with --state the comparison goes on where it was. --patience has it wait longer.' },
  SHUTDOWN_TIMEOUT: { exit: 9, retry: false, hint: 'The drain did not end in time; the rows it had not confirmed are sent again at the next start.' },
  INTERNAL: { exit: 70, retry: false, hint: 'This is a defect of Rowcast. Report it with the log lines before it.' },
} as const satisfies Record<string, { exit: number; retry: boolean; hint: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** What may be given with an error besides its code and message. */
export interface ErrorDetail {
  readonly cause?: unknown;
  /** Replaces the hint of the table where a sharper one is known. */
  readonly hint?: string;
  /** Facts for logs and `--json`, for example table, position, bytes. Never a column value of a masked or excluded column. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** The one error class of the daemon. @see ERRORS for codes, exit codes and hints. */
export class RowcastError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'RowcastError';
    this.code = code;
    this.hint = detail.hint ?? ERRORS[code].hint;
    this.facts = detail.facts ?? {};
  }

  /** True when the same attempt can succeed later without anybody changing anything. */
  get retry(): boolean {
    return ERRORS[this.code].retry;
  }

  /** Process exit code, 2 to 70. */
  get exit(): number {
    return ERRORS[this.code].exit;
  }
}

/** Any thrown thing as a `RowcastError`: one passes through, anything else becomes INTERNAL with the cause kept. */
export function asRowcastError(error: unknown): RowcastError {
  if (error instanceof RowcastError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RowcastError('INTERNAL', message, { cause: error });
}
