import { RowcastError } from '../../core/errors.ts';
import { EVENT, FLAG } from './header.ts';

/** Types that carry no rows and no end of a transaction, and the names they are counted under. */
const PASSED = new Map<number, string>([
  [EVENT.STOP, 'stop'],
  [EVENT.INTVAR, 'intvar'],
  [EVENT.RAND, 'rand'],
  [EVENT.USER_VAR, 'user_var'],
  [EVENT.BEGIN_LOAD_QUERY, 'begin_load_query'],
  [EVENT.APPEND_BLOCK, 'append_block'],
  [EVENT.DELETE_FILE, 'delete_file'],
  [EVENT.TRANSACTION_CONTEXT, 'transaction_context'],
  [EVENT.VIEW_CHANGE, 'view_change'],
  [EVENT.BINLOG_CHECKPOINT, 'binlog_checkpoint'],
  [EVENT.START_ENCRYPTION, 'start_encryption'],
]);

/** Types that may carry rows, and why they stop the daemon. */
const REFUSED = new Map<number, string>([
  [EVENT.INCIDENT, 'the server reports an incident: events may be missing from its binlog'],
  [EVENT.TRANSACTION_PAYLOAD, 'a compressed transaction stands where none can be'],
]);

/**
 * Passes what cannot carry rows, and stops at what may (Invariant 4).
 * @returns the name that the event is counted under
 * @throws RowcastError EVENT_UNSUPPORTED
 */
export function passOrRefuse(type: number, flags: number): string {
  const passed = PASSED.get(type);
  if (passed !== undefined) return passed;
  const refused = REFUSED.get(type);
  if (refused !== undefined) throw new RowcastError('EVENT_UNSUPPORTED', refused, { facts: { eventType: type } });
  if ((flags & FLAG.IGNORABLE) !== 0) return `type_${type}`;
  throw new RowcastError('EVENT_UNSUPPORTED', `event type ${type} is not known and may carry rows`, { facts: { eventType: type } });
}
