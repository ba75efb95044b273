import type { RoutePlan } from '../../../src/core/plan.ts';
import type { RowEncoder } from '../../../src/core/ports.ts';
import type { LogRecord } from '../../../src/verify/ports.ts';
import type { MessageColumn } from '../../../src/verify/row-reader.ts';
import { RowReader } from '../../../src/verify/row-reader.ts';
import { tableText } from '../../../src/verify/formats/reader.ts';
import type { VerifiedTable } from '../../../src/verify/verified-table.ts';

/** Columns whose values are compared as they are. */
export function columnsOf(...names: readonly string[]): MessageColumn[] {
  return names.map((name) => ({ name, kind: 'value' }));
}

/** The digests of a row. */
export function digestsOf(columns: readonly MessageColumn[], row: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(row));
  const reader = new RowReader(columns);
  reader.load({ bytes, from: 0, to: bytes.length });
  return reader.digests({ cut: null, absent: null });
}

/** A table shop.NAME with these columns; its plan and encoder are asked by nobody here. */
export function tableNamed(name: string, changes: Partial<VerifiedTable> = {}): VerifiedTable {
  return { index: 0, label: `shop.${name}`, text: tableText('shop', name), plan: {} as RoutePlan, encoder: {} as RowEncoder, columns: columnsOf('id', 'v'), identity: 'key', omitsNulls: false, ...changes };
}

let offset = 0n;

/** A record with JSON in it. */
export function recordOf(key: unknown, value: unknown, changes: Partial<LogRecord> = {}): LogRecord {
  const bytes = (part: unknown): Buffer | null => (part === null ? null : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)));
  return { key: bytes(key), value: bytes(value), headers: [], partition: 0, offset: offset++, time: 0, ...changes };
}
