import { ByteWriter } from '../../core/byte-writer.ts';
import { columnWriter, fill } from '../../core/projection.ts';
import type { Projection } from '../../core/projection.ts';
import type { Column, ColumnFamily, ColumnWriter, Representation } from '../../core/table.ts';
import { writeLatin1String } from '../../core/json-text.ts';
import type { Limits, Represent } from '../represent.ts';
import type { WriterOf } from '../row-object.ts';
import { withPolicies } from '../type-policies.ts';

/** Numbers are put in quotes; everything else is a string of its own. */
const REPRESENTATIONS: Readonly<Record<ColumnFamily, Representation>> = {
  integer: 'string',
  decimal: 'string',
  float: 'java-number',
  double: 'java-number',
  bit: 'string',
  year: 'string',
  date: 'string',
  time: 'string',
  datetime: 'string',
  timestamp: 'string',
  text: 'string',
  binary: 'latin1-string',
  enum: 'number',
  set: 'number',
  json: 'string',
  geometry: 'latin1-string',
  vector: 'string',
  uuid: 'string',
  inet4: 'string',
  inet6: 'string',
};

const NUMBERS: ReadonlySet<Representation> = new Set(['number', 'java-number']);
const QUOTE = 0x22;
const LIMITS: Limits = { format: 'canal', as: ['string', 'number', 'base64', 'hex', 'wkt'], zero: ['null', 'epoch', 'string'] };

/** As Canal shows values: its integers, ENUM and SET by number, bytes as characters of ISO 8859-1. */
export const representCanal: Represent = (column) => ({ as: REPRESENTATIONS[column.type.family], zero: 'string', limits: LIMITS });

/** How values of a projection are written: every one a JSON string, or null. */
export function canalWriters(projection: Projection, quirks: boolean, place: 'value' | 'key'): WriterOf {
  const shownOf = withPolicies(representCanal, projection, place);
  return (projected) => {
    const { column, mask } = projected;
    const own = representCanal(column);
    const { as, zero } = mask === null ? shownOf(column) : own;
    const writer = columnWriter(projected, as, zero);
    if (mask !== null) return writer;
    if (quirks && as === own.as && column.type.family === 'binary' && column.type.fixed) return trimmedWriter(column);
    return NUMBERS.has(as) ? inQuotes(writer) : writer;
  };
}

function inQuotes(number: ColumnWriter): ColumnWriter {
  return (bytes, at, out) => {
    out.byte(QUOTE);
    const next = number(bytes, at, out);
    out.byte(QUOTE);
    return next;
  };
}

/** BINARY(n) without the zero bytes at its end. */
function trimmedWriter(column: Column): ColumnWriter {
  const text = column.codec.writer('text', 'null');
  const scratch = new ByteWriter(256);
  return (bytes, at, out) => {
    const next = text === undefined ? column.codec.skip(bytes, at) : fill(scratch, (raw) => text(bytes, at, raw));
    let end = scratch.at;
    while (end > 0 && scratch.bytes[end - 1] === 0) end--;
    writeLatin1String(scratch.bytes, 0, end, out);
    return next;
  };
}
