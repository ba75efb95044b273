import { describe, expect, it } from 'vitest';
import { column, feed, fixture, record, followed } from './support.ts';

describe('a binlog of MySQL 9.7 with full metadata', () => {
  const run = record();
  feed(run, fixture('mysql-9.7-full'));

  it('becomes tables, transactions, rows and commits', () => {
    expect(run.calls).toMatchInlineSnapshot(`
      [
        "commit binlog.000001:340 (423389e4-e782-11f1-a920-02fc00000001:1)",
        "ddl CREATE fix.t",
        "commit binlog.000001:639 (423389e4-e782-11f1-a920-02fc00000001:1-2)",
        "table t",
        "begin 423389e4-e782-11f1-a920-02fc00000001:3",
        "insert t at 907: [1 one 1250e-2 2026-01-02 03:04:05.678 {"a": 1} b], [2 NULL NULL NULL NULL NULL]",
        "update t at 1174: [1 one 1250e-2 2026-01-02 03:04:05.678 {"a": 1} b]→[1 uno 1250e-2 2026-01-02 03:04:05.678 {"a": 1} b]",
        "commit binlog.000001:1399 (423389e4-e782-11f1-a920-02fc00000001:1-3)",
        "begin 423389e4-e782-11f1-a920-02fc00000001:4",
        "insert t at 1943: [10 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [11 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [12 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [13 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [14 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [15 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [16 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [17 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [18 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL]",
        "insert t at 2212: [19 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL]",
        "delete t at 2380: [10 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [11 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [12 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [13 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [14 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [15 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [16 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [17 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL], [18 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL]",
        "delete t at 2649: [19 xxxxxxxxxxxxxxxxxxxx NULL NULL NULL NULL]",
        "commit binlog.000001:2741 (423389e4-e782-11f1-a920-02fc00000001:1-4)",
        "begin 5ca1ab1e-0000-4000-8000-00000000feed:blue:1",
        "update t at 3009: [1 uno 1250e-2 2026-01-02 03:04:05.678 {"a": 1} b]→[1 uno 9999e-2 2026-01-02 03:04:05.678 {"a": 1} b]",
        "commit binlog.000001:3152 (423389e4-e782-11f1-a920-02fc00000001:1-4,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "ddl CREATE fix.copy",
        "table copy",
        "begin 423389e4-e782-11f1-a920-02fc00000001:5",
        "insert copy at 3551: [1 uno], [2 NULL]",
        "commit binlog.000001:3631 (423389e4-e782-11f1-a920-02fc00000001:1-5,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "ddl CREATE fix.my",
        "commit binlog.000001:3837 (423389e4-e782-11f1-a920-02fc00000001:1-6,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "table my",
        "begin 423389e4-e782-11f1-a920-02fc00000001:7",
        "insert my at 4048: [1], [2]",
        "commit binlog.000001:4168 (423389e4-e782-11f1-a920-02fc00000001:1-7,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "commit binlog.000001:4333 (423389e4-e782-11f1-a920-02fc00000001:1-8,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "ddl ALTER fix.t",
        "commit binlog.000001:4539 (423389e4-e782-11f1-a920-02fc00000001:1-9,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "table t",
        "begin 423389e4-e782-11f1-a920-02fc00000001:10",
        "insert t at 4806: [-1 40 NULL NULL NULL NULL NULL]",
        "commit binlog.000001:4885 (423389e4-e782-11f1-a920-02fc00000001:1-10,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "ddl DROP fix.copy",
        "commit binlog.000001:5089 (423389e4-e782-11f1-a920-02fc00000001:1-11,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
        "commit binlog.000002:4 (423389e4-e782-11f1-a920-02fc00000001:1-11,5ca1ab1e-0000-4000-8000-00000000feed:blue:1)",
      ]
    `);
  });

  it('tells what each transaction is', () => {
    expect(run.transactions.map(({ gtid, id, file, serverId, threadId, committedMicros }) => ({ gtid, id, file, serverId, threadId, committedMicros }))).toMatchInlineSnapshot(`
      [
        {
          "committedMicros": 1795468212695156,
          "file": "binlog.000001",
          "gtid": "423389e4-e782-11f1-a920-02fc00000001:3",
          "id": "423389e4-e782-11f1-a920-02fc00000001:3",
          "serverId": 1,
          "threadId": 11,
        },
        {
          "committedMicros": 1795468212696320,
          "file": "binlog.000001",
          "gtid": "423389e4-e782-11f1-a920-02fc00000001:4",
          "id": "423389e4-e782-11f1-a920-02fc00000001:4",
          "serverId": 1,
          "threadId": 11,
        },
        {
          "committedMicros": 1795468212697491,
          "file": "binlog.000001",
          "gtid": "5ca1ab1e-0000-4000-8000-00000000feed:blue:1",
          "id": "5ca1ab1e-0000-4000-8000-00000000feed:blue:1",
          "serverId": 1,
          "threadId": 11,
        },
        {
          "committedMicros": 1795468212703514,
          "file": "binlog.000001",
          "gtid": "423389e4-e782-11f1-a920-02fc00000001:5",
          "id": "423389e4-e782-11f1-a920-02fc00000001:5",
          "serverId": 1,
          "threadId": 11,
        },
        {
          "committedMicros": 1795468212710256,
          "file": "binlog.000001",
          "gtid": "423389e4-e782-11f1-a920-02fc00000001:7",
          "id": "423389e4-e782-11f1-a920-02fc00000001:7",
          "serverId": 1,
          "threadId": 11,
        },
        {
          "committedMicros": 1795468212742775,
          "file": "binlog.000001",
          "gtid": "423389e4-e782-11f1-a920-02fc00000001:10",
          "id": "423389e4-e782-11f1-a920-02fc00000001:10",
          "serverId": 1,
          "threadId": 11,
        },
      ]
    `);
  });

  it('tells columns and keys', () => {
    expect(run.tables.map(({ name, primaryKey, columns }) => [name, primaryKey, columns.map((one) => `${one.name} ${one.sqlType}${one.nullable ? '' : ' not null'}`)])).toMatchInlineSnapshot(`
      [
        [
          "t",
          [
            0,
          ],
          [
            "id int unsigned not null",
            "name varchar(20)",
            "price decimal(10,2)",
            "at timestamp(3)",
            "doc json",
            "e enum('a','b')",
          ],
        ],
        [
          "copy",
          [],
          [
            "id int unsigned not null",
            "name varchar(20)",
          ],
        ],
        [
          "my",
          [
            0,
          ],
          [
            "id int not null",
          ],
        ],
        [
          "t",
          [
            1,
          ],
          [
            "extra bigint",
            "id int unsigned not null",
            "name varchar(20)",
            "price decimal(10,2)",
            "at timestamp(3)",
            "doc json",
            "e enum('a','b')",
          ],
        ],
      ]
    `);
  });
});

