import { RowcastError } from '../../core/errors.ts';
import { EVENT, FLAG } from './header.ts';

/** Types that carry no rows and no end of a transaction. */
const PASSED = new Set<number>([
  EVENT.STOP, EVENT.INTVAR, EVENT.RAND, EVENT.USER_VAR, EVENT.BEGIN_LOAD_QUERY, EVENT.APPEND_BLOCK, EVENT.DELETE_FILE, EVENT.HEARTBEAT,
  EVENT.HEARTBEAT_V2, EVENT.TRANSACTION_CONTEXT, EVENT.VIEW_CHANGE, EVENT.BINLOG_CHECKPOINT, EVENT.START_ENCRYPTION,
]);

/** Passes what cannot carry rows, and stops at what may (Invariant 4). @throws RowcastError EVENT_UNSUPPORTED */
export function passOrRefuse(type: number, flags: number): void {
  if (PASSED.has(type)) return;
  if (type === EVENT.INCIDENT) throw new RowcastError('EVENT_UNSUPPORTED', 'the server reports an incident: events may be missing from its binlog');
  if (type === EVENT.TRANSACTION_PAYLOAD) throw new RowcastError('EVENT_UNSUPPORTED', 'a compressed transaction (binlog_transaction_compression=ON) is not read yet; set it to OFF');
  if (type === EVENT.PARTIAL_UPDATE_ROWS) throw new RowcastError('EVENT_UNSUPPORTED', 'rows with partial JSON (binlog_row_value_options=PARTIAL_JSON) are not read yet; set it to the empty string');
  if (type >= EVENT.QUERY_COMPRESSED && type <= EVENT.DELETE_ROWS_COMPRESSED) throw new RowcastError('EVENT_UNSUPPORTED', 'compressed events (log_bin_compress=ON) are not read yet; set it to OFF');
  if ((flags & FLAG.IGNORABLE) === 0) throw new RowcastError('EVENT_UNSUPPORTED', `event type ${type} is not known and may carry rows`);
}
