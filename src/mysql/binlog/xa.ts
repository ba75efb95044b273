import type { GtidParts } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';

/** An XA_PREPARE event. */
export interface XaPrepare {
  /** Committed at once (XA COMMIT … ONE PHASE). */
  readonly onePhase: boolean;
  /** As servers write it: `X'gtrid',X'bqual',format`, in lower-case hexadecimal digits. */
  readonly xid: string;
}

/** What a transaction was prepared as, and where: enough to read it again. Part of a position while its outcome is not known. */
export interface PreparedPlace {
  readonly xid: string;
  /** As text; null where it had none. */
  readonly gtid: string | null;
  /** The server that file and position are of. */
  readonly server: string | null;
  readonly file: string;
  /** Offset of its first event. */
  readonly position: number;
  /** GTIDs of all that was before it, for MariaDB; null for MySQL, where its own tells. */
  readonly before: string | null;
  /** It had no rows of captured tables. */
  readonly empty: boolean;
}

/** The commit that prepared rows are told with. */
export interface XaCommit {
  readonly gtid: GtidParts | null;
  /** `file:position` of its group. */
  readonly place: string;
  readonly committedMicros: number;
}

/** Brings back rows of prepared transactions that are not held (any more). */
export interface PreparedReader {
  /**
   * Hands the rows over, with `begin` before the first; resolves after the last.
   * @throws RowcastError XA_PREPARE_LOST where the binlog does not have them, SOURCE_*, and what handlers throw
   */
  reread(prepared: PreparedPlace, commit: XaCommit): Promise<void>;
  /** Where a transaction was prepared that is committed at a place and that was prepared before reading began; null where no binlog file has it. @throws RowcastError SOURCE_* */
  find(xid: string, committed: { readonly file: string; readonly position: number }): Promise<PreparedPlace | null>;
}

/** XA_PREPARE (MySQL and MariaDB): 1 one phase · 4 format · 4 length of the gtrid · 4 of the bqual · both. */
export function readXaPrepare(body: Cursor): XaPrepare {
  const onePhase = body.u8() !== 0;
  const format = body.u32() | 0;
  const gtrid = body.u32();
  const bqual = body.u32();
  return { onePhase, xid: xidText(body, gtrid, bqual, format) };
}

/** The xid that an XA statement names, as servers write it. @throws RowcastError EVENT_UNSUPPORTED for any other form */
export function xidOf(sql: string): string {
  const [, gtrid, bqual, format] = STATEMENT.exec(sql) ?? [];
  if (gtrid === undefined || bqual === undefined || format === undefined) throw new RowcastError('EVENT_UNSUPPORTED', `the XA statement cannot be read: ${sql.slice(0, 200)}`);
  return `X'${gtrid.toLowerCase()}',X'${bqual.toLowerCase()}',${format}`;
}

function xidText(body: Cursor, gtrid: number, bqual: number, format: number): string {
  const hex = (length: number): string => {
    const at = body.skip(length);
    return body.bytes.toString('hex', at, at + length);
  };
  return `X'${hex(gtrid)}',X'${hex(bqual)}',${format}`;
}

/** What is read again is another transaction than the one that was prepared. */
export function lost(xid: string): RowcastError {
  return new RowcastError('XA_PREPARE_LOST', `the XA transaction ${xid} is committed, and is not in the binlog where it was prepared`, { facts: { xid } });
}

/** Rows of an XA transaction count once it is prepared, and no server is known to end their group in another way. */
export function neverPrepared(): RowcastError {
  return new RowcastError('EVENT_UNSUPPORTED', 'a group with rows of an XA transaction ends without preparing it');
}

const STATEMENT = /^XA\s+[A-Z]+\s+X'([0-9a-f]*)',X'([0-9a-f]*)',(-?\d+)/iu;
