import { describe, expect, it } from 'vitest';
import type { CatalogueColumn } from '../../../../src/mysql/binlog/catalogue.ts';
import { describeLive } from '../../../../src/mysql/schema/live-description.ts';
import { liveTable } from '../../../../src/mysql/schema/live-table.ts';

function column(columnType: string, more: Partial<CatalogueColumn> = {}): CatalogueColumn {
  return { name: 'c', columnType, dataType: /^\w+/.exec(columnType)?.[0] ?? '', nullable: true, charset: null, labels: null, unsigned: false, keyOrder: null, ...more };
}

/** Type code, first and second byte of metadata. */
function wire(columnType: string, more: Partial<CatalogueColumn> = {}, flavor: 'mysql' | 'mariadb' = 'mysql'): number[] {
  const { typeCode, meta } = describeLive(column(columnType, more), flavor);
  return [typeCode, meta & 0xff, meta >> 8];
}

const labels = (count: number): string[] => Array.from({ length: count }, (_, i) => `l${String(i)}`);

describe('a live column as a TABLE_MAP event describes it', () => {
  it.each([
    ['tinyint(1)', [1, 0, 0]],
    ['smallint unsigned', [2, 0, 0]],
    ['mediumint(9)', [9, 0, 0]],
    ['int(10) unsigned zerofill', [3, 0, 0]],
    ['bigint', [8, 0, 0]],
    ['float', [4, 4, 0]],
    ['double(10,2)', [5, 8, 0]],
    ['decimal(12,2)', [246, 12, 2]],
    ['decimal(65,30) unsigned', [246, 65, 30]],
    ['bit(1)', [16, 1, 0]],
    ['bit(9)', [16, 1, 1]],
    ['bit(64)', [16, 0, 8]],
    ['year', [13, 0, 0]],
    ['date', [10, 0, 0]],
    ['time', [19, 0, 0]],
    ['time(3)', [19, 3, 0]],
    ['datetime(6)', [18, 6, 0]],
    ['timestamp', [17, 0, 0]],
    ['json', [245, 4, 0]],
    ['point', [255, 4, 0]],
    ['geomcollection', [255, 4, 0]],
    ['tinyblob', [252, 1, 0]],
    ['blob', [252, 2, 0]],
    ['mediumblob', [252, 3, 0]],
    ['longblob', [252, 4, 0]],
    ['binary(16)', [254, 254, 16]],
    ['varbinary(300)', [15, 44, 1]],
    ['vector(3)', [242, 4, 0]],
  ])('%s', (declared, literal) => {
    expect(wire(declared)).toEqual(literal);
  });

  it.each([
    ['char(10)', 'latin1', [254, 254, 10]],
    ['char(10)', 'utf8mb4', [254, 254, 40]],
    // 1,020 bytes: the upper two bits of the length are folded into the type code, inverted.
    ['char(255)', 'utf8mb4', [254, 0xce, 0xfc]],
    ['varchar(50)', 'utf8mb3', [15, 150, 0]],
    ['varchar(20)', 'utf16', [15, 80, 0]],
    ['mediumtext', 'utf8mb4', [252, 3, 0]],
  ])('%s in %s', (declared, charset, literal) => {
    expect(wire(declared, { charset })).toEqual(literal);
  });

  it.each([
    [8, [254, 248, 1]],
    [9, [254, 248, 2]],
    [24, [254, 248, 3]],
    [25, [254, 248, 4]],
    [33, [254, 248, 8]],
    [64, [254, 248, 8]],
  ])('a set of %i labels', (count, literal) => {
    expect(wire("set('l0','…')", { labels: labels(count) })).toEqual(literal);
  });

  it('an enum takes two bytes from 256 labels on', () => {
    expect(wire("enum('(1,2)')", { labels: labels(255) })).toEqual([254, 247, 1]);
    expect(wire("enum('(1,2)')", { labels: labels(256) })).toEqual([254, 247, 2]);
  });

  it.each([
    ['vector(3)', null, [15, 12, 0]],
    ['uuid', null, [254, 254, 16]],
    ['inet6', null, [254, 254, 16]],
    ['inet4', null, [254, 254, 4]],
    ['varchar(100) /*M!100301 COMPRESSED*/', 'latin1', [141, 101, 0]],
    ['mediumblob /*M!100301 COMPRESSED*/', null, [140, 3, 0]],
  ])('MariaDB: %s', (declared, charset, literal) => {
    expect(wire(declared, { charset }, 'mariadb')).toEqual(literal);
  });

  it('refuses a type that is not known', () => {
    expect(() => describeLive(column('xmltype'), 'mariadb')).toThrow(expect.objectContaining({ code: 'EVENT_UNSUPPORTED', message: 'column c is declared xmltype, a type that this version cannot read' }));
  });
});

describe('a live table', () => {
  it('has its columns in order and its key in key order', () => {
    const { version, descriptions } = liveTable(
      { database: 'shop', name: 't' },
      [column('int', { name: 'a', keyOrder: 1, nullable: false }), column('varchar(3)', { name: 'b', charset: 'utf8mb4', keyOrder: 0, nullable: false }), column('tinyint(1)', { name: 'f' }), column('varbinary(4)', { name: 'v' })],
      'mysql',
    );
    expect(version).toMatchObject({ database: 'shop', name: 't', primaryKey: [1, 0], captured: true });
    expect(version.columns.map(({ index, name, nullable, sqlType }) => [index, name, nullable, sqlType])).toEqual([
      [0, 'a', false, 'int'],
      [1, 'b', false, 'varchar(3)'],
      [2, 'f', true, 'tinyint(1)'],
      [3, 'v', true, 'varbinary(4)'],
    ]);
    expect(descriptions.map(({ charset }) => charset)).toEqual([null, 'utf8mb4', null, 'binary']);
  });
});
