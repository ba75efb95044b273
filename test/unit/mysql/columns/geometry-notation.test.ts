import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../../src/mysql/columns/description.ts';
import { column, shown, withLength } from './support.ts';

type Vertex = readonly [number, number];

function header(kind: number): Buffer {
  return Buffer.from([1, kind, 0, 0, 0]);
}

function counted(parts: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(parts.length);
  return Buffer.concat([count, ...parts]);
}

function vertex([x, y]: Vertex): Buffer {
  return Buffer.from(Float64Array.of(x, y).buffer);
}

const point = (at: Vertex): Buffer => Buffer.concat([header(1), vertex(at)]);
const line = (...at: Vertex[]): Buffer => Buffer.concat([header(2), counted(at.map(vertex))]);
const polygon = (...rings: Vertex[][]): Buffer => Buffer.concat([header(3), counted(rings.map((ring) => counted(ring.map(vertex))))]);
const many = (kind: number, ...parts: Buffer[]): Buffer => Buffer.concat([header(kind), counted(parts)]);

const { codec } = column(TYPE.GEOMETRY, [4]);

function value(wkb: Buffer, srid = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(srid);
  return withLength(4, Buffer.concat([head, wkb]));
}

const RING: Vertex[] = [[0, 0], [4, 0], [4, 4], [0, 0]];
const HOLE: Vertex[] = [[1, 1], [2, 1], [2, 2], [1, 1]];

const KINDS: readonly (readonly [Buffer, string, object])[] = [
  [point([1, -2.5]), 'POINT(1 -2.5)', { type: 'Point', coordinates: [1, -2.5] }],
  [line([0.1, 1e21], [1e-7, 3]), 'LINESTRING(0.1 1e21,0.0000001 3)', { type: 'LineString', coordinates: [[0.1, 1e21], [1e-7, 3]] }],
  [polygon(RING, HOLE), 'POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))', { type: 'Polygon', coordinates: [RING, HOLE] }],
  [many(4, point([1, 1]), point([2, 2])), 'MULTIPOINT((1 1),(2 2))', { type: 'MultiPoint', coordinates: [[1, 1], [2, 2]] }],
  [many(5, line([0, 0], [1, 1]), line([2, 2], [3, 3])), 'MULTILINESTRING((0 0,1 1),(2 2,3 3))', { type: 'MultiLineString', coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3]]] }],
  [many(6, polygon(RING), polygon(RING, HOLE)), 'MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1)))', { type: 'MultiPolygon', coordinates: [[RING], [RING, HOLE]] }],
  [many(7, point([1, 1]), many(7, line([0, 0], [1, 1]))), 'GEOMETRYCOLLECTION(POINT(1 1),GEOMETRYCOLLECTION(LINESTRING(0 0,1 1)))', {
    type: 'GeometryCollection',
    geometries: [{ type: 'Point', coordinates: [1, 1] }, { type: 'GeometryCollection', geometries: [{ type: 'LineString', coordinates: [[0, 0], [1, 1]] }] }],
  }],
  [many(7), 'GEOMETRYCOLLECTION EMPTY', { type: 'GeometryCollection', geometries: [] }],
];

