import { describe, expect, it } from 'vitest';
import { misfit } from '../../../../src/mysql/schema/fits.ts';

function column(columnType: string, nullable = true) {
  const dataType = /^[a-z]+/.exec(columnType)?.[0] ?? '';
  return { name: 'c', columnType, dataType, nullable, charset: null, labels: null, unsigned: false, keyOrder: null };
}

describe('a catalogue column against the binlog', () => {
  it.each([
    ['int(11)', 3, 0],
    ['bigint(20) unsigned', 8, 0],
    ['decimal(12,2)', 246, 12 | (2 << 8)],
    ['datetime(3)', 18, 3],
    ['datetime', 18, 0],
    ['datetime', 12, 0],
    ['bit(10)', 16, 2 | (1 << 8)],
    ['varchar(30)', 15, 120],
    ['char(3)', 254, 0xfe | (12 << 8)],
    ["enum('a','b')", 247, 0xf7 | (1 << 8)],
    ['longtext', 252, 4],
    ['json', 245, 4],
    ['point', 255, 4],
    ['somethingnew', 99, 1],
  ])('fits: %s with type code %i and metadata %i', (type, typeCode, meta) => {
    expect(misfit(column(type), { typeCode, meta, nullable: true })).toBeNull();
  });

  it.each([
    ['int(11)', 8, 0, 'c is int(11) and has type code 8 in the binlog'],
    ['varchar(30)', 252, 2, 'c is varchar(30) and has type code 252 in the binlog'],
    ['decimal(12,2)', 246, 10 | (2 << 8), 'c is decimal(12,2) and has another size in the binlog (522)'],
    ['datetime(3)', 18, 6, 'c is datetime(3) and has another size in the binlog (6)'],
    ['text', 252, 4, 'c is text and has another size in the binlog (4)'],
  ])('does not fit: %s with type code %i and metadata %i', (type, typeCode, meta, why) => {
    expect(misfit(column(type), { typeCode, meta, nullable: true })).toBe(why);
  });

  it('compares nullability', () => {
    expect(misfit(column('int', false), { typeCode: 3, meta: 0, nullable: true })).toBe('c is not null and nullable in the binlog');
  });
});
