import type { ByteWriter } from './byte-writer.ts';
import type { RowMessage, RowsEvent, Transaction } from './change.ts';
import type { RowcastError } from './errors.ts';
import type { GapNotice, SchemaNotice, SourceNotice, TableName, TruncateNotice } from './notice.ts';
import type { Position } from './position.ts';
import type { Projection } from './projection.ts';
import type { LastRow, RowGatherer } from './row-encoding.ts';
import type { RowImage } from './row-image.ts';
import type { TableVersion } from './table.ts';

// ---- source ----------------------------------------------------------------------------------------------------

/** The binlog in four words. Calls come in binlog order, one at a time. Whatever a call throws ends the stream. */
export interface ChangeHandler {
  /** Comes before the first rows of a table version. The source reads no further until a returned promise settles. */
  table(version: TableVersion): void | Promise<void>;
  begin(transaction: Transaction): void;
  rows(event: RowsEvent): void;
  /**
   * The transaction ends here, or something without rows does. What is written in this call still comes before the new
   * position (Invariant 1), which `Stream.position()` tells from its return on.
   */
  commit(): void;
}

/** Takes what a source tells besides rows, in binlog order with them, between transactions. */
export interface NoticeHandler {
  /** The source reads no further until a returned promise settles. What it throws or rejects with ends the stream. */
  notice(notice: SourceNotice): void | Promise<void>;
}

/** All that a source tells. */
export type SourceHandler = ChangeHandler & NoticeHandler;

/** A place to begin where nothing is saved. */
export type StartAt = 'earliest' | 'latest' | { readonly gtid: string } | { readonly file: string; readonly position: number } | StartTime;

export interface StartTime {
  /** Microseconds since 1970: begins at the first transaction of that time or later. */
  readonly timestamp: number;
}

export interface Source {
  /**
   * Connects, checks the server and begins to read after `from`.
   * @throws RowcastError SOURCE_* when it cannot
   */
  open(from: Position | StartAt, handler: SourceHandler): Promise<Stream>;
}

export interface Stream {
  /** Settles with the error that ended the stream, or with null after `close()`. Never rejects. */
  readonly ended: Promise<RowcastError | null>;
  /** The end of the last transaction handed over, whole. */
  position(): Position;
  /** Stops reading, at the next event at the latest, for as long as needed; nothing is lost and the server is kept waiting. */
  pause(): void;
  resume(): void;
  /**
   * Ends reading: where the transaction under way ends, or so many milliseconds later in the middle of it. `position()` goes
   * on to tell the end of the last whole one. @param patienceMs @default 0: at once
   */
  close(patienceMs?: number): Promise<void>;
}

/** Told by a source as it reads; all may be called at any rate. */
export interface SourceObserver {
  /** Anything arrived, a heartbeat included. */
  alive(): void;
  /** An event was read: its size in bytes, its time in seconds since 1970 (0: it has none) and the offset after it. */
  event(bytes: number, timestamp: number): void;
  /** An event that can carry no rows was passed over; `type` is its name, for example `view_change`, or `type_` and its number. */
  passed?(type: string): void;
  /** A whole transaction of which the binlog has rows is left out by a rule of the source with this name, for example `xa_prepare_purged` (Invariant 4). */
  untold?(reason: string): void;
}

// ---- format ----------------------------------------------------------------------------------------------------

export interface Header {
  readonly name: string;
  readonly value: Uint8Array;
}

export interface Format {
  /** Compiles the encoder of one table version in one route. */
  encoder(projection: Projection): RowEncoder;
  /** How a row that changed its key is told: as a delete and an insert, or as the update it is, under its new key. @default halves */
  readonly keyChanges?: 'halves' | 'whole';
  /** What the format says besides rows; absent where it says nothing. */
  readonly announcer?: Announcer;
  /** Tells where transactions begin and end, and wants messages numbered in them. */
  readonly transactions?: TransactionTeller;
  readonly heartbeat?: HeartbeatTeller;
}

/** Messages of one table in a transaction: changes of rows, no tombstones. */
export interface TableCount {
  readonly table: TableName;
  readonly messages: number;
}

/** Encodes the ends of transactions. One of which nothing is told has none. */
export interface TransactionTeller {
  readonly topic: string;
  /** Comes before the first message of the transaction. */
  begin(transaction: Transaction): SideMessage;
  /** Comes after its last one, with the tables in the order of their first. */
  end(transaction: Transaction, told: readonly TableCount[]): SideMessage;
}

/** Encodes a sign of life. */
export interface HeartbeatTeller {
  readonly topic: string;
  readonly intervalMs: number;
  message(): SideMessage;
}

/** A message that is about no row. */
export interface SideMessage {
  readonly key: Uint8Array | null;
  /** Null for a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  /** As `RowEncoder.partition`; undefined: by the key. */
  readonly partition?: number;
  /** The key is text and no JSON, so a topic whose messages are parts of JSON has it as a string. @default false */
  readonly bareKey?: boolean;
}

/** Encodes what a source tells besides rows, each as messages in their order. */
export interface Announcer {
  /** For a topic of schema changes: a statement that changed tables, or emptied one. `changes` are those that concern the topic. */
  schemaChange(notice: SchemaNotice | TruncateNotice): readonly SideMessage[];
  /** For the topic of the table that was emptied. */
  truncate(notice: TruncateNotice): readonly SideMessage[];
  gap(notice: GapNotice): readonly SideMessage[];
}

/** A message, a tombstone, both, or nothing: then deletes are counted as left out. */
export type DeleteForm = 'message' | 'tombstone' | 'both' | 'none';

