import { describe, expect, it } from 'vitest';
import { sqlShape } from '../../../../src/mysql/binlog/sql-words.ts';

describe('a statement without its values', () => {
  it.each([
    ["update t set doc = '{}' where id = 1", 'update t set doc = ? where id = ?'],
    ["INSERT INTO `shop`.`t` VALUES (1.5, -2e10, 0xff, x'00', \"two\", 'it''s', NULL)", 'INSERT INTO `shop`.`t` VALUES (?, -?, ?, x?, ?, ?, NULL)'],
    ["delete from t2 /* card 4111 */ where a1 = 'x' -- secret\n and b = 2 # more", 'delete from t2 where a1 = ? and b = ?'],
    ["/*!80000 update t set a = 'v' */", '/*!80000 update t set a = ? */'],
    ["update t set a = 'never ends, secret", 'update t set a = ?'],
    ["update t set a = 'x\\\\', b = 'secret'", 'update t set a = ?'],
    ["update t set a = 'x\\\', b = 'secret'", 'update t set a = ?'],
  ])('%s', (sql, shape) => {
    expect(sqlShape(sql)).toBe(shape);
  });

  it('is cut where it is long', () => {
    const shape = sqlShape(`delete from t where id in (${Array.from({ length: 500 }, (_, i) => i).join(', ')})`);
    expect(shape.length).toBe(301);
    expect(shape.endsWith('…')).toBe(true);
  });
});
