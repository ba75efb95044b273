import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { column, events, fixture, record } from './support.ts';

const file = fixture('mariadb-10.11-full.binlog');
const declared = [column('id', 'int(10) unsigned'), column('y', 'year(4)'), column('u', 'bigint(20) unsigned'), column('n', 'varchar(20)'), column('e', "enum('a','b')"), column('k', 'uuid')];

describe('a binlog of MariaDB 10.11 with full metadata', () => {
  it('becomes tables, transactions, rows and commits', () => {
    const run = record({ flavor: 'mariadb' }, declared);
    for (const [start, end] of events(file)) void run.decoder.event(file, start, end);
    expect(run.calls).toMatchInlineSnapshot();
    expect(run.tables[0]?.columns.map(({ name, type }) => [name, type])).toMatchInlineSnapshot();
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
      const feed = (): void => {
        for (const [start, end] of events(file)) void run.decoder.event(damaged, start, end);
      };
      expect(feed).toThrow(RowcastError);
      expect(feed).toThrow(/checksum|size of the event|FORMAT_DESCRIPTION|binlog version|field runs past|without/u);
    }
  });
});
