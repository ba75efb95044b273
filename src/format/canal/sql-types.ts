import type { ByteWriter } from '../../core/byte-writer.ts';
import { jsonStringBytes } from '../../core/json-text.ts';
import type { Projection } from '../../core/projection.ts';
import { NULL_COLUMN } from '../../core/row-image.ts';
import type { RowImage } from '../../core/row-image.ts';
import type { Column } from '../../core/table.ts';
import { orderedJson } from './envelope.ts';
import { jdbcType, jdbcTypeOfNull, jdbcTypeOfSmall } from './jdbc-types.ts';

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
const HIGH_BIT = 0x80;

/** Writes the object `sqlType`, the number of `java.sql.Types` of each column, for a message whose last row is `image`. */
export type SqlTypeWriter = (image: RowImage, out: ByteWriter) => void;

/** The same for every row; with quirks, as Canal's are, by the values of the row. */
export function sqlTypeWriter({ columns }: Projection, quirks: boolean): SqlTypeWriter {
  if (quirks) return writerByRow(columns.map(({ name, column }) => ({ name: Buffer.concat([jsonStringBytes(name), Buffer.from(':')]), column })));
  const types = Object.fromEntries(columns.map(({ name, column }) => [name, jdbcType(column)]));
  const bytes = Buffer.from(orderedJson(columns.map(({ name }) => name), types));
  return (_image, out) => {
    out.raw(bytes);
  };
}

function writerByRow(columns: readonly { readonly name: Buffer; readonly column: Column }[]): SqlTypeWriter {
  return (image, out) => {
    let separator = OPEN;
    for (const { name, column } of columns) {
      out.byte(separator);
      separator = COMMA;
      out.raw(name);
      out.integer(typeOf(column, image));
    }
    if (separator === OPEN) out.byte(OPEN);
    out.byte(CLOSE);
  };
}

function typeOf(column: Column, image: RowImage): number {
  const { type, index } = column;
  const at = image.locate(index);
  if (at === NULL_COLUMN) return jdbcTypeOfNull(column);
  if (at < 0 || type.family !== 'integer' || !type.unsigned) return jdbcType(column);
  return ((image.bytes[at + type.bytes - 1] as number) & HIGH_BIT) === 0 ? jdbcTypeOfSmall(column) : jdbcType(column);
}
