import { describe, expect, it } from 'vitest';
import { changedTables, namedDatabase, fillsTable, onlyIfMissing, writtenTables } from '../../../../src/mysql/binlog/mentions.ts';
import { classify, savepointOf, startsTransaction } from '../../../../src/mysql/binlog/statement.ts';

const orders = (database: string, table: string): boolean => database === 'shop' && (table === 'orders' || table === 'status');
const wholeShop = (database: string): boolean => database === 'shop';

function labels(found: readonly { readonly database: string; readonly table: string }[]): string[] {
  return found.map(({ database, table }) => `${database}.${table}`);
}

describe('statements', () => {
  it.each([
    ['BEGIN', 'begin'],
    ['START TRANSACTION', 'begin'],
    ['/* app */ commit', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['ROLLBACK TO `a`', 'rollback-to'],
    ['ROLLBACK WORK TO SAVEPOINT a', 'rollback-to'],
    ['SAVEPOINT `a`', 'savepoint'],
    ['RELEASE SAVEPOINT `a`', 'release'],
    ["XA START X'61',X'',1", 'xa-start'],
    ["XA END X'61',X'',1", 'xa-end'],
    ["XA COMMIT X'61',X'',1", 'xa-commit'],
    ["XA ROLLBACK X'61',X'',1", 'xa-rollback'],
    ['XA RECOVER', 'xa'],
    ['ALTER TABLE orders ADD x INT', 'ddl'],
    ['ALTER ONLINE IGNORE TABLE orders ADD x INT', 'ddl'],
    ['/*!40000 ALTER TABLE orders ADD x INT */', 'ddl'],
    ['-- why\nDROP TABLE orders', 'ddl'],
    ['RENAME TABLE a TO orders', 'ddl'],
    ['CREATE UNIQUE INDEX i ON orders (x)', 'ddl'],
    ['CREATE DEFINER=`root`@`%` TRIGGER orders BEFORE INSERT ON x FOR EACH ROW SET @a = 1', 'harmless'],
    ['CREATE OR REPLACE ALGORITHM=UNDEFINED VIEW orders AS SELECT 1', 'harmless'],
    ['CREATE TEMPORARY TABLE orders (a INT)', 'harmless'],
    ['DROP TEMPORARY TABLE IF EXISTS `orders`', 'harmless'],
    ['CREATE DATABASE orders', 'database'],
    ['ALTER DATABASE orders CHARACTER SET utf8mb4', 'database'],
    ['DROP DATABASE orders', 'drop-database'],
    ['/* x */ drop schema if exists orders', 'drop-database'],
    ["RENAME USER 'orders' TO 'x'", 'harmless'],
    ['TRUNCATE orders', 'truncate'],
    ['# nothing but a comment', 'harmless'],
    ['', 'harmless'],
    ['INSERT INTO orders VALUES (1)', 'dml'],
    ['WITH a AS (SELECT 1) DELETE FROM orders', 'dml'],
    ['FROBNICATE orders', 'dml'],
    ['(SELECT 1)', 'dml'],
    ['1', 'dml'],
    ['`BEGIN`', 'dml'],
  ])('%s is %s', (sql, kind) => {
    expect(classify(sql).kind).toBe(kind);
  });

  it.each([
    ['SAVEPOINT `S 1`', 's 1'],
    ['ROLLBACK TO Sp', 'sp'],
    ['ROLLBACK WORK TO SAVEPOINT `a``b`;', 'a`b'],
  ])('%s names the savepoint %s', (sql, name) => {
    expect(savepointOf(classify(sql))).toBe(name);
  });

  it('tell a CREATE TABLE whose rows follow', () => {
    expect(startsTransaction(classify('CREATE TABLE t (a int) START TRANSACTION'))).toBe(true);
    expect(startsTransaction(classify("CREATE TABLE t (a int) COMMENT 'START TRANSACTION'"))).toBe(false);
  });

  it.each([
    ['CREATE TABLE t SELECT * FROM orders', true],
    ['CREATE TABLE t (a int) AS (SELECT 1)', true],
    ['CREATE TABLE t VALUES ROW(1)', true],
    ['CREATE TABLE t TABLE orders', true],
    ["CREATE TABLE t (a int COMMENT 'SELECT') PARTITION BY LIST (a) (PARTITION p VALUES IN (1))", false],
    ['ALTER TABLE t ADD `select` int', false],
  ])('%s holds rows: %s', (sql, fills) => {
    expect(fillsTable(classify(sql))).toBe(fills);
  });
});

describe('a statement that creates or drops', () => {
  it.each([
    ['CREATE TABLE IF NOT EXISTS t (a int)', true],
    ['CREATE TABLE t (a int)', false],
    ['CREATE OR REPLACE TABLE t (a int)', false],
    ['DROP TABLE IF EXISTS t', false],
  ])('%s leaves a table as it is: %s', (sql, leaves) => {
    expect(onlyIfMissing(classify(sql))).toBe(leaves);
  });

  it.each([
    ['DROP DATABASE shop', ['shop']],
    ['DROP SCHEMA IF EXISTS `Shop`', ['Shop', 'shop']],
    ['CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4', ['shop']],
    ['ALTER DATABASE CHARACTER SET latin1', ['now']],
    ['ALTER SCHEMA `default` COLLATE utf8mb4_bin', ['default']],
  ])('%s is about %j', (sql, databases) => {
    expect(namedDatabase(classify(sql), 'now')).toEqual(databases);
  });
});

describe('tables that DDL changes', () => {
  it.each([
    ['ALTER TABLE orders ADD x INT', 'shop', ['shop.orders']],
    ['ALTER TABLE `shop` . `orders` ADD x INT', '', ['shop.orders']],
    ['ALTER TABLE SHOP.Orders ADD x INT', '', ['shop.orders']],
    ['ALTER TABLE orders ADD x INT', 'other', []],
    ['ALTER TABLE items ADD status INT', 'shop', []],
    ['ALTER TABLE items RENAME COLUMN a TO status, RENAME INDEX b TO orders', 'shop', []],
    ['ALTER TABLE items RENAME TO orders', 'shop', ['shop.orders']],
    ['ALTER TABLE items ADD a INT, RENAME = orders', 'shop', ['shop.orders']],
    ['ALTER TABLE items EXCHANGE PARTITION p WITH TABLE shop.orders', 'other', ['shop.orders']],
    ['CREATE TABLE items (status int, CONSTRAINT f FOREIGN KEY (a) REFERENCES orders (id))', 'shop', []],
    ['CREATE TABLE IF NOT EXISTS orders (id int)', 'shop', ['shop.orders']],
    ['CREATE OR REPLACE TABLE orders LIKE status', 'shop', ['shop.orders']],
    ['DROP TABLE IF EXISTS `items`, `orders`, shop.status /* generated by server */', 'shop', ['shop.orders', 'shop.status']],
    ['RENAME TABLE orders TO old, fresh TO orders', 'shop', ['shop.orders']],
    ['RENAME TABLE other.orders TO shop.orders', '', ['shop.orders']],
    ['ALTER SEQUENCE orders RESTART', 'shop', ['shop.orders']],
  ])('%s in %s: %j', (sql, database, expected) => {
    expect(labels(changedTables(classify(sql), { database, captures: orders }))).toEqual(expected);
  });

  it('are not taken from the columns of a new table where a route takes the whole database', () => {
    expect(labels(changedTables(classify('CREATE TABLE shop.fresh (status int, orders int)'), { database: 'shop', captures: wholeShop }))).toEqual(['shop.fresh']);
  });
});

describe('tables that a statement writes', () => {
  it.each([
    ['UPDATE orders SET a = 1', 'shop', ['shop.orders']],
    ['UPDATE `shop`.`orders` SET a = 1', 'other', ['shop.orders']],
    ['UPDATE "shop" . "orders" SET a = 1', '', ['shop.orders']],
    ['UPDATE items JOIN orders ON items.id = orders.id SET orders.a = 1', 'shop', ['shop.orders']],
    ['UPDATE orders SET a = 1', 'other', []],
    ["UPDATE x SET a = 'orders', status = orders", 'shop', []],
    ['INSERT IGNORE INTO orders (a) VALUES (1)', 'shop', ['shop.orders']],
    ['INSERT LOW_PRIORITY orders VALUES (1)', 'shop', ['shop.orders']],
    ['INSERT INTO items (status) SELECT a FROM orders', 'shop', []],
    ['REPLACE INTO shop.orders VALUES (1)', '', ['shop.orders']],
    ['DELETE FROM orders WHERE id = 1', 'shop', ['shop.orders']],
    ['DELETE a FROM items AS a JOIN shop.orders AS b', 'other', ['shop.orders']],
    ['DELETE FROM items WHERE status = 1', 'shop', []],
    ["LOAD DATA LOCAL INFILE '/orders' IGNORE INTO TABLE `orders` (a)", 'shop', ['shop.orders']],
    ['WITH a AS (SELECT 1) DELETE FROM orders', 'shop', ['shop.orders']],
    ['FROBNICATE shop.orders', '', ['shop.orders']],
    ["INSERT /* into items */ INTO -- what\n orders VALUES ('it''s', 'a\\'b')", 'shop', ['shop.orders']],
  ])('%s in %s: %j', (sql, database, expected) => {
    expect(labels(writtenTables(classify(sql), { database, captures: orders }))).toEqual(expected);
  });

  it('are not taken from the name of a database where a route takes all tables of the default one', () => {
    expect(labels(writtenTables(classify('INSERT INTO other.log (a) VALUES (1)'), { database: 'shop', captures: wholeShop }))).toEqual([]);
  });
});
