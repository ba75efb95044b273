import { RowcastError } from '../../core/errors.ts';
import { ABSENT } from '../../core/row-image.ts';
import type { RowImage } from '../../core/row-image.ts';
import type { Column, ColumnValue, Decimal, Temporal } from '../../core/table.ts';
import { Exact } from './exact.ts';
import { durationOf, Moment } from './moment.ts';
import { Unanswerable } from './unanswerable.ts';

/** Reads a column as a CEL value; null for NULL and where there is no image. */
export type ValueReader = (image: RowImage | null) => unknown;

/** The reader of a column. @throws RowcastError ROW_UNREADABLE, EVENT_CORRUPT from the reader; Unanswerable for a column that the image lacks */
export function valueReader(column: Column): ValueReader {
  const { index, name } = column;
  const isTime = column.type.family === 'time';
  return (image) => {
    if (image !== null && image.layout !== null && image.locate(index) === ABSENT) throw new Unanswerable(`the binlog does not tell the column ${name} of this row`);
    const value = image === null ? null : image.read(index);
    return value === null || typeof value !== 'object' ? value : celValue(value, isTime);
  };
}

function celValue(value: Exclude<ColumnValue, bigint | number | string>, isTime: boolean): unknown {
  if (isLabels(value)) return value;
  // CEL knows plain byte arrays only, not Node's subclass of them.
  if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Float32Array) return Array.from(value);
  if ('unscaled' in value) return exactOf(value);
  return isTime ? timeOf(value) : new Moment(value.micros, value.text);
}

function isLabels(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function exactOf(value: Decimal): Exact {
  return new Exact(value.unscaled, value.scale);
}

function timeOf(value: Temporal): unknown {
  if (value.micros === null) throw new RowcastError('INTERNAL', 'a TIME came without its microseconds');
  return durationOf(value.micros);
}