describe('a geometry as text', () => {
  it.each(KINDS)('%#', (wkb, wkt, geojson) => {
    expect(shown(codec, value(wkb), 'wkt')).toBe(JSON.stringify(wkt));
    expect(shown(codec, value(wkb, 4326), 'wkt')).toBe(JSON.stringify(`SRID=4326;${wkt}`));
    expect(JSON.parse(shown(codec, value(wkb), 'geojson'))).toEqual(geojson);
    expect(JSON.parse(shown(codec, value(wkb, 4294967295), 'geojson'))).toEqual({ ...geojson, crs: { type: 'name', properties: { name: 'EPSG:4294967295' } } });
  });

  it.each([
    [point([1, -2.5]), 'POINT (1 -2.5)'],
    [line([0.1, 1e21], [1e-7, 3]), 'LINESTRING (0.1 1000000000000000000000, 0.0000001 3)'],
    [polygon(RING, HOLE), 'POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))'],
    [many(4, point([1, 1]), point([2, 2])), 'MULTIPOINT ((1 1), (2 2))'],
    [many(6, polygon(RING), polygon(RING, HOLE)), 'MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1)))'],
    [many(7, point([1, 1]), many(7, line([0, 0], [1, 1]))), 'GEOMETRYCOLLECTION (POINT (1 1), GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1)))'],
    [many(7), 'GEOMETRYCOLLECTION EMPTY'],
    [point([-0, 123.5]), 'POINT (-0 123.5)'],
    [point([0.1 + 0.2, 1e5]), 'POINT (0.30000000000000004 100000)'],
  ])('%# as JTS spaces it', (wkb, wkt) => {
    expect(shown(codec, value(wkb), 'spaced-wkt')).toBe(JSON.stringify(wkt));
    expect(shown(codec, value(wkb, 4326), 'spaced-wkt')).toBe(JSON.stringify(`SRID=4326;${wkt}`));
  });

  it('is exact to the last digit', () => {
    const wkb = point([0.1 + 0.2, -Number.MAX_VALUE]);
    expect(shown(codec, value(wkb), 'wkt')).toBe('"POINT(0.30000000000000004 -1.7976931348623157e308)"');
    expect(shown(codec, value(wkb), 'geojson')).toBe('{"type":"Point","coordinates":[0.30000000000000004,-1.7976931348623157e308]}');
  });

  it('without any bytes is null', () => {
    expect(shown(codec, Buffer.alloc(4), 'wkt')).toBe('null');
    expect(shown(codec, Buffer.alloc(4), 'geojson')).toBe('null');
  });
});

describe('a damaged geometry', () => {
  const nested = Array.from({ length: 200 }).reduce<Buffer>((inner) => many(7, inner), point([1, 1]));
  it.each([
    ['is cut off', line([0, 0], [1, 1]).subarray(0, -1), 'parts in'],
    ['has too much', Buffer.concat([point([1, 1]), Buffer.alloc(1)]), '1 bytes after its end'],
    ['is big-endian', Buffer.from([0, 0, 0, 0, 1, ...Buffer.alloc(16)]), 'byte order 0'],
    ['is of no kind', header(8), 'type 8'],
    ['has three dimensions', Buffer.from([1, 0xe9, 3, 0, 0, ...Buffer.alloc(24)]), 'type 1001'],
    ['counts too many parts', Buffer.concat([header(4), Buffer.from([255, 255, 255, 255])]), '4294967295 parts in 0 bytes'],
    ['has lines among its points', many(4, line([0, 0], [1, 1])), 'a member of another type'],
    ['is nested without end', nested, 'nested too deep'],
    ['ends in its header', Buffer.from([1, 7]), 'its end is missing'],
    ['holds no number', point([Number.NaN, 1]), 'an infinity or a NaN'],
  ])('that %s is refused', (_name, wkb, why) => {
    for (const as of ['wkt', 'spaced-wkt', 'geojson'] as const) {
      expect(() => shown(codec, value(wkb), as)).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE', message: expect.stringContaining(why) as string }));
    }
  });

  it('that has no room for its SRID is refused', () => {
    expect(() => shown(codec, withLength(4, Buffer.alloc(3)), 'wkt')).toThrow('no room for its SRID');
  });
});

describe('a vector', () => {
  it('is the base64 of its floats', () => {
    const floats = Buffer.from(Float32Array.of(1, -0.5, 3e38).buffer);
    const { codec: vector } = column(TYPE.VECTOR, [2], { dimensions: 3 });
    expect(shown(vector, withLength(2, floats), 'base64')).toBe(`"${floats.toString('base64')}"`);
    expect(() => shown(vector, withLength(2, floats.subarray(1)), 'base64')).toThrow('no list of floats');
  });
});
