/** Small geometries as a column holds them: four bytes of SRID (0), then well-known binary (WKB), little-endian. */

const POINT = 1;
const LINESTRING = 2;
const POLYGON = 3;
const MULTIPOINT = 4;
const MULTILINESTRING = 5;
const MULTIPOLYGON = 6;
const COLLECTION = 7;

/** A geometry of a shape by MySQL's name; a point where any is allowed. */
export function sampleGeometry(shape: string): Buffer {
  return Buffer.concat([uint32(0), (SHAPES.get(shape) ?? point)()]);
}

const SHAPES = new Map<string, () => Buffer>([
  ['point', point],
  ['linestring', line],
  ['polygon', polygon],
  ['multipoint', () => many(MULTIPOINT, [point()])],
  ['multilinestring', () => many(MULTILINESTRING, [line()])],
  ['multipolygon', () => many(MULTIPOLYGON, [polygon()])],
  ['geometrycollection', () => many(COLLECTION, [point()])],
]);

/** POINT(1 2.5) */
function point(): Buffer {
  return wkb(POINT, [position(1, 2.5)]);
}

/** LINESTRING(0 0, 1 1) */
function line(): Buffer {
  return wkb(LINESTRING, [uint32(2), position(0, 0), position(1, 1)]);
}

/** POLYGON((0 0, 1 0, 1 1, 0 0)) */
function polygon(): Buffer {
  return wkb(POLYGON, [uint32(1), uint32(4), position(0, 0), position(1, 0), position(1, 1), position(0, 0)]);
}

function many(type: number, parts: readonly Buffer[]): Buffer {
  return wkb(type, [uint32(parts.length), ...parts]);
}

function wkb(type: number, parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([1]), uint32(type), ...parts]);
}

function position(x: number, y: number): Buffer {
  return Buffer.from(Float64Array.of(x, y).buffer);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
