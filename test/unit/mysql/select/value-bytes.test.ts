import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/byte-writer.ts';
import { describeColumn } from '../../../../src/mysql/columns/describe.ts';
import { storageOf } from '../../../../src/mysql/columns/storage.ts';
import { describeLive } from '../../../../src/mysql/schema/live-description.ts';
import { among, behind, keyLiteral, quoteName, selectExpression } from '../../../../src/mysql/select/sql-key.ts';
import { shownJsonCodec } from '../../../../src/mysql/select/json-text.ts';
import { valueWriter } from '../../../../src/mysql/select/value-bytes.ts';

type Flavor = 'mysql' | 'mariadb';

/** The description of a column by its declaration. */
function described(columnType: string, { charset = null, flavor = 'mysql' }: { charset?: string | null; flavor?: Flavor } = {}): ReturnType<typeof describeLive> {
  const labels = /^(?:enum|set)\((.*)\)$/.exec(columnType)?.[1]?.split(',').map((label) => label.slice(1, -1)) ?? null;
  return describeLive({ name: 'c', columnType, dataType: /^\w+/.exec(columnType)?.[0] ?? '', nullable: true, charset, labels, unsigned: columnType.includes('unsigned'), keyOrder: null }, flavor);
}

/** What the codec of the binlog makes of the bytes that were made of what SELECT shows. */
function through(columnType: string, shown: string | Buffer, how: { charset?: string | null; flavor?: Flavor } = {}): string {
  const description = described(columnType, how);
  const { type, codec } = describeColumn(description);
  const out = new ByteWriter(1_000);
  valueWriter(type, storageOf(description.typeCode, description.meta))(Buffer.from(shown), out);
  expect(codec.skip(out.bytes, 0)).toBe(out.at);
  const text = new ByteWriter(1_000);
  codec.writer('text', 'string')?.(out.bytes, 0, text);
  return text.view().toString('latin1');
}

