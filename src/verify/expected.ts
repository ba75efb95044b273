import { ByteWriter } from '../core/byte-writer.ts';
import type { RowMessage, RowsEvent, Transaction } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import { fill } from '../core/projection.ts';
import type { RowImage } from '../core/row-image.ts';
import type { LogRecord } from './ports.ts';
import type { Reading, ToldRow } from './topic-rows.ts';
import { TopicRows } from './topic-rows.ts';
import type { VerifiedTable } from './verified-table.ts';

/** A row of the table as the topic should have it. */
export interface ExpectedRow {
  readonly id: string;
  readonly digests: Buffer;
}

/** Makes messages of rows of a table with the encoder of its route, and reads them as those of the topic are read. */
export class Expected {
  readonly #table: VerifiedTable;
  readonly #rows: TopicRows;
  readonly #key = new ByteWriter(256);
  readonly #value = new ByteWriter(4096);
  #told: ToldRow | null = null;
  /** Rows that the route's condition could not be asked of. */
  unanswered = 0;

  constructor(table: VerifiedTable, reading: Reading) {
    this.#table = table;
    this.#rows = new TopicRows(reading, [table], {
      row: (told) => {
        this.#told = told;
      },
      truncated: () => undefined,
    });
  }

  /** Names in messages that are of no column. */
  get strange(): ReadonlySet<string> {
    return this.#rows.strange(this.#table);
  }

  /** Null where the topic should not have it. @throws RowcastError for a value that cannot be written */
  of(image: RowImage): ExpectedRow | null {
    if (!this.#belongs(image)) return null;
    const record = this.recordOf(image);
    this.#told = null;
    this.#rows.read(record);
    const told = this.#told as ToldRow | null;
    if (told?.digests === undefined || told.digests === null) {
      throw new RowcastError('INTERNAL', `a message about ${this.#table.label} that was just written cannot be read: ${this.#rows.unreadable.first ?? 'it says nothing'}`);
    }
    return { id: told.id, digests: told.digests };
  }

  /** The message of an insert. */
  recordOf(image: RowImage): LogRecord {
    const { encoder, plan } = this.#table;
    const message = insertOf(image);
    const keyed = plan.projection.key.length > 0 && encoder.keyed !== false;
    if (keyed) fill(this.#key, (out) => written(() => { encoder.key(image, out); }));
    fill(this.#value, (out) => written(() => { encoder.value(message, out); }));
    return { key: keyed ? this.#key.view() : null, value: this.#value.view(), headers: encoder.headers(message), partition: 0, offset: 0n, time: 0 };
  }

  #belongs(image: RowImage): boolean {
    const { where, onError } = this.#table.plan;
    try {
      return where === null || where.test(image);
    } catch (error) {
      if (!(error instanceof RowcastError) || error.code !== 'CONDITION_FAILED') throw error;
      this.unanswered++;
      return onError === 'pass';
    }
  }
}

function written(write: () => void): number {
  write();
  return 0;
}

function insertOf(image: RowImage): RowMessage {
  const event: RowsEvent = { table: image.table, operation: 'insert', bytes: image.bytes, start: 0, end: image.bytes.length, partial: null, transaction: TRANSACTION, position: 0, firstRow: 0, timestamp: 0, query: null };
  return { operation: 'insert', before: null, after: image, event, row: 0, keyChange: 'none', otherKey: null, order: 0, tableOrder: 0, offset: 0 };
}

/** What is about the transaction is not compared. */
const TRANSACTION: Transaction = { sequence: 1, gtid: null, gtidParts: null, xid: null, file: '', serverId: 0, threadId: null, committedMicros: 0, id: '' };
