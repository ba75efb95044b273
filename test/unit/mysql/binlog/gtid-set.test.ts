import { describe, expect, it } from 'vitest';
import { MariadbGtidSet, MysqlGtidSet } from '../../../../src/mysql/binlog/gtid-set.ts';

const A = '884a22a1-e74e-11f1-b14c-02fc00000001';

describe('GTID sets', () => {
  it('join neighbours and keep gaps', () => {
    const set = MysqlGtidSet.parse(`${A}:1-5:7`);
    set.add(A, 8);
    expect(String(set)).toBe(`${A}:1-5:7-8`);
    set.add(A, 6);
    expect(String(set)).toBe(`${A}:1-8`);
  });

  it('keep tags apart', () => {
    expect(String(MysqlGtidSet.parse(`${A.toUpperCase()}:2:blue:1-3:5, `))).toBe(`${A}:2,${A}:blue:1-3:5`);
  });

  it('know what they contain, and merge', () => {
    const set = MysqlGtidSet.parse(`${A}:1-5`);
    const more = MysqlGtidSet.parse(`${A}:4-9`);
    expect(set.contains(more)).toBe(false);
    set.merge(more);
    expect(set.contains(more)).toBe(true);
    expect(String(set)).toBe(`${A}:1-9`);
  });

  it('of MariaDB hold the last of each domain', () => {
    const set = MariadbGtidSet.parse('1-2-3,0-7-9');
    set.add('0-8', 10n);
    expect(String(set)).toBe('0-8-10,1-2-3');
  });

  it('of MariaDB are set back in one domain, and know what lies before them', () => {
    const set = MariadbGtidSet.parse('0-7-9,1-2-3,2-1-8');
    expect([8, 9, 10n].map((number) => set.contains({ source: '0-5', number, separator: '-' }))).toEqual([true, true, false]);
    expect(set.contains({ source: '3-5', number: 1, separator: '-' })).toBe(false);
    set.rewind('1-2-3', MariadbGtidSet.parse('0-1-1,1-4-2'));
    expect(String(set)).toBe('0-7-9,1-4-2,2-1-8');
    set.rewind('2-1-1', MariadbGtidSet.parse(''));
    expect(String(set)).toBe('0-7-9,1-4-2');
  });

  it.each(['x', A, `${A}:0`, `${A}:5-3`])('refuse %s', (text) => {
    expect(() => MysqlGtidSet.parse(text)).toThrow('is not a GTID set');
  });
});
