import type { TypePolicies } from '../../src/core/type-policies.ts';

export type ServerKind = 'mysql' | 'mariadb' | 'mysql56';

/** A type with values that show how it is told: its limits and what surprises. */
export interface TypeEntry {
  /** As it is declared. */
  readonly type: string;
  readonly range: string;
  /** SQL of the values. Every server stores the same bytes for them. */
  readonly values: readonly string[];
  /** Servers that have the type; null: all. */
  readonly only: readonly ServerKind[] | null;
}

export interface TypeSection {
  readonly title: string;
  readonly entries: readonly TypeEntry[];
}

function entry(type: string, range: string, values: readonly (string | number | bigint)[], only: readonly ServerKind[] | null = null): TypeEntry {
  return { type, range, values: values.map(String), only };
}

const quoted = (...texts: string[]): string[] => texts.map((text) => `'${text}'`);

const MYSQL = ['mysql'] as const;
const MARIADB = ['mariadb'] as const;
const SAFE = 2n ** 53n - 1n;

const INTEGERS: TypeSection = {
  title: 'Whole numbers',
  entries: [
    entry('tinyint', '−128 to 127', [-128, 0, 127]),
    entry('tinyint unsigned', '0 to 255', [0, 255]),
    entry('tinyint(1)', 'as TINYINT; BOOL and BOOLEAN are this', [0, 1, -128]),
    entry('smallint', '−32768 to 32767', [-32768, 32767]),
    entry('smallint unsigned', '0 to 65535', [65535]),
    entry('mediumint', '−8388608 to 8388607', [-8388608, 8388607]),
    entry('mediumint unsigned', '0 to 16777215', [16777215]),
    entry('int', '−2147483648 to 2147483647; INTEGER', [-2147483648, 2147483647]),
    entry('int unsigned', '0 to 4294967295', [4294967295]),
    entry('bigint', '−2^63 to 2^63 − 1', [-(2n ** 63n), -SAFE - 1n, -SAFE, 0, SAFE, SAFE + 1n, 2n ** 63n - 1n]),
    entry('bigint unsigned', '0 to 2^64 − 1; SERIAL', [0, SAFE, SAFE + 1n, 2n ** 63n, 2n ** 64n - 1n]),
    entry('year', '1901 to 2155, and 0000', [0, 1901, 2155]),
    entry('bit(1)', '0 and 1', [0, 1]),
    entry('bit(9)', 'BIT(n) is n bits, 1 to 64', [0, 1, 511]),
    entry('bit(64)', '0 to 2^64 − 1', [0, SAFE, SAFE + 1n, 2n ** 64n - 1n]),
  ],
};

const NINES = `${'9'.repeat(35)}.${'9'.repeat(30)}`;

const FRACTIONS: TypeSection = {
  title: 'Numbers with a fraction',
  entries: [
    entry('decimal(5,2)', 'up to 65 digits, of which up to 30 after the point; all are kept. DEC, NUMERIC, FIXED', ['-999.99', '-0.01', '0', '1.5', '999.99']),
    entry('decimal(65,30)', '±99999999999999999999999999999999999.999999999999999999999999999999', [`-${NINES}`, '0', '0.000000000000000000000000000001', NINES]),
    entry('float', '±3.402823466E+38, about 7 digits; the shortest text that reads back as the same float', ['-3.402823466e38', '0', '0.1', '1.17549435e-38', '16777216', '3.402823466e38']),
    entry('double', '±1.7976931348623157E+308; the shortest text that reads back as the same double; REAL, DOUBLE PRECISION', ['-1.7976931348623157e308', '0', '0.1', '5e-324', '1e-7', '1', '3098595963677577.5', '1e15', '1e21', '1.7976931348623157e308']),
  ],
};

