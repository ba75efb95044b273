import type { Pick, RandomColumn, Same } from './random.ts';
import { asHex, asUtf8, bits, column, digits, oneOf } from './random.ts';
import { text } from './texts.ts';

/** Strings as they are, numbers, and all else a character each. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e-?\d+)?|[^\s]/g;

/** Without blanks between tokens. */
const sameDocument: Same = (ours, server) => ours === (server.match(TOKENS) ?? []).join('');

const time = (pick: Pick): string => `01:02:03.${digits(pick, 6)}`;
const date = (pick: Pick): string => `20${10 + pick(80)}-0${1 + pick(9)}-1${pick(10)}`;

/** A scalar of every kind that a document can hold, opaque ones with them. */
const SCALARS: readonly ((pick: Pick) => string)[] = [
  (pick) => String(BigInt.asIntN(64, bits(pick, 64))),
  (pick) => `cast(${bits(pick, 64)} as unsigned)`,
  (pick) => `${pick(10)}.${digits(pick, 1 + pick(16))}e${pick(600) - 300}`,
  (pick) => `${pick(2) === 0 ? '-' : ''}${pick(100)}.${digits(pick, 1 + pick(3))}e0`,
  (pick) => `${1 + pick(4)}${digits(pick, 13 + pick(4))}.${pick(8) * 125}e${pick(2)}`,
  (pick) => `cast(-${pick(1000)}.${digits(pick, 3)} as decimal(${10 + pick(30)},3))`,
  (pick) => `cast('${date(pick)} ${time(pick)}' as datetime(${oneOf(pick, [0, 3, 6])}))`,
  (pick) => `cast('${oneOf(pick, ['', '-'])}${pick(800)}:01:02.${digits(pick, 6)}' as time(6))`,
  (pick) => `cast('${date(pick)}' as date)`,
  (pick) => `timestamp('${date(pick)} ${time(pick)}')`,
  (pick) => oneOf(pick, ['null', "cast('true' as json)", 'false = 1', `cast(x'${digits(pick, 8)}' as binary)`, "b'1011'", "cast('{}' as json)", 'st_geomfromtext(\'point(1 2)\')', 'cast(2024 as year)']),
  (pick) => text(pick, pick(20) === 0 ? 300 : 10),
];

function document(pick: Pick, depth: number): string {
  const list = (item: () => string): string => Array.from({ length: pick(6) }, item).join(', ');
  const kind = pick(depth > 3 ? 6 : 10);
  if (kind < 6) return oneOf(pick, SCALARS)(pick);
  if (kind < 8) return `json_array(${list(() => document(pick, depth + 1))})`;
  return `json_object(${list(() => `concat('k', ${pick(1000)}, ${text(pick, 3)}), ${document(pick, depth + 1)}`)})`;
}

const NESTED = `${'['.repeat(99)}1${']'.repeat(99)}`;
const OBJECTS = `${'{"a": '.repeat(99)}null${'}'.repeat(99)}`;
const numbers = ['-32768', '32767', '32768', '65535', '65536', '-2147483648', '2147483647', '4294967295', '4294967296', '-9223372036854775808', '9223372036854775807', '18446744073709551615', '0.0', '-0.0', '1e308', '5e-324', '1e15', '1e16', '-1e-15', '123456789012345680000'];

const EDGES = [
  ...numbers.map((number) => `cast('[${number}]' as json)`),
  ...['null', 'true', 'false', '""', '[]', '{}', '{"": ""}', '{"a": {}, "b": []}', '"\\u0000\\u001f\\u007f"', '"\\ud83d\\ude00"'].map((json) => `cast('${json.replaceAll('\\', '\\\\')}' as json)`),
  `cast('${NESTED}' as json)`,
  `cast('${OBJECTS}' as json)`,
  "json_array(repeat('x', 127), repeat('x', 128), repeat('x', 16383), repeat('x', 16384))",
  "json_array(repeat('é', 70000), 1)",
  "json_object(repeat('k', 65535), 1)",
  `cast('[${Array.from({ length: 20_000 }, (_, i) => i).join(',')}]' as json)`,
  `cast('{${Array.from({ length: 9_000 }, (_, i) => `"key${i}":{"v":${i * 7919}}`).join(',')}}' as json)`,
  "json_array(cast('0000-00-00' as date), cast('-838:59:59' as time), cast('9999-12-31 23:59:59.999999' as datetime(6)))",
  'json_array(cast(0 as decimal(65,30)), cast(-99999999999999999999999999999999999.999999999999999999999999999999 as decimal(65,30)))',
  "json_array(cast('' as binary), repeat(x'00', 200))",
];

/** JSON of MySQL. */
export function documentColumns(): RandomColumn[] {
  return [
    column('json', (pick) => `json_array(${document(pick, 0)})`, {
      only: ['mysql'],
      edges: EDGES,
      looks: [{ as: 'text', shown: asUtf8 }, { as: 'string', shown: asUtf8, same: (ours, server) => JSON.parse(ours) === server }, { as: 'inline', shown: asUtf8, same: sameDocument }],
    }),
  ];
}

const number = (pick: Pick): string => `${pick(2) === 0 ? '-' : ''}${pick(90)}.${digits(pick, 1 + pick(14))}`;
const wide = (pick: Pick): string => oneOf(pick, [number(pick), `${number(pick)}e${pick(60) - 30}`, String(pick(1000))]);

