import type { Operation, RowMessage, RowsEvent } from '../../../src/core/change.ts';
import type { Projection } from '../../../src/core/projection.ts';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import { fill } from '../../../src/core/projection.ts';
import { RowImage } from '../../../src/core/row-image.ts';
import type { Column, ColumnCodec, TableVersion } from '../../../src/core/table.ts';

/** One unsigned byte a value. */
const byteCodec: ColumnCodec = {
  skip: (_, at) => at + 1,
  read: (bytes, at) => BigInt(bytes[at] ?? 0),
  writer: () => (bytes, at, out) => {
    out.integer(bytes[at] ?? 0);
    return at + 1;
  },
};

function column(index: number, name: string): Column {
  return { index, name, type: { family: 'integer', bytes: 1, unsigned: true }, nullable: name !== 'id', sqlType: 'tinyint unsigned', codec: byteCodec };
}

export const TABLE: TableVersion = { database: 'shop', name: 't', columns: [column(0, 'a"'), column(1, 'hidden'), column(2, 'id')], primaryKey: [2], captured: true };

const shown = TABLE.columns.filter(({ name }) => name !== 'hidden').map((each) => ({ column: each, name: each.name, mask: null }));

/** Shows `a"` and `id`, leaves `hidden` out, and has the key `id`. */
export const PROJECTION: Projection = { table: TABLE, columns: shown, key: shown.slice(1) };

/** Shows every column. */
export const FULL: Projection = { table: TABLE, columns: TABLE.columns.map((each) => ({ column: each, name: each.name, mask: null })), key: shown.slice(1) };

/** Shows every column, one of them masked. */
export const MASKED: Projection = {
  ...FULL,
  columns: FULL.columns.map((each) => (each.name === 'hidden' ? { ...each, mask: (_value, out) => out.latin1('***') } : each)),
};

/** `a"`, hidden, id. */
export function image(a: number | null, id: number): RowImage {
  const bytes = Buffer.from(a === null ? [0b001, 9, id] : [0, a, 9, id]);
  const row = new RowImage(TABLE);
  row.set(bytes, 0, bytes.length);
  return row;
}

export const EVENT: RowsEvent = {
  table: TABLE,
  operation: 'update',
  bytes: Buffer.alloc(0),
  start: 0,
  end: 0,
  partial: null,
  transaction: { sequence: 1, gtid: 'u:7', gtidParts: { source: 'u', separator: ':', number: 7 }, xid: null, file: 'binlog.000007', serverId: 3, threadId: 115, committedMicros: 1_795_447_511_487_592, id: 'u:7' },
  position: 120,
  timestamp: 1_795_447_511,
  firstRow: 0,
  query: null,
};

export function message(operation: Operation, over: Partial<RowMessage> = {}): RowMessage {
  return { operation, before: null, after: null, event: EVENT, row: 2, keyChange: 'none', otherKey: null, order: 0, tableOrder: 0, offset: 0, ...over };
}

/** What is written, beginning with a buffer that is too small. */
export function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(1);
  fill(out, (scratch) => {
    write(scratch);
    return 0;
  });
  return out.view().toString();
}

export const OPTIONS = { serverName: 'crm', version: '0.1.0', connector: 'mysql', clock: { nowMicros: () => 1_795_447_511_581_331, monotonicMs: () => 0 } } as const;