describe('values as SELECT shows them, put into the bytes of the binlog', () => {
  it.each([
    ['tinyint', ['-128', '0', '127']],
    ['tinyint unsigned', ['255']],
    ['mediumint', ['-8388608', '8388607']],
    ['int unsigned', ['4294967295', '999999999', '1000000000']],
    ['bigint', ['-9223372036854775808', '9223372036854775807', '-1']],
    ['bigint unsigned', ['18446744073709551615', '9007199254740993']],
    ['decimal(1,0)', ['5', '-9', '0']],
    ['decimal(10,2)', ['12.50', '-99999999.99', '0.00', '-0.01']],
    ['decimal(30,30)', ['0.123456789012345678901234567890', '-0.000000000000000000000000000001']],
    ['decimal(65,30)', ['-12345678901234567890123456789012345.123456789012345678901234567890', '1.500000000000000000000000000000']],
    ['decimal(18,9) unsigned', ['123456789.987654321']],
    ['double', ['1.7976931348623157e308', '1e21', '-0', '0.1']],
    ['year', ['2026', '1901', '2155', '0000']],
    ['date', ['2026-11-23', '0000-00-00', '2024-00-31', '9999-12-31', '1000-01-01']],
    ['time', ['12:34:56', '-838:59:59', '838:59:59', '00:00:00']],
    ['time(3)', ['-00:00:00.001', '12:34:56.789', '-01:00:00.000']],
    ['time(6)', ['-00:00:00.000001', '838:59:58.999999']],
    ['datetime', ['1969-12-31 23:59:59', '0000-00-00 00:00:00', '2024-00-00 00:00:00']],
    ['datetime(1)', ['2026-01-01 00:00:00.9']],
    ['datetime(6)', ['9999-12-31 23:59:59.999999', '2026-11-23 17:04:05.000001']],
    ['timestamp', ['1970-01-01 00:00:01', '0000-00-00 00:00:00']],
    ['timestamp(3)', ['2038-01-19 03:14:07.999']],
    ['varchar(20)', ['', 'abc', 'x'.repeat(20)]],
    ['varchar(300)', ['x'.repeat(300)]],
    ['longtext', ['a\nb']],
    ['char(255)', ['x'.repeat(255), '']],
  ] as const)('%s is what it was', (columnType, values) => {
    for (const value of values) expect(through(columnType, value, { charset: 'utf8mb4' })).toBe(value);
  });

  it('has floats by their bits: SELECT shows them as doubles', () => {
    expect(through('float', '0.10000000149011612')).toBe('0.1');
    expect(through('float', '-3.4028234663852886e38')).toBe('-3.4028235e38');
  });

  it('has labels by their numbers, and bits as bytes', () => {
    expect(through("enum('a','b')", '2')).toBe('b');
    expect(through("enum('a','b')", '0')).toBe('');
    expect(through("set('a','b','c')", '5')).toBe('a,c');
    expect(through('bit(9)', Buffer.from([1, 1]))).toBe('257');
    expect(through('bit(64)', Buffer.alloc(8, 0xff))).toBe('18446744073709551615');
  });

  it('has bytes as they are', () => {
    expect(through('binary(4)', Buffer.from([1, 0, 0, 0]))).toBe('\x01\0\0\0');
    expect(through('blob', Buffer.from([0, 255]))).toBe('\0\xff');
    expect(through('varchar(5)', Buffer.from([0, 0x61]), { charset: 'ucs2' })).toBe('a');
  });

  it.each([
    ['uuid', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'],
    ['inet4', '192.0.2.1'],
    ['inet6', '2001:db8::ff00:42:8329'],
    ['inet6', '::'],
    ['inet6', '::ffff:192.0.2.1'],
    ['inet6', '1:2:3:4:5:6:7:8'],
  ])("has MariaDB's %s %s", (columnType, text) => {
    expect(through(columnType, text, { flavor: 'mariadb' })).toBe(text);
  });

  it('has compressed columns of MariaDB uncompressed', () => {
    const how = { charset: 'utf8mb4', flavor: 'mariadb' as const };
    for (const text of ['', 'abc', 'x'.repeat(90)]) expect(through('varchar(100) /*M!100301 COMPRESSED*/', text, how)).toBe(text);
  });

  it('has JSON as its text, in every spelling', () => {
    const codec = shownJsonCodec(4);
    const bytes = Buffer.concat([Buffer.from([8, 0, 0, 0]), Buffer.from('{"a": 1}')]);
    const written = (as: 'inline' | 'compact-string'): string => {
      const out = new ByteWriter(100);
      expect(codec.writer(as, 'string')?.(bytes, 0, out)).toBe(bytes.length);
      return out.view().toString();
    };
    expect(written('inline')).toBe('{"a": 1}');
    expect(written('compact-string')).toBe('"{\\"a\\": 1}"');
    expect(codec.read(bytes, 0)).toBe('{"a": 1}');
    expect(codec.writer('number', 'string')).toBeUndefined();
  });
});

describe('SQL about keys', () => {
  const typeOf = (columnType: string, charset: string | null = null): ReturnType<typeof describeColumn>['type'] => describeColumn(described(columnType, { charset })).type;

  it('asks for whole values', () => {
    expect(selectExpression('a`b', typeOf('int'))).toBe('`a``b`');
    expect(selectExpression('f', typeOf('float'))).toBe('`f` * 1e0');
    expect(selectExpression('e', typeOf("enum('a')"))).toBe('CAST(`e` AS UNSIGNED)');
    expect(quoteName('x')).toBe('`x`');
  });

  it('writes literals that nothing in a value can break out of', () => {
    expect(keyLiteral(Buffer.from("x' or 1=1 -- "), typeOf('varchar(50)', 'utf8mb4'))).toBe(`_utf8mb4 0x${Buffer.from("x' or 1=1 -- ").toString('hex')}`);
    expect(keyLiteral(Buffer.alloc(0), typeOf('varchar(5)', 'latin1'))).toBe("''");
    expect(keyLiteral(Buffer.from([0, 255]), typeOf('varbinary(5)'))).toBe('0x00ff');
    expect(keyLiteral(Buffer.from('-1.50'), typeOf('decimal(5,2)'))).toBe('-1.50');
    expect(keyLiteral(Buffer.from([1, 1]), typeOf('bit(9)'))).toBe('257');
    expect(keyLiteral(Buffer.from('2026-01-01 00:00:00.5'), typeOf('datetime(1)'))).toBe("'2026-01-01 00:00:00.5'");
  });

  it('finds what is behind a key, and what has one of some', () => {
    expect(behind(['a'], ['1'])).toBe('(`a` > 1)');
    expect(behind(['a', 'b'], ['1', '2'])).toBe('(`a` > 1) OR (`a` = 1 AND `b` > 2)');
    expect(among(['a'], [['1'], ['2']])).toBe('`a` IN (1, 2)');
    expect(among(['a', 'b'], [['1', '2'], ['3', '4']])).toBe('(`a` = 1 AND `b` = 2) OR (`a` = 3 AND `b` = 4)');
  });
});