type Shape = (pick: Pick, at: (pick: Pick) => string) => string;

const many = (pick: Pick, least: number, item: () => string): string => Array.from({ length: least + pick(3) }, item).join(',');
/** A square, counter-clockwise, so that every server takes it. */
const ring = (pick: Pick): string => {
  const [x, y, side] = [pick(50), pick(50), 1 + pick(20)];
  return `(${x} ${y},${x + side} ${y},${x + side}.5 ${y + side},${x} ${y + side},${x} ${y})`;
};

const SIMPLE = {
  point: (pick, at) => `point(${at(pick)})`,
  linestring: (pick, at) => `linestring(${many(pick, 2, () => at(pick))})`,
  polygon: (pick) => `polygon(${ring(pick)})`,
  multipoint: (pick, at) => `multipoint(${many(pick, 1, () => at(pick))})`,
  multilinestring: (pick, at) => `multilinestring(${many(pick, 1, () => `(${many(pick, 2, () => at(pick))})`)})`,
  multipolygon: (pick) => `multipolygon((${ring(pick)}),(${ring(pick)}))`,
} as const satisfies Record<string, Shape>;

const SHAPES: Readonly<Record<string, Shape>> = {
  ...SIMPLE,
  geometrycollection: (pick, at) => `geometrycollection(${many(pick, 1, () => oneOf<Shape>(pick, Object.values(SIMPLE))(pick, at))})`,
};

/** Where the server's axes are swapped (MySQL, geographic), both ways name x first. */
function fromText(kind: string, wkt: string, srid: number): string {
  return `st_geomfromtext('${wkt}', ${srid}${kind === 'mysql' && srid === 4326 ? ", 'axis-order=long-lat'" : ''})`;
}

function geometry(kind: string, name: string, shape: Shape): RandomColumn {
  const wkt = (column: string): string => (kind === 'mysql' ? `st_astext(${column}, 'axis-order=long-lat')` : `st_astext(${column})`);
  return column(name, (pick) => {
    const srid = oneOf(pick, [0, 0, 3857, 4326]);
    return fromText(kind, shape(pick, (each) => (srid === 4326 ? `${number(each)} ${number(each)}` : `${wide(each)} ${wide(each)}`)), srid);
  }, {
    looks: [
      { as: 'text', shown: asHex, hex: true },
      { as: 'wkt', shown: (column) => `concat(if(st_srid(${column}) = 0, '', concat('SRID=', st_srid(${column}), ';')), ${wkt(column)})`, same: sameWkt },
      ...(kind === 'mysql' ? [{ as: 'geojson', shown: (column: string) => `convert(if(st_srid(${column}) = 0, st_asgeojson(${column}, 1000, 0), st_asgeojson(${column}, 1000, 2)) using utf8mb4)`, same: sameGeojson } as const] : []),
    ],
  });
}

/** Servers write the points of a MULTIPOINT with brackets or without, and numbers in their own way. */
const sameWkt: Same = (ours, server) => spelling(JSON.parse(ours) as string) === spelling(server);

function spelling(wkt: string): string {
  const plain = wkt.replace(/MULTIPOINT\((\([^)]*\)(?:,\([^)]*\))*)\)/g, (_, points: string) => `MULTIPOINT(${points.replaceAll(/[()]/g, '')})`);
  return plain.replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, (each) => `<${Number(each)}>`);
}

const sameGeojson: Same = (ours, server) => JSON.stringify(sorted(JSON.parse(ours))) === JSON.stringify(sorted(JSON.parse(server)));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}

/** Every kind of geometry in a column of its own, and all of them in one. */
export function geometryColumns(kind: string): RandomColumn[] {
  const any: Shape = (pick, at) => oneOf(pick, Object.values(SHAPES))(pick, at);
  return [...Object.entries(SHAPES).map(([name, shape]) => geometry(kind, name, shape)), geometry(kind, 'geometry', any)];
}

/** VECTOR of MySQL. */
export function vectorColumns(): RandomColumn[] {
  const floats = (pick: Pick, count: number): string => Array.from({ length: count }, () => `${oneOf(pick, ['', '-'])}${pick(10)}.${digits(pick, 8)}e${pick(60) - 30}`).join(',');
  const sameList: Same = (ours, server) => {
    const bytes = Buffer.from(server, 'hex');
    const list = JSON.parse(ours) as number[];
    return list.length * 4 === bytes.length && list.every((each, i) => Object.is(Math.fround(each), bytes.readFloatLE(i * 4)));
  };
  return [4, 300].map((dimensions) => column(`vector(${dimensions})`, (pick) => `to_vector('[${floats(pick, 1 + pick(dimensions))}]')`, {
    only: ['mysql'],
    edges: [[0], [-0, 3.4028234663852886e38, -3.4028234663852886e38, 2 ** -149], [1, 16_777_216, 16_777_217, 0.1]].map((list) => `x'${Buffer.from(Float32Array.from(list).buffer).toString('hex')}'`),
    looks: [
      { as: 'list', shown: asHex, same: sameList },
      { as: 'base64', shown: asHex, same: (ours, server) => Buffer.from(ours.slice(1, -1), 'base64').toString('hex').toUpperCase() === server },
    ],
  }));
}
