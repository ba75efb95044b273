import type { Transaction } from './change.ts';
import type { TableDeclaration } from './declaration.ts';

/** Names one table. */
export interface TableName {
  readonly database: string;
  readonly name: string;
}

/** Where in the binlog a statement stands. */
export interface NoticePlace {
  /** The group of the statement; it holds no rows, but has a GTID, a file and a time as those with rows do. */
  readonly transaction: Transaction;
  /** Offset of the event in its file; 0 where the server does not tell. */
  readonly position: number;
  /** The event's own time, seconds since 1970. */
  readonly timestamp: number;
}

/** What a statement did to one table. A rename is one change with both names; a swap is several. */
export interface TableChange {
  readonly kind: 'create' | 'alter' | 'rename' | 'drop';
  /** As it was; null for `create`, and where nobody knew. */
  readonly before: TableDeclaration | null;
  /** As it is; null for `drop`, and where the statement could not be understood. */
  readonly after: TableDeclaration | null;
  /** Its name after the statement; for `drop` the one it had. */
  readonly table: TableName;
  /** Its name before, where that was another. */
  readonly renamedFrom: TableName | null;
}

/** A statement changed captured tables, or a database that may hold some. */
export interface SchemaNotice {
  readonly kind: 'schema';
  readonly place: NoticePlace;
  /** The statement as the binlog has it. */
  readonly sql: string;
  /** Leading keyword, upper case, for example `ALTER`. */
  readonly verb: string;
  /** The database that the statement is about: of its first table, or the one that it creates, alters or drops. */
  readonly database: string;
  /** Only captured tables; empty for statements about a database. */
  readonly changes: readonly TableChange[];
}

/** TRUNCATE TABLE of a captured table: all its rows are gone, and the binlog does not list them. */
export interface TruncateNotice {
  readonly kind: 'truncate';
  readonly place: NoticePlace;
  readonly sql: string;
  readonly table: TableName;
}

/** Reading goes on after binlog that was purged before it could be read: rows may be missing. */
export interface GapNotice {
  readonly kind: 'gap';
  /** What `onPurged` said. */
  readonly resumedAt: 'earliest' | 'latest';
  /** Label of the last position before the gap; null where reading had not begun. */
  readonly after: string | null;
  /** Label of the position at which reading goes on. */
  readonly before: string;
  /**
   * Transactions that were missed, and the GTID set they had (of MariaDB `domain:first-last`, by sequence numbers, which
   * count transactions unless a session chose its own); null where nobody can tell.
   */
  readonly transactions: number | null;
  readonly gtids: string | null;
  /** Bytes of binlog that were missed, where the source had seen the files before they were purged; null where it had not, or reads from another server now. */
  readonly bytes: number | null;
  /** Milliseconds since 1970 when it was noticed. */
  readonly noticedAt: number;
}

/** What a source tells besides rows. */
export type SourceNotice = SchemaNotice | TruncateNotice | GapNotice;
