/** A source of random numbers: 0 to `below` − 1. */
export type Pick = (below: number) => number;

/** How a value of the binlog and the server's own answer are compared: by text, or as what both texts stand for. */
export type Same = (ours: string, server: string) => boolean;

/** A column with random values and the SQL expression by which the server shows them. */
export interface RandomColumn {
  readonly name: string;
  readonly type: string;
  /** SQL literal of a value. */
  readonly value: (pick: Pick) => string;
  /** SQL expression of the server's text; bytes as HEX. */
  readonly shown: (name: string) => string;
  /** Our text as hexadecimal: for bytes. */
  readonly hex: boolean;
  readonly same: Same;
  /** Servers that have it; null: all. */
  readonly only: readonly string[] | null;
}

/** A small seeded generator (mulberry32). */
export function seeded(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const asText = (name: string): string => `cast(${name} as char)`;
const asHex = (name: string): string => `hex(${name})`;
const asUtf8 = (name: string): string => `convert(${name} using utf8mb4)`;
const identical: Same = (ours, server) => ours === server;
/** The sign of a zero is lost on the way from the server. */
const sameDouble: Same = (ours, server) => Number(ours) === Number(server);
const sameFloat: Same = (ours, server) => Math.fround(Number(ours)) === Math.fround(Number(server));
const sameVector: Same = (ours, server) => {
  const bytes = Buffer.from(server, 'hex');
  const numbers = JSON.parse(ours) as number[];
  return numbers.length * 4 === bytes.length && numbers.every((number, i) => Object.is(Math.fround(number), bytes.readFloatLE(i * 4)));
};

function column(type: string, value: RandomColumn['value'], rest: Partial<RandomColumn> = {}): RandomColumn {
  return { name: `c_${type.replace(/\W+/g, '_').replace(/_$/, '')}`, type, value, shown: asText, hex: false, same: identical, only: null, ...rest };
}

function digits(pick: Pick, count: number): string {
  return Array.from({ length: count }, () => pick(10)).join('');
}

/** 64 random bits, often few of them, so that small numbers and powers of two come up. */
function bits(pick: Pick, width: number): bigint {
  const all = (BigInt(pick(2 ** 32)) << 32n) | BigInt(pick(2 ** 32));
  return BigInt.asUintN(width, all >> BigInt(pick(64)));
}

function integers(): RandomColumn[] {
  const widths = [['tinyint', 8], ['smallint', 16], ['mediumint', 24], ['int', 32], ['bigint', 64]] as const;
  return widths.flatMap(([name, width]) => [
    column(name, (pick) => String(BigInt.asIntN(width, bits(pick, width) * (pick(2) === 0 ? 1n : -1n)))),
    column(`${name} unsigned`, (pick) => String(bits(pick, width))),
  ]);
}

function decimals(): RandomColumn[] {
  const sizes = [[1, 0], [5, 2], [9, 9], [10, 0], [12, 2], [18, 9], [19, 10], [28, 1], [38, 20], [65, 0], [65, 30], [30, 30]] as const;
  return sizes.map(([precision, scale]) =>
    column(`decimal(${precision},${scale})`, (pick) => {
      const whole = digits(pick, pick(precision - scale + 1));
      return `${pick(2) === 0 ? '-' : ''}${whole === '' ? '0' : whole}.${digits(pick, scale) || '0'}`;
    }),
  );
}

function floats(): RandomColumn[] {
  const number = (pick: Pick, exponent: number): string => `${pick(2) === 0 ? '-' : ''}${pick(10)}.${digits(pick, 1 + pick(17))}e${pick(2 * exponent) - exponent}`;
  return [
    column('float', (pick) => number(pick, 37), { shown: (name) => `${name} + 0e0`, same: sameFloat }),
    column('double', (pick) => number(pick, 300), { shown: (name) => `${name} + 0e0`, same: sameDouble }),
  ];
}

function temporals(): RandomColumn[] {
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = (pick: Pick): string => `${two(pick(24))}:${two(pick(60))}:${two(pick(60))}`;
  const fraction = (pick: Pick, count: number): string => (count === 0 ? '' : `.${digits(pick, count)}`);
  const day = (pick: Pick): string => `${1000 + pick(9000)}-${two(pick(10) === 0 ? 0 : 1 + pick(12))}-${two(pick(10) === 0 ? 0 : 1 + pick(28))}`;
  const named = (name: string, count: number): string => (count === 0 ? name : `${name}(${count})`);
  const each = [0, 1, 2, 3, 4, 5, 6].flatMap((count) => [
    column(named('time', count), (pick) => `'${pick(2) === 0 ? '-' : ''}${pick(839)}:${two(pick(60))}:${two(pick(59))}${fraction(pick, count)}'`),
    column(named('datetime', count), (pick) => `'${day(pick)} ${clock(pick)}${fraction(pick, count)}'`),
    column(`${named('timestamp', count)} null`, (pick) => (pick(20) === 0 ? '0' : `'${1971 + pick(66)}-${two(1 + pick(12))}-${two(1 + pick(28))} ${clock(pick)}${fraction(pick, count)}'`)),
  ]);
  return [...each, column('date', (pick) => `'${day(pick)}'`), column('year', (pick) => String(pick(20) === 0 ? 0 : 1901 + pick(255)))];
}

/** First and last character of scripts that some character set has. */
const SCRIPTS = [[0x20, 0x7e], [0x20, 0x7e], [1, 0x1f], [0xa0, 0x17f], [0x386, 0x3ce], [0x400, 0x45f], [0x5d0, 0x5ea], [0x620, 0x652], [0xe01, 0xe3a], [0x10d0, 0x10f0], [0x2010, 0x2122], [0x3041, 0x30fe], [0x4e00, 0x9fa5], [0xac00, 0xd7a3], [0xff01, 0xff9f], [0x1f300, 0x1f6ff]] as const;

/** Text of one script and ASCII, as a UTF-8 literal; the server stores `?` for what a character set lacks. */
function text(pick: Pick, length: number): string {
  const [from, to] = SCRIPTS[pick(SCRIPTS.length)] ?? [0x20, 0x7e];
  const characters = Array.from({ length: pick(length + 1) }, () => String.fromCodePoint(pick(4) === 0 ? 0x20 + pick(95) : from + pick(to - from + 1)));
  return `_utf8mb4 x'${Buffer.from(characters.join('')).toString('hex')}'`;
}

const CHARSETS = ['latin1', 'latin2', 'cp1250', 'cp1251', 'cp1256', 'cp1257', 'koi8r', 'koi8u', 'greek', 'hebrew', 'tis620', 'cp850', 'cp866', 'macroman', 'utf16', 'utf16le', 'utf32', 'ucs2', 'utf8', 'gbk', 'gb2312', 'big5', 'sjis', 'cp932', 'ujis', 'eucjpms', 'euckr'];

function texts(): RandomColumn[] {
  const of = (type: string, length: number, rest: Partial<RandomColumn> = {}): RandomColumn => column(type, (pick) => text(pick, length), { shown: asUtf8, ...rest });
  return [
    of('char(20) character set utf8mb4', 20),
    of('varchar(300) character set utf8mb4', 300),
    of('text character set utf8mb4', 100),
    ...CHARSETS.map((name) => of(`varchar(30) character set ${name}`, 30, { name: `t_${name}` })),
    of('varchar(30) character set gb18030', 30, { name: 't_gb18030', only: ['mysql'] }),
    of('varchar(300) compressed character set utf8mb4', 300, { name: 'compressed_text', only: ['mariadb'] }),
  ];
}

function bytes(): RandomColumn[] {
  const literal = (pick: Pick, length: number): string => `x'${Array.from({ length }, () => pick(256).toString(16).padStart(2, '0')).join('')}'`;
  const of = (type: string, length: number, rest: Partial<RandomColumn> = {}): RandomColumn => column(type, (pick) => literal(pick, pick(length + 1)), { shown: asHex, hex: true, ...rest });
  const point = (pick: Pick): string => `${pick(2000) - 1000}.5 ${pick(100)}`;
  return [
    of('binary(10)', 10),
    of('varbinary(300)', 300),
    of('tinyblob', 200),
    of('blob', 200),
    of('blob compressed', 300, { only: ['mariadb'] }),
    column('geometry', (pick) => `st_geomfromtext('linestring(${point(pick)},${point(pick)})', ${pick(2) === 0 ? 0 : 3857})`, { shown: asHex, hex: true }),
  ];
}

function labelled(): RandomColumn[] {
  const labels = Array.from({ length: 20 }, (_, i) => `'é${i}'`).join(',');
  const sizes = [1, 7, 8, 9, 31, 32, 33, 53, 63, 64];
  return [
    column(`enum(${labels}) character set utf8mb4`, (pick) => String(1 + pick(20)), { name: 'en' }),
    column(`set(${labels}) character set utf8mb4`, (pick) => String(pick(2 ** 20)), { name: 'st' }),
    ...sizes.map((size) => column(`bit(${size})`, (pick) => String(bits(pick, size)), { shown: (name) => `cast(${name} as unsigned)` })),
  ];
}

/** A JSON document as SQL: scalars of every kind, nested in arrays and objects. */
function document(pick: Pick, depth: number): string {
  const kind = pick(depth > 3 ? 8 : 11);
  const list = (item: () => string): string => Array.from({ length: pick(6) }, item).join(', ');
  if (kind === 0) return String(BigInt.asIntN(64, bits(pick, 64)));
  if (kind === 1) return `cast(${bits(pick, 64)} as unsigned)`;
  if (kind === 2) return `${pick(10)}.${digits(pick, 1 + pick(16))}e${pick(40) - 20}`;
  if (kind === 3) return `cast(-${pick(1000)}.${digits(pick, 3)} as decimal(${10 + pick(30)},3))`;
  if (kind === 4) return `cast('20${10 + pick(80)}-0${1 + pick(9)}-1${pick(10)} 01:02:03.${digits(pick, 6)}' as datetime(6))`;
  if (kind === 5) return `cast('${pick(2) === 0 ? '-' : ''}${pick(800)}:01:02.${digits(pick, 6)}' as time(6))`;
  if (kind === 6) return ['null', "cast('true' as json)", 'false = 1', `cast(x'${digits(pick, 8)}' as binary)`][pick(4)] ?? 'null';
  if (kind === 7) return text(pick, pick(20) === 0 ? 300 : 10);
  if (kind < 10) return `json_array(${list(() => document(pick, depth + 1))})`;
  return `json_object(${list(() => `concat('k', ${pick(1000)}, ${text(pick, 3)}), ${document(pick, depth + 1)}`)})`;
}

function modern(): RandomColumn[] {
  const hex = (pick: Pick, count: number): string => Array.from({ length: count }, () => pick(65_536).toString(16)).join(':');
  const sparse = (pick: Pick): string => Array.from({ length: 8 }, () => (pick(2) === 0 ? 0 : pick(65_536)).toString(16)).join(':');
  return [
    column('json', (pick) => `json_array(${document(pick, 0)})`, { only: ['mysql'], shown: asUtf8 }),
    column('vector(4)', (pick) => `to_vector('[${[0, 1, 2, 3].map(() => `${pick(10)}.${digits(pick, 6)}e${pick(60) - 30}`).join(',')}]')`, { only: ['mysql'], shown: asHex, same: sameVector }),
    column('uuid', (pick) => `'${hex(pick, 40).replace(/:/g, '').padEnd(32, '0').slice(0, 32)}'`, { only: ['mariadb'] }),
    column('inet4', (pick) => `'${[0, 1, 2, 3].map(() => pick(256)).join('.')}'`, { only: ['mariadb'] }),
    column('inet6', (pick) => `'${pick(3) === 0 ? `::ffff:${pick(256)}.0.2.${pick(256)}` : sparse(pick)}'`, { only: ['mariadb'] }),
  ];
}

/** The columns of a server. */
export function randomColumns(kind: string): RandomColumn[] {
  const all = [...integers(), ...decimals(), ...floats(), ...temporals(), ...texts(), ...bytes(), ...labelled(), ...modern()];
  return all.filter(({ only }) => only === null || only.includes(kind));
}
