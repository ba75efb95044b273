import { describe, expect, inject, it } from 'vitest';
import { freshDatabase, query } from '../support/mysql.ts';
import { capture, images } from './types-support.ts';

/** The binlog tells the signs of numbers in one list, in which servers count YEAR as well: a column after one must not get its neighbour's sign. */
describe.each(['mysql', 'mariadb'] as const)('numbers around a YEAR in %s', (kind) => {
  it('keep their own signs', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'signs');
    const [lines = []] = await capture({
      server,
      prepare: `use ${database}; create table t (a int unsigned, y year, b tinyint, z year, c bigint unsigned, d smallint, e decimal(3,0), f tinyint unsigned)`,
      change: `insert into ${database}.t values (4294967295, 2020, -1, 1999, 18446744073709551615, -2, -3, 255)`,
      wanted: [{ format: 'plain', database }],
    });
    expect(images(lines, 't')).toEqual(['{"a":4294967295,"y":2020,"b":-1,"z":1999,"c":"18446744073709551615","d":-2,"e":"-3","f":255}']);
    await query(server, `drop database ${database}`);
  });
});
