import { RowcastError } from '../../core/errors.ts';
import { MysqlGtidSet } from '../binlog/gtid-set.ts';
import { readGtid, type GtidEvent } from '../binlog/gtid.ts';
import { EVENT } from '../binlog/header.ts';
import { MARIADB_FLAG, readMariadbGtid } from '../binlog/mariadb-gtid.ts';
import { readPreviousGtids } from '../binlog/previous-gtids.ts';
import { readCompressedQuery, readQuery } from '../binlog/query.ts';
import { classify, startsTransaction } from '../binlog/statement.ts';
import { readTaggedGtid } from '../binlog/tagged-gtid.ts';
import { formatUuid } from '../binlog/uuid.ts';
import type { ScannedEvent } from './binlog-scan.ts';

/** A transaction, or a statement that is one by itself, as far as it has gone by. */
interface Open {
  readonly file: string;
  /** Offset of its first event. */
  readonly start: number;
  readonly gtid: GtidEvent | null;
  /** Microseconds since 1970: when it was committed, or else the end of the newest second in its events so far. */
  time: number;
  /** The binlog tells when it was committed. */
  readonly exact: boolean;
  /** Only COMMIT, ROLLBACK or XID ends it. */
  begun: boolean;
}

/** Where a transaction begins, and what is before it. */
export interface FoundTransaction {
  readonly file: string;
  readonly position: number;
  /** Microseconds since 1970. */
  readonly time: number;
  /** MySQL's GTID set before it; '' without GTIDs. */
  readonly gtids: string;
}

/** Events that belong to no transaction. */
const APART = new Set<number>([
  EVENT.FORMAT_DESCRIPTION, EVENT.STOP, EVENT.PREVIOUS_GTIDS, EVENT.MARIADB_GTID_LIST, EVENT.BINLOG_CHECKPOINT, EVENT.START_ENCRYPTION, EVENT.INCIDENT,
]);
const ENDS = new Set<number>([EVENT.XID, EVENT.XA_PREPARE, EVENT.TRANSACTION_PAYLOAD]);

/**
 * Finds the first transaction, in the order of the binlog, whose time is `from` or later. Its time is when it was committed,
 * where the binlog says so (MySQL 8.0 and newer: on this server or at its origin, whichever is later). Else it is that of its
 * newest event, whose second counts as a whole, so that nothing is skipped by rounding.
 */
export class TimeWalk {
  readonly #from: number;
  #open: Open | null = null;
  #set = new MysqlGtidSet();
  found: FoundTransaction | null = null;

  /** `from`: microseconds since 1970; −Infinity finds the first transaction there is. */
  constructor(from: number) {
    this.#from = from;
  }

  /** True once it is found. */
  see(event: ScannedEvent): boolean {
    const { type, body } = event;
    if (type === EVENT.PREVIOUS_GTIDS && body !== null) this.#set = MysqlGtidSet.parse(readPreviousGtids(body));
    if (type === EVENT.FORMAT_DESCRIPTION) this.#open = null;
    if (APART.has(type)) return false;
    const open = this.#transaction(event);
    if (!open.exact) open.time = Math.max(open.time, (event.timestamp + 1) * SECOND - 1);
    if (open.exact && this.#late(open)) return true;
    if (!this.#ends(event, open)) return false;
    if (this.#late(open)) return true;
    if (open.gtid?.sid) this.#set.add(sourceOf(open.gtid), open.gtid.gno);
    this.#open = null;
    return false;
  }

  #late({ time, file, start }: Open): boolean {
    if (time < this.#from) return false;
    this.found = { file, position: start, time, gtids: this.#set.toString() };
    return true;
  }

  /** The one that the event belongs to. */
  #transaction({ type, body, place }: ScannedEvent): Open {
    const gtid = body === null ? null : gtidOf(type, body);
    if (gtid !== null) {
      const kept = gtid.sid === null ? null : { ...gtid, sid: Buffer.from(gtid.sid) };
      const time = Math.max(gtid.committedMicros, gtid.immediateMicros);
      this.#open = { file: place.file, start: place.start, gtid: kept, time, exact: time > 0, begun: false };
    } else if (type === EVENT.MARIADB_GTID || this.#open === null) {
      const begun = type === EVENT.MARIADB_GTID && body !== null && (readMariadbGtid(body).flags & MARIADB_FLAG.STANDALONE) === 0;
      this.#open = { file: place.file, start: place.start, gtid: null, time: 0, exact: false, begun };
    }
    return this.#open;
  }

  #ends({ type, body }: ScannedEvent, open: Open): boolean {
    if (ENDS.has(type)) return true;
    const compressed = type === EVENT.QUERY_COMPRESSED;
    if (body === null || (type !== EVENT.QUERY && type !== EVENT.EXECUTE_LOAD_QUERY && !compressed)) return false;
    const sql = compressed ? shortText(body) : readQuery(body, type === EVENT.EXECUTE_LOAD_QUERY ? 13 : 0).sql;
    if (sql === null) return !open.begun;
    const statement = classify(sql);
    if (statement.kind === 'commit' || statement.kind === 'rollback') return true;
    if (statement.kind === 'begin' || statement.kind === 'xa-start' || (statement.kind === 'ddl' && startsTransaction(statement))) open.begun = true;
    return !open.begun;
  }
}

/** Null where the text is longer than any that begins or ends a transaction: it is not uncompressed (Invariant 6). */
function shortText(body: NonNullable<ScannedEvent['body']>): string | null {
  try {
    return readCompressedQuery(body, 0).sql;
  } catch (error) {
    if (error instanceof RowcastError && error.code === 'ROW_TOO_LARGE') return null;
    throw error;
  }
}

function gtidOf(type: number, body: NonNullable<ScannedEvent['body']>): GtidEvent | null {
  if (type === EVENT.GTID || type === EVENT.ANONYMOUS_GTID) return readGtid(body, type === EVENT.ANONYMOUS_GTID);
  return type === EVENT.GTID_TAGGED ? readTaggedGtid(body) : null;
}

function sourceOf({ sid, tag }: GtidEvent): string {
  const uuid = sid === null ? '' : formatUuid(sid);
  return tag === '' ? uuid : `${uuid}:${tag}`;
}

const SECOND = 1_000_000;