const TIMES: TypeSection = {
  title: 'Dates and times',
  entries: [
    entry('date', '0000-00-00 to 9999-12-31', quoted('0000-00-00', '2024-00-00', '2024-02-31', '1000-01-01', '1969-12-31', '2024-02-29', '9999-12-31')),
    entry('date not null', 'as DATE', quoted('0000-00-00', '2024-02-29')),
    entry('time', '−838:59:59 to 838:59:59', quoted('-838:59:59', '-00:00:01', '00:00:00', '23:59:59', '838:59:59')),
    entry('time(3)', 'TIME(n) has n digits after the second, 0 to 6', quoted('-25:30:00.250', '12:34:56.789')),
    entry('time(6)', '', quoted('-00:00:00.000001', '838:59:58.999999')),
    entry('datetime', '0000-00-00 00:00:00 to 9999-12-31 23:59:59; no time zone', quoted('0000-00-00 00:00:00', '2024-00-00 12:00:00', '1969-12-31 23:59:59', '2024-02-29 12:34:56', '9999-12-31 23:59:59')),
    entry('datetime(3)', 'DATETIME(n) has n digits after the second, 0 to 6', quoted('0000-00-00 00:00:00', '2024-02-29 12:34:56.700')),
    entry('datetime(6)', '', quoted('0000-00-00 00:00:00', '2024-02-29 12:34:56.789012', '9999-12-31 23:59:59.999999')),
    entry('datetime(6) not null', 'as DATETIME(6)', quoted('0000-00-00 00:00:00', '2024-02-29 12:34:56.789012')),
    entry('timestamp', '1970-01-01 00:00:01 to 2038-01-19 03:14:07, and 0000-00-00 00:00:00; told in UTC', quoted('0000-00-00 00:00:00', '1970-01-01 00:00:01', '2024-02-29 12:34:56', '2038-01-19 03:14:07')),
    entry('timestamp(3)', 'TIMESTAMP(n) has n digits after the second, 0 to 6', quoted('0000-00-00 00:00:00', '2024-02-29 12:34:56.700')),
    entry('timestamp(6)', '', quoted('2024-02-29 12:34:56.789012', '2038-01-19 03:14:07.999999')),
  ],
};

const text = (value: string): string => `_utf8mb4 x'${Buffer.from(value).toString('hex')}'`;

