import type { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';
import { JSON_NULL } from '../../core/json-text.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { writeBase64 } from './base64.ts';
import { binaryCodec } from './binary.ts';
import type { NotationTarget } from './geometry-notation.ts';
import { writeGeojson, writeSpacedWkt, writeWkt } from './geometry-notation.ts';
import { float64le, lengthPrefix, uint32le } from './fixed-width.ts';
import { writePointedDouble } from './number-text.ts';

/** Names of the geometry types in TABLE_MAP metadata, by their number. */
export const GEOMETRY_SHAPES = ['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection'] as const;

const SRID_BYTES = 4;
/** A point as well-known binary: byte order, type, x, y. */
const POINT_BYTES = 21;
const LITTLE_ENDIAN = 1;
const QUOTE = 0x22;
const CLOSE = 0x7d;
const OPEN_X = Buffer.from('{"x":');
const COMMA_Y = Buffer.from(',"y":');
const COMMA_WKB = Buffer.from(',"wkb":');
const OPEN_WKB = Buffer.from('{"wkb":');
const COMMA_SRID = Buffer.from(',"srid":');

/** A geometry: a length of `prefix` bytes, four bytes of SRID, little-endian, and well-known binary (WKB). */
export function geometryCodec(prefix: number, shape: string): ColumnCodec {
  const bytes = binaryCodec(prefix);
  return {
    skip: (image, at) => bytes.skip(image, at),
    read: (image, at) => bytes.read(image, at),
    writer(as, zero) {
      if (as === 'geometry-struct') return structWriter(prefix, shape === 'point');
      if (as === 'wkt') return notedWriter(prefix, writeWkt);
      if (as === 'spaced-wkt') return notedWriter(prefix, writeSpacedWkt);
      return as === 'geojson' ? notedWriter(prefix, writeGeojson) : bytes.writer(as, zero);
    },
  };
}

type Note = (bytes: Buffer, from: number, to: number, target: NotationTarget) => void;

function notedWriter(prefix: number, write: Note): ColumnWriter {
  return (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    if (end === start) out.raw(JSON_NULL);
    else write(bytes, wkbOf(start, end), end, { srid: uint32le(bytes, start), out });
    return end;
  };
}

function wkbOf(start: number, end: number): number {
  if (start + SRID_BYTES > end) throw new RowcastError('ROW_UNREADABLE', `a geometry of ${end - start} bytes has no room for its SRID`);
  return start + SRID_BYTES;
}

function structWriter(prefix: number, point: boolean): ColumnWriter {
  return (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    if (end === start) {
      out.raw(JSON_NULL);
      return end;
    }
    const wkb = wkbOf(start, end);
    if (point) writePoint(bytes, wkb, end, out);
    out.raw(point ? COMMA_WKB : OPEN_WKB);
    out.byte(QUOTE);
    writeBase64(bytes, wkb, end, out);
    out.byte(QUOTE);
    out.raw(COMMA_SRID);
    writeSrid(uint32le(bytes, start), out);
    out.byte(CLOSE);
    return end;
  };
}

function writePoint(bytes: Buffer, wkb: number, end: number, out: ByteWriter): void {
  if (end - wkb !== POINT_BYTES || bytes[wkb] !== LITTLE_ENDIAN) throw new RowcastError('ROW_UNREADABLE', 'a point column holds something that is no point');
  out.raw(OPEN_X);
  writePointedDouble(float64le(bytes, wkb + 5), out);
  out.raw(COMMA_Y);
  writePointedDouble(float64le(bytes, wkb + 13), out);
}

function writeSrid(srid: number, out: ByteWriter): void {
  if (srid === 0) out.raw(JSON_NULL);
  else out.integer(srid);
}
