import { describe, expect, it } from 'vitest';
import type { Column, ColumnType } from '../../../../src/core/table.ts';
import { jdbcType, jdbcTypeOfNull, jdbcTypeOfSmall } from '../../../../src/format/canal/jdbc-types.ts';

const codec = { skip: () => 0, read: () => 0n, writer: () => undefined };

function column(type: ColumnType, sqlType: string): Column {
  return { index: 0, name: 'c', type, nullable: true, sqlType, codec };
}

const integer = (bytes: 1 | 2 | 3 | 4 | 8, unsigned: boolean): ColumnType => ({ family: 'integer', bytes, unsigned });
const text: ColumnType = { family: 'text', charset: 'utf8mb4', maxBytes: 10 };
const binary = (fixed: boolean): ColumnType => ({ family: 'binary', fixed, maxBytes: 10 });

/** Type, SQL type, `java.sql.Types` of a value and of NULL. */
const CASES: readonly (readonly [ColumnType, string, number, number])[] = [
  [integer(1, false), 'tinyint', -6, -6],
  [integer(1, true), 'tinyint unsigned', 5, -6],
  [integer(2, false), 'smallint', 5, 5],
  [integer(2, true), 'smallint unsigned', 4, 5],
  [integer(3, true), 'mediumint unsigned', 4, 4],
  [integer(4, false), 'int', 4, 4],
  [integer(4, true), 'int unsigned', -5, 4],
  [integer(8, false), 'bigint', -5, -5],
  [integer(8, true), 'bigint unsigned', 3, -5],
  [{ family: 'decimal', precision: 10, scale: 2, unsigned: false }, 'decimal(10,2)', 3, 3],
  [{ family: 'float' }, 'float', 7, 7],
  [{ family: 'double' }, 'double', 8, 8],
  [{ family: 'bit', bits: 9 }, 'bit(9)', -7, -7],
  [{ family: 'year' }, 'year', 12, 12],
  [{ family: 'date' }, 'date', 91, 91],
  [{ family: 'time', fraction: 0, legacy: false }, 'time', 92, 92],
  [{ family: 'datetime', fraction: 6, legacy: false }, 'datetime(6)', 93, 93],
  [{ family: 'timestamp', fraction: 0, legacy: false }, 'timestamp', 93, 93],
  [text, 'char(10)', 1, 1],
  [text, 'varchar(10)', 12, 12],
  [text, 'tinytext', 2005, -3],
  [text, 'longtext', 2005, -4],
  [binary(true), 'binary(10)', 2004, -2],
  [binary(false), 'varbinary(10)', 2004, -3],
  [binary(false), 'tinyblob', 2004, -3],
  [binary(false), 'blob', 2004, -4],
  [{ family: 'enum', labels: ['a'] }, "enum('a')", 4, 4],
  [{ family: 'set', labels: ['a'] }, "set('a')", -7, -2],
  [{ family: 'json' }, 'json', 12, 1111],
  [{ family: 'geometry', shape: 'point' }, 'point', 2004, -2],
  [{ family: 'vector', dimensions: 3 }, 'vector(3)', 1111, 1111],
  [{ family: 'uuid' }, 'uuid', 1, 1],
];

describe('java.sql.Types', () => {
  it.each(CASES)('%j', (type, sqlType, ofValue, ofNull) => {
    expect(jdbcType(column(type, sqlType))).toBe(ofValue);
    expect(jdbcTypeOfNull(column(type, sqlType))).toBe(ofNull);
  });

  it('of a small unsigned number are those of the signed type', () => {
    expect([1, 2, 3, 4, 8].map((bytes) => jdbcTypeOfSmall(column(integer(bytes as 1, true), '')))).toEqual([-6, 5, 4, 4, -5]);
  });
});