describe('a binlog of MySQL 9.7 with minimal metadata and without GTIDs', () => {
  const labels = ['a', 'b'];
  const columns = [column('id', 'int unsigned', { keyOrder: 0 }), column('name', 'varchar(20)', { charset: 'utf8mb4' }), column('e', "enum('a','b')", { labels, charset: 'utf8mb4' })];
  const run = record({ catalogue: followed((_, __, mapped) => ({ columns: columns.slice(0, mapped.length) }), (verb, table, place) => void run.calls.push(`ddl ${verb} ${table} at ${place}`)) });
  feed(run, fixture('mysql-9.7-minimal-anonymous'));

  it('becomes tables, transactions, rows and commits', () => {
    expect(run.calls).toMatchInlineSnapshot(`
      [
        "commit binlog.000001:340",
        "ddl CREATE fix.t at binlog.000001:417",
        "commit binlog.000001:588",
        "ddl CREATE fix.my at binlog.000001:665",
        "commit binlog.000001:794",
        "table t",
        "begin binlog.000001:794",
        "insert t at 1004: [4000000000 one b]",
        "commit binlog.000001:1080",
        "table my",
        "begin binlog.000001:1080",
        "insert my at 1280: [2]",
        "commit binlog.000001:1395",
        "ddl CREATE fix.copied at binlog.000001:1472",
        "commit binlog.000001:1611",
        "table copied",
        "begin binlog.000001:1611",
        "insert copied at 1815: [4000000000]",
        "commit binlog.000001:1930",
        "commit binlog.000002:4",
      ]
    `);
  });

  it('tells what each transaction is', () => {
    expect(run.transactions.map(({ gtid, id, threadId, committedMicros }) => ({ gtid, id, threadId, committedMicros }))).toMatchInlineSnapshot(`
      [
        {
          "committedMicros": 1795468212806008,
          "gtid": null,
          "id": "binlog.000001:794",
          "threadId": 12,
        },
        {
          "committedMicros": 1795468212807341,
          "gtid": null,
          "id": "binlog.000001:1080",
          "threadId": 12,
        },
        {
          "committedMicros": 1795468212810248,
          "gtid": null,
          "id": "binlog.000001:1611",
          "threadId": 12,
        },
      ]
    `);
    expect(run.tables[0]?.primaryKey).toEqual([0]);
  });
});

