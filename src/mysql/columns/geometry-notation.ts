import type { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';
import { float64le, uint32le } from './fixed-width.ts';
import { numberText, writeDouble } from './number-text.ts';

/** Number of the geometry type in well-known binary → its names. */
const KINDS = [
  null,
  { wkt: 'POINT', geojson: 'Point' },
  { wkt: 'LINESTRING', geojson: 'LineString' },
  { wkt: 'POLYGON', geojson: 'Polygon' },
  { wkt: 'MULTIPOINT', geojson: 'MultiPoint' },
  { wkt: 'MULTILINESTRING', geojson: 'MultiLineString' },
  { wkt: 'MULTIPOLYGON', geojson: 'MultiPolygon' },
  { wkt: 'GEOMETRYCOLLECTION', geojson: 'GeometryCollection' },
] as const;

const COLLECTION = 7;
/** From a multi-geometry to the kind of its members. */
const TO_MEMBER = 3;
const LITTLE_ENDIAN = 1;
const HEADER_BYTES = 5;
const COUNT_BYTES = 4;
const VERTEX_BYTES = 16;
/** The server takes no deeper ones. */
const MAX_DEPTH = 100;
const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE = 0x7d;

/** How lists and coordinates are written. */
interface Notation {
  readonly open: number;
  readonly close: number;
  /** Between parts. */
  readonly comma: Buffer;
  readonly number: (value: number, out: ByteWriter) => void;
  /** Between x and y. */
  readonly between: number;
  /** A vertex inside a line has brackets of its own. */
  readonly bracketed: boolean;
  /** One geometry with its name. */
  geometry(walk: Walk, depth: number): void;
}

const WKT: Notation = {
  open: 0x28,
  close: 0x29,
  comma: Buffer.from(','),
  number: writeDouble,
  between: 0x20,
  bracketed: false,
  geometry(walk, depth) {
    named(walk, depth, '');
  },
};

const SPACED_WKT: Notation = {
  ...WKT,
  comma: Buffer.from(', '),
  number: writePlain,
  geometry(walk, depth) {
    named(walk, depth, ' ');
  },
};

function named(walk: Walk, depth: number, gap: string): void {
  const kind = walk.header();
  walk.out.latin1(KINDS[kind]?.wkt ?? '');
  if (kind !== 1 && walk.isEmpty()) {
    walk.out.latin1(' EMPTY');
    return;
  }
  walk.out.latin1(gap);
  walk.body(kind, depth);
}

const GEOJSON: Notation = {
  open: 0x5b,
  close: 0x5d,
  comma: Buffer.from(','),
  number: writeDouble,
  between: COMMA,
  bracketed: true,
  geometry(walk, depth) {
    const kind = walk.header();
    walk.out.latin1(`{"type":"${KINDS[kind]?.geojson ?? ''}","${kind === COLLECTION ? 'geometries' : 'coordinates'}":`);
    walk.body(kind, depth);
    if (depth > 0) walk.out.byte(CLOSE);
  },
};

/** Where a value goes, with its SRID. */
export interface NotationTarget {
  readonly srid: number;
  readonly out: ByteWriter;
}

/** `bytes[from, to)`, well-known binary, as well-known text in a JSON string; `SRID=4326;` in front where that is not 0. @throws RowcastError ROW_UNREADABLE */
export function writeWkt(bytes: Buffer, from: number, to: number, target: NotationTarget): void {
  writeText(bytes, { from, to }, target, WKT);
}

/** The same as the JTS library spaces it and writes its numbers, which have no exponent: `POLYGON ((0 0, 1 0, 1 1, 0 0))`. */
export function writeSpacedWkt(bytes: Buffer, from: number, to: number, target: NotationTarget): void {
  writeText(bytes, { from, to }, target, SPACED_WKT);
}

function writeText(bytes: Buffer, range: { readonly from: number; readonly to: number }, { srid, out }: NotationTarget, notation: Notation): void {
  out.byte(QUOTE);
  if (srid !== 0) {
    out.latin1('SRID=');
    out.integer(srid);
    out.latin1(';');
  }
  new Walk(bytes, range, out, notation).whole();
  out.byte(QUOTE);
}

/**
 * `bytes[from, to)`, well-known binary, as a GeoJSON object; the SRID, where it is not 0, as the member `crs` that the
 * first GeoJSON specification had and the server writes. @throws RowcastError ROW_UNREADABLE
 */
export function writeGeojson(bytes: Buffer, from: number, to: number, { srid, out }: NotationTarget): void {
  new Walk(bytes, { from, to }, out, GEOJSON).whole();
  if (srid !== 0) {
    out.latin1(',"crs":{"type":"name","properties":{"name":"EPSG:');
    out.integer(srid);
    out.latin1('"}}');
  }
  out.byte(CLOSE);
}

/** One pass over well-known binary (OGC 06-103r4 chapter 8): byte order, type, then coordinates or a count and that many parts. */
class Walk {
  readonly out: ByteWriter;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #notation: Notation;
  #at: number;

  constructor(bytes: Buffer, range: { readonly from: number; readonly to: number }, out: ByteWriter, notation: Notation) {
    this.#bytes = bytes;
    this.#at = range.from;
    this.#end = range.to;
    this.out = out;
    this.#notation = notation;
  }

  whole(): void {
    this.#notation.geometry(this, 0);
    if (this.#at !== this.#end) throw damaged(`${this.#end - this.#at} bytes after its end`);
  }

  /** The kind of the geometry that starts here. */
  header(): number {
    const at = this.#take(HEADER_BYTES);
    const kind = uint32le(this.#bytes, at + 1);
    if (this.#bytes[at] !== LITTLE_ENDIAN) throw damaged(`byte order ${String(this.#bytes[at])}`);
    if (kind < 1 || kind > COLLECTION) throw damaged(`type ${kind}`);
    return kind;
  }

  /** Whether the geometry behind the header has no parts. */
  isEmpty(): boolean {
    const at = this.#take(COUNT_BYTES);
    this.#at = at;
    return uint32le(this.#bytes, at) === 0 && this.#take(COUNT_BYTES) === at;
  }

  body(kind: number, depth: number): void {
    if (depth > MAX_DEPTH) throw damaged('nested too deep');
    if (kind === 1) this.#vertex(true);
    else if (kind === 2) this.#line();
    else if (kind === 3) this.#list(COUNT_BYTES, () => this.#line());
    else if (kind === COLLECTION) this.#list(HEADER_BYTES, () => this.#notation.geometry(this, depth + 1));
    else this.#list(HEADER_BYTES, () => this.#member(kind - TO_MEMBER, depth));
  }

  #line(): void {
    const { bracketed } = this.#notation;
    this.#list(VERTEX_BYTES, () => this.#vertex(bracketed));
  }

  #member(kind: number, depth: number): void {
    if (this.header() !== kind) throw damaged('a member of another type');
    this.body(kind, depth + 1);
  }

  /** `smallest`: bytes that a part has at least, so that a wrong count does not run for long. */
  #list(smallest: number, part: () => void): void {
    const { open, close, comma } = this.#notation;
    const count = uint32le(this.#bytes, this.#take(COUNT_BYTES));
    if (count * smallest > this.#end - this.#at) throw damaged(`${count} parts in ${this.#end - this.#at} bytes`);
    this.out.byte(open);
    for (let i = 0; i < count; i++) {
      if (i > 0) this.out.raw(comma);
      part();
    }
    this.out.byte(close);
  }

  #vertex(bracketed: boolean): void {
    const { open, close, between, number } = this.#notation;
    const at = this.#take(VERTEX_BYTES);
    if (bracketed) this.out.byte(open);
    number(float64le(this.#bytes, at), this.out);
    this.out.byte(between);
    number(float64le(this.#bytes, at + VERTEX_BYTES / 2), this.out);
    if (bracketed) this.out.byte(close);
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#end) throw damaged('its end is missing');
    this.#at = at + length;
    return at;
  }
}

/** The shortest digits that read back, without an exponent. @throws RowcastError ROW_UNREADABLE */
function writePlain(value: number, out: ByteWriter): void {
  numberText(value);
  if (Object.is(value, -0)) out.latin1('-');
  const [, sign = '', head = '', tail = '', exponent = '0'] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  const point = Number(exponent) + 1;
  const digits = `${head}${tail}`;
  if (point <= 0) out.latin1(`${sign}0.${'0'.repeat(-point)}${digits}`);
  else if (point >= digits.length) out.latin1(`${sign}${digits.padEnd(point, '0')}`);
  else out.latin1(`${sign}${digits.slice(0, point)}.${digits.slice(point)}`);
}

function damaged(what: string): RowcastError {
  return new RowcastError('ROW_UNREADABLE', `a geometry is no well-known binary: ${what}`);
}
