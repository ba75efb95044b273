import type { HistoryPlace } from '../../../../../src/mysql/schema/history/place.ts';
import type { TrackedColumn, TrackedTable } from '../../../../../src/mysql/schema/ddl/index.ts';
import { trackedTable } from '../../../../../src/mysql/schema/ddl/index.ts';

/** A column of a type, nullable. */
export function trackedColumn(name: string, columnType = 'int', more: Partial<TrackedColumn> = {}): TrackedColumn {
  return {
    name, columnType, dataType: columnType.replace(/\W.*/u, ''), nullable: true, unsigned: false, charset: null, collation: null, labels: null,
    default: { kind: 'null' }, comment: '', autoIncrement: false, generated: false, invisible: false, json: false, ...more,
  };
}

/** `shop.name` with INT columns, the first of which is its primary key. */
export function trackedInts(name: string, ...columns: string[]): TrackedTable {
  return trackedTable({
    database: 'shop', name, charset: 'utf8mb4', collation: 'utf8mb4_bin', comment: '', versioned: false,
    columns: columns.map((column, index) => trackedColumn(column, 'int', { nullable: index > 0 })),
    keys: columns.slice(0, 1).map((column) => ({ name: 'PRIMARY', unique: true, parts: [{ column, prefix: null }] })),
  });
}

export const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562';

/** Offset `position` of file 1 of server `a`; with `gtid`, what MySQL had executed before: `UUID:1-gtid`. */
export function at(position: number, gtids: string | null = null): HistoryPlace {
  return { server: 'a', file: 'bin.000001', position, gtids };
}
