import type { ImageLayout, RowImage } from './row-image.ts';
import type { TableVersion } from './table.ts';

export type Operation = 'insert' | 'update' | 'delete';

/** One of each operation. */
export type PerOperation<T> = Readonly<Record<Operation, T>>;

/** `forms[operation]` for every row: V8 looks a key up in full where it changes from one time to the next. */
export function ofOperation<T>(forms: PerOperation<T>, operation: Operation): T {
  if (operation === 'insert') return forms.insert;
  return operation === 'update' ? forms.update : forms.delete;
}

/** A GTID: `source`, `separator` and `number` one after another. */
export interface GtidParts {
  readonly source: string;
  readonly separator: ':' | '-';
  readonly number: number | bigint;
}

/** What all rows of one transaction share. The object is valid until the transaction's commit. */
export interface Transaction {
  /** Counts the transactions of this process from 1; encoders keep what they made for one by it. */
  readonly sequence: number;
  /** As the server writes it, null where there are no GTIDs. */
  readonly gtid: string | null;
  /** What that text is put together from, for those who write it without making it; null as it is. */
  readonly gtidParts: GtidParts | null;
  /**
   * The server's number of the transaction in its engines (the XID event), where the binlog has one and it is known before
   * the first row is told: only a source that holds transactions until their end knows it.
   */
  readonly xid: bigint | null;
  /** Binlog file that holds the rows. */
  readonly file: string;
  readonly serverId: number;
  /** Connection id of the session that wrote it, null where the binlog does not say. */
  readonly threadId: number | null;
  /** Microseconds since 1970 when it was committed at its origin; whole seconds where the server tells no more. */
  readonly committedMicros: number;
  /** Unique within the server's history: the GTID, or `file:position` of its start. */
  readonly id: string;
}

/** What the images of an event hold that does not hold every column in both; null: this one does. */
export interface PartialImages {
  readonly before: ImageLayout | null;
  readonly after: ImageLayout | null;
}

/** One rows event. Reused: valid only during the call that hands it over. */
export interface RowsEvent {
  readonly table: TableVersion;
  readonly operation: Operation;
  /**
   * The rows lie in `bytes[start, end)`: one image each, two (before, after) for an update. Without bytes, the event has one
   * row of which no column is told (`partial`), or its rows cannot be walked.
   */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Null: every image holds every column. The same columns are the same object, as a rule. */
  readonly partial: PartialImages | null;
  readonly transaction: Transaction;
  /** Offset of the event in its file; 0 where the server does not tell. */
  readonly position: number;
  /**
   * Number of the first row, 0 for most; the others count on. In a compressed transaction, whose events all have its
   * position, it is the offset of the rows event in the uncompressed transaction: larger than the number of any row before.
   */
  readonly firstRow: number;
  /** The event's own time, seconds since 1970. */
  readonly timestamp: number;
  /** The SQL text, where the server logs it and the configuration asks for it. */
  readonly query: string | null;
}

/**
 * One message about one row, as a format sees it. Reused: valid only during the call.
 * `before` is there for update and delete, `after` for insert and update.
 */
export interface RowMessage {
  readonly operation: Operation;
  readonly before: RowImage | null;
  readonly after: RowImage | null;
  readonly event: RowsEvent;
  /** Number of the row at the position of its event: the event's `firstRow` and up. */
  readonly row: number;
  /** The two halves of a row that changed its key: a delete under the old key, then an insert under the new one. */
  readonly keyChange: 'none' | 'old' | 'new';
  /** For the halves: the image that holds the other key. */
  readonly otherKey: RowImage | null;
  /** Number of the message among those of its transaction, and among those of its table in it, from 1; 0 where its format does not ask. */
  readonly order: number;
  readonly tableOrder: number;
  /** How many messages of the transaction came before, in formats that mark its last row; 0 in others. */
  readonly offset: number;
}
