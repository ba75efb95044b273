import { describe, expect, it } from 'vitest';
import { classify, mentions, startsTransaction } from '../../../../src/mysql/binlog/statement.ts';

const captures = (database: string, table: string): boolean => database === 'shop' && table === 'orders';

describe('statements', () => {
  it.each([
    ['BEGIN', 'begin'],
    ['/* app */ commit', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['ROLLBACK TO `a`', 'rollback-to'],
    ["XA START X'61',X'',1", 'xa-start'],
    ['ALTER TABLE orders ADD x INT', 'ddl'],
    ['/*!40000 ALTER TABLE orders ADD x INT */', 'ddl'],
    ['CREATE UNIQUE INDEX i ON orders (x)', 'harmless'],
    ['TRUNCATE orders', 'harmless'],
    ['INSERT INTO orders VALUES (1)', 'dml'],
    ['WITH a AS (SELECT 1) DELETE FROM orders', 'dml'],
    ['FROBNICATE orders', 'dml'],
  ])('%s is %s', (sql, kind) => {
    expect(classify(sql).kind).toBe(kind);
  });

  it.each([
    ['UPDATE orders SET a = 1', 'shop', 1],
    ['UPDATE `shop`.`orders` SET a = 1', 'other', 1],
    ['UPDATE "shop" . "orders" SET a = 1', '', 1],
    ['UPDATE orders SET a = 1', 'other', 0],
    ["UPDATE x SET a = 'orders'", 'shop', 0],
  ])('%s in %s names %i captured tables', (sql, database, count) => {
    expect(mentions(sql, database, captures)).toHaveLength(count);
  });

  it('tells a CREATE TABLE whose rows follow', () => {
    expect(startsTransaction('CREATE TABLE t (a int) START TRANSACTION')).toBe(true);
  });
});
