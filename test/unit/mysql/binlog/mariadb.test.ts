import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { column, events, fixture, record } from './support.ts';

const file = fixture('mariadb-10.11-full.binlog');
const declared = [column('id', 'int(10) unsigned'), column('y', 'year(4)'), column('u', 'bigint(20) unsigned'), column('n', 'varchar(20)'), column('e', "enum('a','b')"), column('k', 'uuid')];

describe('a binlog of MariaDB 10.11 with full metadata', () => {
  it('becomes tables, transactions, rows and commits', () => {
    const run = record({ flavor: 'mariadb' }, declared);
    for (const [start, end] of events(file)) void run.decoder.event(file, start, end);
    expect(run.calls).toMatchInlineSnapshot(`
      [
        "ddl CREATE fix.database",
        "ddl CREATE fix.fix",
        "commit binlog.000001:452 (0-7-1)",
        "ddl CREATE fix.t",
        "ddl CREATE fix.id",
        "ddl CREATE fix.int",
        "ddl CREATE fix.unsigned",
        "ddl CREATE fix.y",
        "ddl CREATE fix.year",
        "ddl CREATE fix.u",
        "ddl CREATE fix.bigint",
        "ddl CREATE fix.n",
        "ddl CREATE fix.varchar",
        "ddl CREATE fix.20",
        "ddl CREATE fix.charset",
        "ddl CREATE fix.latin1",
        "ddl CREATE fix.e",
        "ddl CREATE fix.enum",
        "ddl CREATE fix.k",
        "ddl CREATE fix.uuid",
        "commit binlog.000001:695 (0-7-2)",
        "table t",
        "begin 0-7-3",
        "insert t at 980, 39 bytes",
        "update t at 1193, 68 bytes",
        "commit binlog.000001:1326 (0-7-3)",
        "begin 0-7-4",
        "delete t at 1504, 5 bytes",
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
