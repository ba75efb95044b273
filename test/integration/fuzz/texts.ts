import type { Look, Pick, RandomColumn } from './random.ts';
import { asHex, asString, asText, asUtf8, bits, column, digits, oneOf, REFUSED } from './random.ts';

/** First and last character of scripts that some character set has, and all there are. */
const SCRIPTS = [[0x20, 0x7e], [0x20, 0x7e], [1, 0x1f], [0x80, 0x17f], [0x386, 0x3ce], [0x400, 0x45f], [0x530, 0x589], [0x5d0, 0x5ea], [0x620, 0x652], [0xe01, 0xe3a], [0x10d0, 0x10f0], [0x2010, 0x2122], [0x2190, 0x266f], [0x3000, 0x30fe], [0x3200, 0x33ff], [0x4e00, 0x9fa5], [0xac00, 0xd7a3], [0xf900, 0xfa2d], [0xff01, 0xffee], [0x1f300, 0x1f6ff], [0, 0xd7ff], [0xe000, 0xffff], [0x10000, 0x10ffff]] as const;

function literal(text: string): string {
  return `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;
}

/** Text of one script and ASCII, as a UTF-8 literal; the server stores `?` for what a character set lacks. */
export function text(pick: Pick, length: number): string {
  const [from, to] = oneOf(pick, SCRIPTS);
  return literal(Array.from({ length: pick(length + 1) }, () => String.fromCodePoint(pick(4) === 0 ? 0x20 + pick(95) : from + pick(to - from + 1))).join(''));
}

const TEXT: readonly Look[] = [{ as: 'text', shown: asUtf8 }, { as: 'string', shown: asUtf8, same: asString }];
const EDGES = ['', ' ', 'a ', ' a', '\0', '\0\0a', '"\\/\b\f\n\r\t', '\u007f', "'", '\u2028\u2029', 'A'.repeat(30)].map(literal);

/** Columns of the character sets, thirty characters each. */
export function charsetColumns(charsets: readonly string[]): RandomColumn[] {
  return charsets.map((name) => column(`varchar(30) character set ${name}`, (pick) => text(pick, 30), { name: `t_${name}`, edges: EDGES, looks: TEXT }));
}

const QUESTION_MARK = 0x3f;

/** The server shows a byte that is no character as a question mark, of which no value here has one; we refuse it. */
const OCTETS: readonly Look[] = [{ as: 'text', shown: asUtf8, refusable: true, same: (ours, server) => ours === (server.includes('?') ? REFUSED : server) }];

/** Every byte of every character set with one byte a character, as it is. */
export function byteColumns(charsets: readonly string[]): RandomColumn[] {
  return charsets.map((name) => {
    const edges = Array.from({ length: 32 }, (_, i) => `x'${Buffer.from(Array.from({ length: 8 }, (_byte, at) => octet(i * 8 + at))).toString('hex')}'`);
    return column(`varchar(30) character set ${name}`, (pick) => `x'${Buffer.from(Array.from({ length: pick(20) }, () => octet(pick(256)))).toString('hex')}'`, { name: `b_${name}`, edges, looks: OCTETS });
  });
}

function octet(byte: number): number {
  return byte === QUESTION_MARK ? 0x41 : byte;
}

/** Texts of every kind of storage. */
export function textColumns(): RandomColumn[] {
  const of = (type: string, length: number, rest: Partial<RandomColumn> = {}): RandomColumn => column(type, (pick) => text(pick, length), { edges: [...EDGES, literal('\u{10ffff}'.repeat(length))], looks: TEXT, ...rest });
  return [
    of('char(20) character set utf8mb4', 20),
    of('char(255) character set utf8mb4', 255),
    of('varchar(63) character set utf8mb4', 63),
    of('varchar(300) character set utf8mb4', 300),
    of('tinytext character set utf8mb4', 60),
    of('text character set utf8mb4', 100),
    of('mediumtext character set utf8mb4', 200, { edges: [literal(''), literal('é"\n'.repeat(25_000))] }),
    of('longtext character set utf8mb4', 100),
    of('varchar(300) compressed character set utf8mb4', 300, { name: 'compressed_text', only: ['mariadb'] }),
    of('text compressed character set utf8mb4', 500, { name: 'compressed_long', only: ['mariadb'], edges: [literal(''), literal('x'.repeat(60_000))] }),
  ];
}

const bytes = (pick: Pick, length: number): string => `x'${Buffer.from(Array.from({ length }, () => (pick(4) === 0 ? 0 : pick(256)))).toString('hex')}'`;

const BYTES: readonly Look[] = [
  { as: 'text', shown: asHex, hex: true },
  { as: 'base64', shown: asHex, same: (ours, server) => Buffer.from(ours.slice(1, -1), 'base64').toString('hex').toUpperCase() === server && ours.length - 2 === Math.ceil(server.length / 6) * 4 },
  { as: 'hex', shown: asHex, same: (ours, server) => ours === `"${server.toLowerCase()}"` },
];

/** BINARY, VARBINARY and BLOBs. */
export function binaryColumns(): RandomColumn[] {
  const of = (type: string, length: number, rest: Partial<RandomColumn> = {}): RandomColumn =>
    column(type, (pick) => bytes(pick, pick(length + 1)), { edges: ["''", "x'00'", "x'0000'", "x'20'", "x'41000000'", `repeat(x'ff', ${length})`, `repeat(x'00', ${length})`], looks: BYTES, ...rest });
  return [
    of('binary(1)', 1),
    of('binary(10)', 10),
    of('binary(255)', 255),
    of('varbinary(255)', 255),
    of('varbinary(300)', 300),
    of('tinyblob', 255),
    of('blob', 1_100),
    of('mediumblob', 100, { edges: ["''", `repeat(x'00ff', 40000)`] }),
    of('longblob', 100),
    of('varbinary(300) compressed', 300, { only: ['mariadb'] }),
    of('blob compressed', 300, { only: ['mariadb'], edges: ["''", "x'00'", `repeat(x'00ff', 30000)`] }),
  ];
}

/** Labels that are hard in their character set: a backslash as second byte, quotes, commas are not for SET. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  sjis: ['表', 'ソ', '能力', 'ｱ'],
  gbk: ['誠', '中文', '閌'],
  big5: ['功', '許', '蓋'],
  latin1: ['é', 'ÿ', '€'],
  cp1251: ['Привет', 'ё'],
  ucs2: ['ü', '語'],
  utf8mb4: ['😀', 'a"b', "it''s", ' b', '\u0001'],
};

/** MySQL 5.6 tells labels by information_schema alone, and those of other character sets not as they are. */
const WELL_TOLD: ReadonlySet<string> = new Set(['sjis', 'gbk', 'big5', 'latin1', 'cp1251']);

/** ENUM and SET, by number: every width, the label that is none, labels of other character sets. */
export function labelledColumns(): RandomColumn[] {
  const list = (count: number): string => Array.from({ length: count }, (_, i) => `'l${i}'`).join(',');
  const numbered = (name: string): string => asText(`cast(${name} as unsigned)`);
  const joined: Look = { as: 'text', shown: asUtf8 };
  const looks: readonly Look[] = [joined, { as: 'string', shown: asUtf8, same: asString }, { as: 'number', shown: numbered }];
  const setLooks: readonly Look[] = [...looks, { as: 'list', shown: asUtf8, same: (ours, server) => (JSON.parse(ours) as string[]).join(',') === server }];
  const enums = [1, 2, 255, 256, 300].map((count) => column(`enum(${list(count)})`, (pick) => String(1 + pick(count)), { name: `e_${count}`, edges: ['1', String(count), "'no such label'", "''"], looks }));
  const sets = [1, 7, 8, 9, 16, 17, 24, 25, 32, 33, 53, 54, 63, 64].map((count) => {
    const most = 2n ** BigInt(count) - 1n;
    return column(`set(${list(count)})`, (pick) => String(bits(pick, count)), { name: `s_${count}`, edges: ['0', '1', String(most), String((most + 1n) / 2n)], looks: setLooks });
  });
  const named = Object.entries(LABELS).map(([charset, labels]) => ({ rest: `${labels.map((label) => `'${label}'`).join(',')}) character set ${charset}`, only: WELL_TOLD.has(charset) ? null : ['mysql', 'mariadb'] }));
  return [
    ...enums,
    ...sets,
    ...named.map(({ rest, only }, place) => column(`enum(${rest}`, (pick) => String(1 + pick(2)), { name: `en_${place}`, edges: ['1', "''"], looks, only })),
    ...named.map(({ rest, only }, place) => column(`set(${rest}`, (pick) => String(pick(4)), { name: `sn_${place}`, edges: ['0'], looks: setLooks, only })),
  ];
}

/** MariaDB's own types. */
export function mariadbColumns(): RandomColumn[] {
  const hex = (pick: Pick, count: number): string => Array.from({ length: count }, () => pick(16).toString(16)).join('');
  const sparse = (pick: Pick): string => Array.from({ length: 8 }, () => (pick(2) === 0 ? 0 : pick(65_536)).toString(16)).join(':');
  const only = ['mariadb'];
  return [
    column('uuid', (pick) => `'${hex(pick, 32)}'`, { only, edges: [`'${'0'.repeat(32)}'`, `'${'f'.repeat(32)}'`, `'00000000-0000-1000-8000-000000000000'`, `'${'0'.repeat(31)}1'`] }),
    column('inet4', (pick) => `'${[0, 1, 2, 3].map(() => pick(256)).join('.')}'`, { only, edges: ["'0.0.0.0'", "'255.255.255.255'", "'1.0.0.0'"] }),
    column('inet6', (pick) => `'${pick(3) === 0 ? `::ffff:${pick(256)}.0.2.${pick(256)}` : sparse(pick)}'`, { only, edges: ["'::'", "'::1'", "'::1.2.3.4'", "'::ffff:0.0.0.0'", "'1::'", "'1:0:0:2::'", "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'", "'1:0:1:0:1:0:1:0'", "'0:1::1:0'", "'::ffff:0:1'", "'::1:0'"] }),
    column('json', (pick) => `'{"k${pick(9)}": [${pick(99)}, "${digits(pick, 3)}", null, {"é": "\\\\u00e9"}]}'`, { only, looks: TEXT, edges: ["'null'", "'[]'", "' { } '"] }),
  ];
}