/** Encodes messages of one table version. Writes bytes only; makes no object per row. */
export interface RowEncoder {
  /** The message key from an image; not called where the projection has no key columns. */
  key(image: RowImage, out: ByteWriter): void;
  value(message: RowMessage, out: ByteWriter): void;
  /** Mostly the same empty list; or the same objects with other values, valid until the next call. `tombstone`: of the one after a delete. */
  headers(message: RowMessage, tombstone?: boolean): readonly Header[];
  /** What a delete is told by. @default as the route says */
  readonly deletes?: DeleteForm;
  /** Chooses the partition: any 32-bit number, of which the topic's count of partitions makes one. Absent: by the key. */
  partition?(message: RowMessage): number;
  /** False: messages have no key, whatever the projection. @default true */
  readonly keyed?: boolean;
  /** Writes the key of a message where the projection has no key columns. Absent: it has none. */
  readonly keyless?: (message: RowMessage, out: ByteWriter) => void;
  /** What the last row of a transaction has otherwise. Asked after `value`, of what that wrote; headers do not depend on it. Absent: nothing. */
  readonly lastRow?: LastRow | undefined;
  /** Gathers several rows into one message. Absent: a message each. */
  readonly gatherer?: RowGatherer | undefined;
}

// ---- sink ------------------------------------------------------------------------------------------------------

export interface Sink {
  /** Connects. @throws RowcastError SINK_* when it cannot */
  open(): Promise<void>;
  /** The writer of a topic, once all that must be known of it is known (it exists, its partitions, its largest message). */
  topic(name: string): Promise<TopicWriter>;
  /** Sends what is buffered, and resolves when all of it is durable, but for what is `lost`: that is given up, and its tickets stay open. */
  flush(): Promise<void>;
  /** Gives up what is not durable and closes. */
  close(): Promise<void>;
}

/** Messages into one topic. Order is kept per key; messages without a key keep one order all together. `json`: keys become parts of a JSON text as they are. */
export interface TopicWriter {
  readonly json?: boolean;
  /**
   * Begins a message; the answer is where its value is written. The key, all that `key` holds, is read before the call
   * returns. `partition`, a 32-bit number, chooses the partition |n| mod count; without it the key does.
   */
  begin(key: ByteWriter | null, partition?: number): ByteWriter;
  /** Ends it. False: its buffer was too small and now is not; begin and write it again. @throws RowcastError ROW_TOO_LARGE with the bytes it has and may have */
  end(headers: readonly Header[]): boolean;
  /** A message with a null value. */
  tombstone(key: ByteWriter | null, headers: readonly Header[], partition?: number): void;
  /** For messages that are kept for later: looks at the bytes of key (−1: none) and value. @throws RowcastError ROW_TOO_LARGE as `end` does */
  fit(key: number, value: number, headers: readonly Header[]): void;
}

/** What every sink is made with. */
export interface SinkContext {
  readonly ledger: Ledger;
  readonly gate: Gate;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly events: SinkEvents;
  /**
   * False: another daemon of the name may lead by now, so nothing may be sent until it is true again, or the sink is closed.
   * @default always true
   */
  readonly leads?: () => boolean;
}

export interface SinkEvents {
  /** The destination does not take messages for now; the sink goes on trying. */
  down(error: RowcastError): void;
  up(): void;
  /** It never will: the daemon must stop. */
  failed(error: RowcastError): void;
  /** What was handed over since the position that may be saved is lost, in whole or in part: reading begins there again, after a `flush`. */
  lost?(error: RowcastError): void;
}

// ---- delivery --------------------------------------------------------------------------------------------------

/** Stands for messages that travel together (a batch): opened with the first of them, settled when all are durable. */
export interface Ticket {
  readonly before: Position | null;
}

/** Knows which position may be saved: the last one that no unsettled ticket holds back (Invariant 1). */
export interface Ledger {
  open(): Ticket;
  settle(ticket: Ticket): void;
  /** The newest position that may be saved; null while there is none. */
  safe(): Position | null;
}

/** Counts bytes held for a sink, buffered and in flight; the runner pauses the source above the limit (Invariant 6). */
export interface Gate {
  take(bytes: number): void;
  give(bytes: number): void;
}

export interface Checkpoint {
  readonly position: Position;
  /** Milliseconds since 1970 when it was saved. */
  readonly savedAt: number;
}

/** Keeps the checkpoint of one daemon, and gives it to no second one meanwhile. */
export interface CheckpointStore {
  /** Takes the lock. @throws RowcastError CHECKPOINT_LOCKED */
  open(): Promise<void>;
  /** @throws RowcastError CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN */
  load(): Promise<Checkpoint | null>;
  /** Durable when it resolves, and never half of it (Invariant 7). One call at a time. @throws RowcastError CHECKPOINT_UNWRITABLE */
  save(checkpoint: Checkpoint): Promise<void>;
  close(): Promise<void>;
}

// ---- observation -----------------------------------------------------------------------------------------------

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type Labels = Readonly<Record<string, string>>;

/** Counters are looked up once and then added to; `name` is one of the metrics table in `observe/`. */
export interface Metrics {
  counter(name: string, labels?: Labels): Counter;
  gauge(name: string, labels?: Labels): Gauge;
  histogram(name: string, labels?: Labels): Histogram;
}

export interface Counter {
  add(amount: number): void;
}

export interface Gauge {
  set(value: number): void;
}

export interface Histogram {
  observe(value: number): void;
}

/** Time, injectable so that tests decide it. */
export interface Clock {
  /** Microseconds since 1970. */
  nowMicros(): number;
  /** Milliseconds that only go forward, from any start. */
  monotonicMs(): number;
}
