import { ByteWriter } from './byte-writer.ts';
import { RowcastError } from './errors.ts';
import { writeJsonString } from './json-text.ts';
import type { Column, ColumnWriter, Representation, TableVersion, ZeroDates } from './table.ts';
import { tableLabel } from './table.ts';
import type { TypePolicies } from './type-policies.ts';

/** Turns the text of a value (binary types: its bytes) into what may be shown: always UTF-8 text. */
export type Mask = (value: Uint8Array, out: ByteWriter) => void;

/** A column as a route lets it through. */
export interface ProjectedColumn {
  readonly column: Column;
  /** Its name in messages. */
  readonly name: string;
  /** Where there is one, the value is its text and nothing else of the value may show. */
  readonly mask: Mask | null;
  /** Where there is one, it may cut values. @default values are whole */
  readonly cut?: { over(whole: ColumnWriter, as: Representation): ColumnWriter };
}

/** What a route shows of a table version. */
export interface Projection {
  readonly table: TableVersion;
  /** In table order. */
  readonly columns: readonly ProjectedColumn[];
  /** In key order; empty: messages have no key. */
  readonly key: readonly ProjectedColumn[];
  /** What the route wants otherwise than its format shows it. @default nothing */
  readonly types?: TypePolicies;
}

/**
 * The writer of a projected column: its representation, or its mask as a JSON string (as bare text for `text`).
 * @throws RowcastError INTERNAL where the type has no such representation
 */
export function columnWriter(projected: ProjectedColumn, as: Representation, zero: ZeroDates = 'string'): ColumnWriter {
  const writer = projected.column.codec.writer(projected.mask === null ? as : 'text', zero);
  if (writer === undefined) throw new RowcastError('INTERNAL', `column ${projected.column.name} (${projected.column.sqlType}) has no representation ${as}`);
  if (projected.mask !== null) return maskedWriter(writer, projected.mask, as === 'text');
  return projected.cut === undefined ? writer : projected.cut.over(writer, as);
}

function maskedWriter(text: ColumnWriter, mask: Mask, bare: boolean): ColumnWriter {
  const plain = new ByteWriter(256);
  const masked = new ByteWriter(256);
  return (bytes, at, out) => {
    const next = fill(plain, (scratch) => text(bytes, at, scratch));
    fill(masked, (scratch) => {
      mask(plain.view(), scratch);
      return 0;
    });
    if (bare) out.raw(masked.view());
    else writeJsonString(masked.bytes, 0, masked.at, out);
    return next;
  };
}

/** Writes into a scratch buffer from its start, again with room where it did not fit. */
export function fill<T>(scratch: ByteWriter, write: (scratch: ByteWriter) => T): T {
  scratch.at = 0;
  let result = write(scratch);
  while (scratch.overflowed) {
    scratch.grow(scratch.at * 2, 0);
    scratch.at = 0;
    result = write(scratch);
  }
  return result;
}

/** The projected column that shows column `name` of the table. @throws RowcastError ROUTE_COLUMN */
export function findColumn(table: TableVersion, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new RowcastError('ROUTE_COLUMN', `table ${tableLabel(table)} has no column ${name}`);
  return column;
}
