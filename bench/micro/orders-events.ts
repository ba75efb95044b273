import { readFileSync } from 'node:fs';
import type { Operation, RowsEvent } from '../../src/core/change.ts';
import type { RowEncoder } from '../../src/core/ports.ts';
import type { Projection } from '../../src/core/projection.ts';
import { RowImage } from '../../src/core/row-image.ts';
import type { Column, TableVersion } from '../../src/core/table.ts';
import { createFormat } from '../../src/format/formats.ts';
import type { FormatChoice } from '../../src/format/formats.ts';
import { describeColumn } from '../../src/mysql/columns/describe.ts';
import { TYPE } from '../../src/mysql/columns/description.ts';
import type { ColumnDescription } from '../../src/mysql/columns/description.ts';
import { MessageSlot } from '../../src/runtime/row-messages.ts';

const BASE: Omit<ColumnDescription, 'name' | 'typeCode' | 'meta'> = { unsigned: false, charset: null, labels: null, geometry: null, dimensions: null, declared: null };

/** The twelve columns as their TABLE_MAP event describes them. */
const COLUMNS: readonly (Pick<ColumnDescription, 'name' | 'typeCode' | 'meta'> & Partial<ColumnDescription>)[] = [
  { name: 'id', typeCode: TYPE.LONGLONG, meta: 0, unsigned: true },
  { name: 'customer_id', typeCode: TYPE.LONG, meta: 0 },
  { name: 'status', typeCode: TYPE.STRING, meta: TYPE.ENUM | (1 << 8), labels: ['new', 'paid', 'shipped', 'done'] },
  { name: 'total', typeCode: TYPE.NEWDECIMAL, meta: 12 | (2 << 8) },
  { name: 'currency', typeCode: TYPE.STRING, meta: TYPE.STRING | (12 << 8), charset: 'utf8mb4' },
  { name: 'note', typeCode: TYPE.VARCHAR, meta: 800, charset: 'utf8mb4' },
  { name: 'created_at', typeCode: TYPE.DATETIME2, meta: 3 },
  { name: 'updated_at', typeCode: TYPE.TIMESTAMP2, meta: 6 },
  { name: 'is_gift', typeCode: TYPE.TINY, meta: 0 },
  { name: 'weight', typeCode: TYPE.DOUBLE, meta: 8 },
  { name: 'tags', typeCode: TYPE.JSON, meta: 4 },
  { name: 'addr', typeCode: TYPE.VARCHAR, meta: 480, charset: 'utf8mb4' },
];

/** The orders table of the main profile. */
export function ordersTable(): TableVersion {
  const columns = COLUMNS.map((each, index): Column => ({ ...describeColumn({ ...BASE, ...each }), index, name: each.name, nullable: index > 8 || index === 5 }));
  return { database: 'shop', name: 'orders', columns, primaryKey: [0], captured: true };
}

/** The events of one transaction of a hundred rows: 70 inserts, 20 updates, 10 deletes. */
export function ordersEvents(table: TableVersion): RowsEvent[] {
  const text = readFileSync(new URL('orders-rows.txt', import.meta.url), 'utf8').trimEnd();
  const transaction = { sequence: 1, gtid: '884a22a1-e74e-11f1-b14c-02fc00000001:20101', gtidParts: { source: '884a22a1-e74e-11f1-b14c-02fc00000001', separator: ':', number: 20_101 } as const, xid: null, file: 'binlog.000001', serverId: 1, threadId: 115, committedMicros: 1_795_447_511_487_592, id: '884a22a1-e74e-11f1-b14c-02fc00000001:20101' };
  return text.split('\n').map((line, place) => {
    const [operation = '', rows = ''] = line.split(' ');
    const bytes = Buffer.from(rows, 'base64');
    return { table, operation: operation as Operation, bytes, start: 0, end: bytes.length, partial: null, transaction, position: 1000 * (place + 1), firstRow: 0, timestamp: 1_795_447_511, query: null };
  });
}

/** An encoder of a format for all columns of a table, keyed by its first one. */
export function encoderOf(choice: FormatChoice, table: TableVersion): RowEncoder {
  const clock = { nowMicros: () => Date.now() * 1000, monotonicMs: () => 0 };
  const projected = table.columns.map((column) => ({ column, name: column.name, mask: null }));
  const projection: Projection = { table, columns: projected, key: projected.slice(0, 1) };
  return createFormat(choice, { serverName: 'shop', version: '0.1.0', connector: 'mysql', clock }).encoder(projection);
}

/** Walks the rows of events as the dispatcher does: `tell` is called with each message and its last image. */
export class RowWalk {
  readonly #message: MessageSlot;
  readonly #before: RowImage;
  readonly #after: RowImage;
  readonly #tell: (message: MessageSlot, last: RowImage) => void;

  constructor(event: RowsEvent, tell: (message: MessageSlot, last: RowImage) => void) {
    this.#message = new MessageSlot(event);
    this.#before = new RowImage(event.table);
    this.#after = new RowImage(event.table);
    this.#tell = tell;
  }

  event(event: RowsEvent): void {
    const message = this.#message;
    message.event = event;
    message.row = 0;
    for (let at = event.start; at < event.end; message.row++) at = this.#row(event, at, message);
  }

  #row(event: RowsEvent, at: number, message: MessageSlot): number {
    const before = event.operation === 'insert' ? null : this.#before;
    const after = event.operation === 'delete' ? null : this.#after;
    before?.set(event.bytes, at, event.end);
    after?.set(event.bytes, before === null ? at : before.end(), event.end);
    message.change(event.operation, before, after);
    const last = after ?? this.#before;
    this.#tell(message, last);
    return last.end();
  }
}
