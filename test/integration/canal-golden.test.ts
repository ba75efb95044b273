import { beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase } from '../support/mysql.ts';
import type { Address } from '../support/mysql.ts';
import { capture } from './types-support.ts';

/** One table with a column of each type, its values, and what Canal's flat message says of each. */
const COMMON: readonly (readonly [string, string, string | null])[] = [
  ['ti tinyint', '-128', '-128'],
  ['tu tinyint unsigned', '255', '255'],
  ['b1 tinyint(1)', '9', '9'],
  ['bu bigint unsigned', '18446744073709551615', '18446744073709551615'],
  ['d1 decimal(10,2)', '-0.50', '-0.50'],
  ['d2 decimal(18,9)', '0.000000001', '0.000000001'],
  ['f float', '16777216', '1.6777216E7'],
  ['g double', '1e21', '1.0E21'],
  ['g2 double', '0.1', '0.1'],
  ['y year', '0', '0000'],
  ['bit1 bit(1)', "b'1'", '1'],
  ['bit9 bit(9)', "b'100000001'", '257'],
  ['da date', "'2026-11-23'", '2026-11-23'],
  ['dz date', "'2024-00-00'", '2024-00-00'],
  ['t3 time(3)', "'-838:59:58.999'", '-838:59:58.999'],
  ['dt datetime(6)', "'2026-11-23 12:34:56.789012'", '2026-11-23 12:34:56.789012'],
  ['ts timestamp(3) null', "'2026-11-23 12:34:56.789'", '2026-11-23 12:34:56.789'],
  ['c char(10)', "'abc'", 'abc'],
  ['v varchar(50)', "'h\u00e9llo \u{1f600} \"q\"'", 'h\u00e9llo \u{1f600} "q"'],
  ['l1 varchar(20) character set latin1', "'caf\u00e9'", 'caf\u00e9'],
  ['x text', "'line1\\nline2'", 'line1\nline2'],
  ['vb varbinary(20)', "x'00ff10'", '\u0000\u00ff\u0010'],
  ['bn binary(4)', "x'01'", '\u0001\u0000\u0000\u0000'],
  ['bl blob', "x'deadbeef'", '\u00de\u00ad\u00be\u00ef'],
  ["e enum('small','x''y')", '2', '2'],
  ["e0 enum('small')", "''", '0'],
  ["st set('red','green','blue')", "'red,blue'", '5'],
  ['nul varchar(5)', 'null', null],
  ['p point', 'point(1, 2.5)', '\u0000\u0000\u0000\u0000\u0001\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u00f0?\u0000\u0000\u0000\u0000\u0000\u0000\u0004@'],
];

const SERVERS: readonly (readonly ['mysql' | 'mariadb', typeof COMMON])[] = [
  ['mysql', [...COMMON, ['j json', "'{\"b\": [1, \"x\"], \"a\": 1.5}'", '{"a": 1.5, "b": [1, "x"]}'], ['vec vector(2)', "to_vector('[1,2.5]')", '[1,2.5]']]],
  ['mariadb', [...COMMON, ['u uuid', "'f47ac10b-58cc-4372-a567-0e02b2c3d479'", 'f47ac10b-58cc-4372-a567-0e02b2c3d479'], ['i6 inet6', "'2001:db8::1'", '2001:db8::1']]],
];

/** `java.sql.Types` of what has one on both servers. */
const SQL_TYPES = { id: 4, ti: -6, tu: 5, bu: 3, d1: 3, f: 7, g: 8, y: 12, bit1: -7, da: 91, t3: 92, dt: 93, ts: 93, c: 1, v: 12, x: 2005, vb: 2004, bn: 2004, bl: 2004, e: 4, st: -7, p: 2004 };

interface Message {
  readonly data: readonly Readonly<Record<string, string | null>>[];
  readonly old: readonly object[] | null;
  readonly sqlType: Readonly<Record<string, number>>;
  readonly mysqlType: Readonly<Record<string, string>>;
  readonly type: string;
}

describe.each(SERVERS)('the flat messages of %s', (flavor, columns) => {
  let messages: Message[] = [];
  let database = '';

  beforeAll(async () => {
    const server: Address = inject(flavor);
    database = await freshDatabase(server, 'canal');
    const change = `set sql_mode = '', time_zone = '+00:00';
      create table zoo (id int primary key, ${columns.map(([declared]) => declared).join()});
      insert into zoo values (1, ${columns.map(([, value]) => value).join()});
      update zoo set v = 'new', nul = '' where id = 1;
      delete from zoo`;
    const [lines = []] = await capture({ server, change: `use \`${database}\`; ${change}`, wanted: [{ format: 'canal', database }] });
    messages = lines.map((line) => (JSON.parse(line) as { value: Message }).value);
  });

  it('show every type as Canal does', () => {
    const expected = Object.fromEntries(columns.map(([declared, , shown]) => [declared.replace(/ .*/s, ''), shown]));
    expect(messages.map(({ type }) => type)).toEqual(['INSERT', 'UPDATE', 'DELETE']);
    expect(messages[0]?.data).toEqual([{ id: '1', ...expected }]);
    expect(messages[2]?.data).toEqual([{ id: '1', ...expected, v: 'new', nul: '' }]);
  });

  it('name what an update changed', () => {
    const before = columns.find(([declared]) => declared.startsWith('v '))?.[2];
    expect(messages.map(({ old }) => old)).toEqual([null, [{ v: before, nul: null }], null]);
  });

  it('have the numbers of types, and their names', () => {
    expect(messages[0]?.sqlType).toMatchObject(SQL_TYPES);
    expect(messages[0]?.mysqlType).toMatchObject({ id: 'int', tu: 'tinyint unsigned', d1: 'decimal(10,2)', v: 'varchar(50)', x: 'text', e: "enum('small','x''y')" });
  });
});
