import { RowcastError } from '../../core/errors.ts';
import { MysqlGtidSet } from '../binlog/gtid-set.ts';
import { readGtid, type GtidEvent } from '../binlog/gtid.ts';
import { EVENT } from '../binlog/header.ts';
import { MARIADB_FLAG, readMariadbGtid } from '../binlog/mariadb-gtid.ts';
import { readPreviousGtids } from '../binlog/previous-gtids.ts';
import { isBegin, readCompressedQuery, readQuery } from '../binlog/query.ts';
import { classify, startsTransaction } from '../binlog/statement.ts';
import { readTaggedGtid } from '../binlog/tagged-gtid.ts';
import { formatUuid } from '../binlog/uuid.ts';
import type { ScannedEvent } from './binlog-scan.ts';

/** A transaction, or a statement that is one by itself, as far as it has gone by. */
export interface WalkedTransaction {
  readonly file: string;
  /** Offset of its first event. */
  readonly start: number;
  /** Microseconds since 1970 when it was committed, the later of here and at its origin; 0 where the binlog does not tell. */
  readonly committedMicros: number;
  /** MySQL's; null without one. */
  readonly gtid: { readonly source: string; readonly number: number } | null;
  /** Only COMMIT, ROLLBACK or XID ends it. */
  begun: boolean;
  ended: boolean;
}

/** Events that belong to no transaction. */
const APART = new Set<number>([
  EVENT.FORMAT_DESCRIPTION, EVENT.STOP, EVENT.PREVIOUS_GTIDS, EVENT.MARIADB_GTID_LIST, EVENT.BINLOG_CHECKPOINT, EVENT.START_ENCRYPTION, EVENT.INCIDENT,
]);
const ENDS = new Set<number>([EVENT.XID, EVENT.XA_PREPARE, EVENT.TRANSACTION_PAYLOAD]);

/** Follows the events of a scan, and knows which transaction each is of and which GTIDs come before it. */
export class TransactionWalk {
  #set = new MysqlGtidSet();
  #last: WalkedTransaction | null = null;

  /** A transaction is open after the last event. */
  get inside(): boolean {
    return this.#last?.ended === false;
  }

  /** MySQL's GTID set before the transaction of the last event, and with it where it has ended; '' without GTIDs. */
  gtids({ ended }: { readonly ended: boolean }): string {
    if (ended) this.#settle();
    return this.#set.toString();
  }

  /** The transaction that the event belongs to; null for one that belongs to none. */
  see(event: ScannedEvent): WalkedTransaction | null {
    const { type, body } = event;
    if (APART.has(type)) {
      this.#apart(event);
      return null;
    }
    this.#settle();
    const transaction = this.#transaction(event);
    if (type === EVENT.QUERY && body !== null && isBegin(body)) transaction.begun = true;
    else transaction.ended = ends(event, transaction);
    return transaction;
  }

  #apart({ type, body }: ScannedEvent): void {
    this.#settle();
    if (type === EVENT.PREVIOUS_GTIDS && body !== null) this.#set = MysqlGtidSet.parse(readPreviousGtids(body));
    if (type === EVENT.FORMAT_DESCRIPTION) this.#last = null;
  }

  /** Counts the last one where it has ended. */
  #settle(): void {
    if (this.#last?.ended !== true) return;
    if (this.#last.gtid !== null) this.#set.add(this.#last.gtid.source, this.#last.gtid.number);
    this.#last = null;
  }

  #transaction({ type, body, place: { file, start } }: ScannedEvent): WalkedTransaction {
    const gtid = body === null ? null : gtidOf(type, body);
    if (gtid !== null) {
      const known = gtid.sid === null ? null : { source: sourceOf(gtid.sid, gtid.tag), number: gtid.gno };
      this.#last = { file, start, gtid: known, committedMicros: Math.max(gtid.committedMicros, gtid.immediateMicros), begun: false, ended: false };
    } else if (type === EVENT.MARIADB_GTID || this.#last === null) {
      const begun = type === EVENT.MARIADB_GTID && body !== null && (readMariadbGtid(body).flags & MARIADB_FLAG.STANDALONE) === 0;
      this.#last = { file, start, gtid: null, committedMicros: 0, begun, ended: false };
    }
    return this.#last;
  }
}

/** Whether it is the last event of its transaction; notes what begins one. */
function ends({ type, body }: ScannedEvent, open: WalkedTransaction): boolean {
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

function sourceOf(sid: Buffer, tag: string): string {
  const uuid = formatUuid(sid);
  return tag === '' ? uuid : `${uuid}:${tag}`;
}