describe('a binlog of MySQL 5.6', () => {
  const columns = [column('id', 'int(10) unsigned', { keyOrder: 0 }), column('name', 'varchar(20)', { charset: 'utf8mb4' }), column('at', 'datetime(3)'), column('old', 'year(4)')];
  const run = record({}, []);

  it('becomes tables, transactions, rows and commits', () => {
    const told = record({ catalogue: followed((_, __, mapped) => ({ columns: columns.slice(0, mapped.length) }), (verb, table) => void told.calls.push(`ddl ${verb} ${table}`)) });
    feed(told, fixture('mysql-5.6'));
    expect(told.calls).toMatchInlineSnapshot(`
      [
        "commit binlog.000001:290 (46232e57-e782-11f1-bd48-02fc00000001:1)",
        "ddl CREATE fix.t",
        "commit binlog.000001:520 (46232e57-e782-11f1-bd48-02fc00000001:1-2)",
        "ddl CREATE fix.my",
        "commit binlog.000001:692 (46232e57-e782-11f1-bd48-02fc00000001:1-3)",
        "table t",
        "begin 46232e57-e782-11f1-bd48-02fc00000001:4",
        "insert t at 860: [1 one 2026-01-02 03:04:05.678 2026], [2 NULL NULL NULL]",
        "update t at 1045: [1 one 2026-01-02 03:04:05.678 2026]→[1 uno 2026-01-02 03:04:05.678 2026]",
        "commit binlog.000001:1146 (46232e57-e782-11f1-bd48-02fc00000001:1-4)",
        "table my",
        "begin 46232e57-e782-11f1-bd48-02fc00000001:5",
        "insert my at 1309: [1], [2]",
        "commit binlog.000001:1426 (46232e57-e782-11f1-bd48-02fc00000001:1-5)",
        "commit binlog.000001:1550 (46232e57-e782-11f1-bd48-02fc00000001:1-6)",
        "ddl ALTER fix.t",
        "commit binlog.000001:1699 (46232e57-e782-11f1-bd48-02fc00000001:1-7)",
        "ddl DROP fix.my",
        "commit binlog.000001:1860 (46232e57-e782-11f1-bd48-02fc00000001:1-8)",
        "commit binlog.000002:4 (46232e57-e782-11f1-bd48-02fc00000001:1-8)",
      ]
    `);
    expect(told.transactions.map(({ gtid, threadId, committedMicros }) => ({ gtid, threadId, committedMicros }))).toMatchInlineSnapshot(`
      [
        {
          "committedMicros": 1795468213000000,
          "gtid": "46232e57-e782-11f1-bd48-02fc00000001:4",
          "threadId": 2,
        },
        {
          "committedMicros": 1795468213000000,
          "gtid": "46232e57-e782-11f1-bd48-02fc00000001:5",
          "threadId": 2,
        },
      ]
    `);
  });

  it('is refused where the catalogue knows another number of columns', () => {
    expect(() => { feed(run, fixture('mysql-5.6')); }).toThrow('the binlog shows 4 columns of fix.t, 0 have names');
  });
});
