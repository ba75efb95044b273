import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { column, events, feed, fixture, record } from './support.ts';

const file = fixture('mariadb-10.11-full');
const declared = [column('id', 'int(10) unsigned'), column('y', 'year(4)'), column('u', 'bigint(20) unsigned'), column('n', 'varchar(20)'), column('e', "enum('a','b')"), column('k', 'uuid')];

describe('a binlog of MariaDB 10.11 with full metadata', () => {
  it('becomes tables, transactions, rows and commits', () => {
    const run = record({ flavor: 'mariadb' }, declared);
    for (const [start, end] of events(file)) void run.decoder.event(file, start, end);
    expect(run.calls).toMatchInlineSnapshot(`
      [
        "passed binlog_checkpoint",
        "commit binlog.000001:452 (0-7-1)",
        "ddl CREATE fix.t",
        "commit binlog.000001:695 (0-7-2)",
        "table t",
        "begin 0-7-3",
        "insert t at 980: [1 2026 18446744073709551615 x b 00112233-4455-6677-8899-aabbccddeeff], [2 NULL NULL NULL NULL NULL]",
        "update t at 1193: [1 2026 18446744073709551615 x b 00112233-4455-6677-8899-aabbccddeeff]→[1 2026 18446744073709551615 y b 00112233-4455-6677-8899-aabbccddeeff]",
        "commit binlog.000001:1326 (0-7-3)",
        "begin 0-7-4",
        "delete t at 1504: [2 NULL NULL NULL NULL NULL]",
        "commit binlog.000001:1573 (0-7-4)",
        "commit binlog.000002:4 (0-7-4)",
      ]
    `);
    expect(run.tables[0]?.columns.map(({ name, type }) => [name, type])).toMatchInlineSnapshot(`
      [
        [
          "id",
          {
            "bytes": 4,
            "family": "integer",
            "unsigned": true,
          },
        ],
        [
          "y",
          {
            "family": "year",
          },
        ],
        [
          "u",
          {
            "bytes": 8,
            "family": "integer",
            "unsigned": true,
          },
        ],
        [
          "n",
          {
            "charset": "latin1",
            "family": "text",
            "maxBytes": 20,
          },
        ],
        [
          "e",
          {
            "family": "enum",
            "labels": [
              "a",
              "b",
            ],
          },
        ],
        [
          "k",
          {
            "family": "uuid",
          },
        ],
      ]
    `);
    expect(run.tables[0]?.primaryKey).toEqual([0]);
  });

  it('is refused where any bit of an event is wrong', () => {
    let seed = 1;
    for (let round = 0; round < 400; round++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const damaged = Buffer.from(file);
      const at = 4 + (seed % (file.length - 4));
      damaged[at] = (damaged[at] as number) ^ (1 << (round & 7));
      // The header's "in use" flag of the first event is no part of its checksum.
      if (at === 4 + 17 && (round & 7) === 0) continue;
      const run = record({ flavor: 'mariadb' }, declared);
      const outcome = (): string => {
        try {
          for (const [start, end] of events(file)) void run.decoder.event(damaged, start, end);
        } catch (error) {
          return error instanceof RowcastError ? error.code : String(error);
        }
        return 'accepted';
      };
      expect(['EVENT_CORRUPT', at < 252 ? 'EVENT_UNSUPPORTED' : 'EVENT_CORRUPT']).toContain(outcome());
    }
  });
});

describe('a binlog of MariaDB 11.4 whose log positions are 0 inside transactions', () => {
  const rolledBack = fixture('mariadb-11.4-rolled-back');

  it('is told without the rows that a rollback, or one to a savepoint, takes back', () => {
    const run = record({ flavor: 'mariadb' });
    feed(run, rolledBack);
    expect(run.calls.slice(-14)).toEqual([
      'begin 0-1-4',
      'insert my at 934: [1]',
      'commit binlog.000001:1044 (0-1-4)',
      'table t',
      'begin 0-1-5',
      'insert t at 1187: [1]',
      'insert t at 1625: [3]',
      'commit binlog.000001:1694 (0-1-5)',
      'commit binlog.000001:1949 (0-1-6)',
      'ddl CREATE fix.copied',
      'table copied',
      'begin 0-1-7',
      'insert copied at 2221: [1], [3]',
      'commit binlog.000001:2295 (0-1-7)',
      'commit binlog.000002:4 (0-1-7)',
    ].slice(-14));
  });

  it('counts rows that are not captured as they come, also those that are taken back', () => {
    const run = record({ flavor: 'mariadb', captures: (_, table) => table === 'copied' });
    feed(run, rolledBack);
    expect(run.calls.slice(-11)).toEqual([
      'insert t at 1625: [3]',
      'begin 0-1-5',
      'commit binlog.000001:1694 (0-1-5)',
      'insert t at 1837: [4]',
      'commit binlog.000001:1949 (0-1-6)',
      'ddl CREATE fix.copied',
      'table copied',
      'begin 0-1-7',
      'insert copied at 2221: [1], [3]',
      'commit binlog.000001:2295 (0-1-7)',
      'commit binlog.000002:4 (0-1-7)',
    ]);
  });
});
