import type { Column, ColumnType, ColumnValue, TableVersion } from '../../../src/core/table.ts';
import { RowImage } from '../../../src/core/row-image.ts';
import type { RowsEvent } from '../../../src/core/change.ts';

const TYPES = {
  int: { family: 'integer', bytes: 8, unsigned: true },
  decimal: { family: 'decimal', precision: 65, scale: 30, unsigned: false },
  double: { family: 'double' },
  text: { family: 'text', charset: 'utf8mb4', maxBytes: 400 },
  datetime: { family: 'datetime', fraction: 6, legacy: false },
  time: { family: 'time', fraction: 6, legacy: false },
  set: { family: 'set', labels: ['a', 'b'] },
  binary: { family: 'binary', fixed: false, maxBytes: 10 },
} satisfies Record<string, ColumnType>;

export type TypeName = keyof typeof TYPES;

/** A column whose one byte in an image is an index into `values`, so that a test decides every value. */
export function column(index: number, name: string, type: TypeName, values: readonly ColumnValue[] = []): Column {
  const codec: Column['codec'] = {
    skip: (_bytes, at) => at + 1,
    read: (bytes, at) => {
      const value = values[bytes[at] ?? 0];
      if (value === undefined) throw new Error('this column is not to be read');
      return value;
    },
    writer: () => undefined,
  };
  return { index, name, type: TYPES[type], nullable: true, sqlType: type, codec };
}

export function table(columns: readonly Column[], primaryKey: readonly number[] = [0], label = 'shop.orders'): TableVersion {
  const [database = '', name = ''] = label.split('.');
  return { database, name, columns, primaryKey, captured: true };
}

/** The image of a table of one to eight columns: an index of a value for each, or null. */
export function image(of: TableVersion, values: readonly (number | null)[]): RowImage {
  const nulls = values.reduce<number>((bits, value, index) => (value === null ? bits | (1 << index) : bits), 0);
  const bytes = Buffer.from([nulls, ...values.filter((value) => value !== null)]);
  const result = new RowImage(of);
  result.set(bytes, 0, bytes.length);
  return result;
}

export function event(of: TableVersion, committedMicros = 0): RowsEvent {
  const transaction = { sequence: 1, gtid: null, gtidParts: null, xid: null, file: 'b.1', serverId: 1, threadId: null, committedMicros, id: 'b.1:4' };
  return { table: of, operation: 'update', bytes: Buffer.alloc(0), start: 0, end: 0, partial: null, transaction, position: 4, firstRow: 0, timestamp: 0, query: null };
}