const TEXTS: TypeSection = {
  title: 'Text',
  entries: [
    entry('char(10)', '0 to 255 characters, blanks at the end not kept; NCHAR', ["''", "'ab  '", text('é"\\\n😀')]),
    entry('varchar(255)', '0 to 65535 bytes; NVARCHAR', ["''", "'ab  '", text('é"\\\n\u0001😀')]),
    entry('varchar(20) character set latin1', 'every character set of the server is told in UTF-8, by the server\'s own tables; a byte or code that is no character to the server, which SELECT shows as `?`, stops the daemon (ROW_UNREADABLE)', [text('café €')]),
    entry('varchar(20) character set gbk', '', [text('中文')]),
    entry('varchar(20) character set utf16', '', [text('𝄞')]),
    entry('tinytext', 'up to 255 bytes', ["'a'"]),
    entry('text', 'up to 65535 bytes', ["'a'"]),
    entry('mediumtext', 'up to 2^24 − 1 bytes', ["'a'"]),
    entry('longtext', 'up to 2^32 − 1 bytes; JSON of MariaDB', ["'a'", `'{"a": 1}'`]),
    entry('varchar(40) compressed', 'as VARCHAR; told uncompressed', ["''", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"], MARIADB),
    entry("enum('small','a,b')", 'up to 65535 labels; an invalid value is the empty text', ["'small'", "'a,b'", "'no such label'"]),
    entry("set('red','green','blue')", 'up to 64 labels', ["''", "'blue,red'"]),
    entry('uuid', '16 bytes', quoted('f47ac10b-58cc-4372-a567-0e02b2c3d479'), MARIADB),
    entry('inet4', '', quoted('0.0.0.0', '192.0.2.1'), MARIADB),
    entry('inet6', '', quoted('::', '2001:db8::ff00:42:8329', '::ffff:192.0.2.1'), MARIADB),
  ],
};

const BYTES: TypeSection = {
  title: 'Bytes',
  entries: [
    entry('binary(4)', '0 to 255 bytes, filled with zeros', ["x''", "x'ff'", "x'00010203'"]),
    entry('varbinary(16)', '0 to 65535 bytes', ["x''", "x'fbff'", "x'00'"]),
    entry('tinyblob', 'up to 255 bytes', ["x'ff'"]),
    entry('blob', 'up to 65535 bytes', ["x'ff'"]),
    entry('mediumblob', 'up to 2^24 − 1 bytes', ["x'ff'"]),
    entry('longblob', 'up to 2^32 − 1 bytes', ["x'ff'"]),
    entry('blob compressed', 'as BLOB; told uncompressed', ["x'ff'"], MARIADB),
    entry('vector(3)', '1 to 16383 floats', ["to_vector('[1,-0.5,3.402823466e38]')"], MYSQL),
  ],
};

const DOCUMENTS: TypeSection = {
  title: 'JSON and geometries',
  entries: [
    entry('json', 'any document, numbers with all their digits; of MySQL', [
      `'{"b": [1, 1.0, 18446744073709551615, 1e100], "a": null}'`,
      "'null'",
      "json_array(cast('12.50' as decimal(65,30)), cast('2024-02-29 12:34:56.5' as datetime(6)), cast('-25:00:00' as time), cast('x' as binary))",
    ], MYSQL),
    ...['point(1 2.5)', 'linestring(0 0,1e21 -1)', 'polygon((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))', 'multipoint(1 1,2 2)', 'multilinestring((0 0,1 1),(2 2,3 3))', 'multipolygon(((0 0,4 0,4 4,0 0)))', 'geometrycollection(point(1 1),linestring(0 0,1 1))'].map((wkt) =>
      entry(wkt.slice(0, wkt.indexOf('(')), '', [`st_geomfromtext('${wkt}')`, ...(wkt.startsWith('point') ? [`st_geomfromtext('${wkt}', 3857)`] : [])]),
    ),
    entry('geometry', 'any of them', ["st_geomfromtext('point(1 2.5)', 3857)", "st_geomfromtext('linestring(0 0,1 1)')"]),
  ],
};

/** Every type of MySQL and MariaDB. */
export const TYPES: readonly TypeSection[] = [INTEGERS, FRACTIONS, TIMES, TEXTS, BYTES, DOCUMENTS];

/** A policy of `types` with the types that show it. */
export interface PolicyEntry {
  readonly policy: keyof TypePolicies;
  readonly words: readonly string[];
  readonly types: readonly string[];
}

export const POLICIES: readonly PolicyEntry[] = [
  { policy: 'zeroDates', words: ['null', 'string', 'epoch'], types: ['date not null', 'datetime(3)', 'timestamp(3)'] },
  { policy: 'tinyint1', words: ['boolean', 'number'], types: ['tinyint(1)'] },
  { policy: 'bigint', words: ['string', 'number', 'safe'], types: ['bigint', 'bigint unsigned', 'bit(64)'] },
  { policy: 'decimal', words: ['string', 'number'], types: ['decimal(5,2)', 'decimal(65,30)'] },
  { policy: 'binary', words: ['base64', 'hex'], types: ['varbinary(16)'] },
  { policy: 'json', words: ['inline', 'text'], types: ['json'] },
  { policy: 'enum', words: ['label', 'index'], types: ["enum('small','a,b')"] },
  { policy: 'set', words: ['list', 'text', 'bitmask'], types: ["set('red','green','blue')"] },
  { policy: 'geometry', words: ['wkb', 'wkt', 'geojson'], types: ['point', 'polygon', 'geometrycollection'] },
  { policy: 'vector', words: ['list', 'base64'], types: ['vector(3)'] },
];
