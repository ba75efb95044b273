import { describe, expect, it } from 'vitest';
import { misfit } from '../../../../src/mysql/schema/fits.ts';

function column(columnType: string, nullable = true, charset: string | null = null) {
  const dataType = /^[a-z]+/.exec(columnType)?.[0] ?? '';
  return { name: 'c', columnType, dataType, nullable, charset, labels: null, unsigned: false, keyOrder: null };
}

const mapped = (typeCode: number, meta: number) => ({ name: null, typeCode, meta, nullable: true, ambiguous: false });

describe('a catalogue column against the binlog', () => {
  it.each([
    ['int(11)', 3, 0],
    ['bigint(20) unsigned', 8, 0],
    ['decimal(12,2)', 246, 12 | (2 << 8)],
    ['datetime(3)', 18, 3],
    ['datetime', 18, 0],
    ['datetime', 12, 0],
    ['bit(10)', 16, 2 | (1 << 8)],
    ['varchar(30)', 15, 30],
    ['char(3)', 254, 0xfe | (3 << 8)],
    ["enum('a','b')", 247, 0xf7 | (1 << 8)],
    ['longtext', 252, 4],
    ['json', 245, 4],
    ['point', 255, 4],
    ['somethingnew', 99, 1],
  ])('fits: %s with type code %i and metadata %i', (type, typeCode, meta) => {
    expect(misfit(column(type), mapped(typeCode, meta))).toBeNull();
  });

  it.each([
    ['int(11)', 8, 0, 'c is int(11) and has type LONGLONG in the binlog'],
    ['varchar(30)', 252, 2, 'c is varchar(30) and has type BLOB in the binlog'],
    ['decimal(12,2)', 246, 10 | (2 << 8), 'c is decimal(12,2) and has type NEWDECIMAL of another size in the binlog (metadata 522, not 524)'],
    ['datetime(3)', 18, 6, 'c is datetime(3) and has type DATETIME2 of another size in the binlog (metadata 6, not 3)'],
    ['text', 252, 4, 'c is text and has type BLOB of another size in the binlog (metadata 4, not 2)'],
  ])('does not fit: %s with type code %i and metadata %i', (type, typeCode, meta, why) => {
    expect(misfit(column(type), mapped(typeCode, meta))).toBe(why);
  });

  it('compares nullability', () => {
    expect(misfit(column('int', false), mapped(3, 0))).toBe('c is int not null and nullable in the binlog');
  });

  it('compares the lengths of strings in bytes of their character set', () => {
    expect(misfit(column('varchar(30)', true, 'utf8mb4'), mapped(15, 120))).toBeNull();
    expect(misfit(column('varchar(30)', true, 'utf8mb4'), mapped(15, 90))).toBe('c is varchar(30) and has type VARCHAR of another size in the binlog (metadata 90, not 120)');
    // 255 × 4 = 1020 bytes: the upper bits are in the type byte, inverted.
    expect(misfit(column('char(255)', true, 'utf8mb4'), mapped(254, 0xce | (0xfc << 8)))).toBeNull();
    expect(misfit(column('binary(16)'), mapped(254, 0xfe | (16 << 8)))).toBeNull();
    expect(misfit(column('binary(15)'), mapped(254, 0xfe | (16 << 8)))).toBe('c is binary(15) and has type STRING of another size in the binlog (metadata 4350, not 4094)');
  });
});
