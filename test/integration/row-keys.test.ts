import { describe, expect, inject, it } from 'vitest';
import type { TableVersion } from '../../src/core/table.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { CapturedRecorder, optionsFor, reading } from './source-support.ts';

/** Tables of one row of ones, and the columns of their key. */
const SHAPES: Readonly<Record<string, readonly [columns: string, key: string]>> = {
  plain: ['a int primary key, b int not null unique', 'a'],
  none: ['a int, b int not null', ''],
  nullable: ['a int not null, b int unique', ''],
  one: ['a int, b int not null unique, c int unique', 'b'],
  two: ['a int, b int not null, c int not null, unique k (c, b)', 'c,b'],
  part: ['a int not null, b int, unique k (a, b)', ''],
  prefix: ['a varchar(20) not null, b int not null, unique p (a(5)), unique q (b)', 'b'],
  twice: ['a int not null, unique k (a), unique l (a)', 'a'],
};

/** The server tells keys in FULL metadata, but for MySQL 5.6, which tells nothing. */
const servers = [['MySQL 9.7', inject('mysql')], ['MariaDB 11.4', inject('mariadb')], ['MySQL 5.6, without metadata', inject('mysql56')]] as const;

class Keys extends CapturedRecorder {
  readonly keys: Record<string, string> = {};

  override table(version?: TableVersion): void {
    if (version?.captured === true) this.keys[version.name] = version.primaryKey.map((index) => version.columns[index]?.name).join();
  }
}

describe.each(servers)('the key of rows of %s', (_, server) => {
  it('is the unique key that stands for a missing primary key, whether the binlog tells it or not', async () => {
    const database = await freshDatabase(server);
    const create = Object.entries(SHAPES).map(([name, [columns]]) => `create table ${name} (${columns}); `).join('');
    const fill = Object.entries(SHAPES).map(([name, [columns]]) => `insert into ${name} values (${'abc'.split('').filter((column) => columns.includes(`${column} int`) || columns.includes(`${column} varchar`)).map(() => '1').join()}); `).join('');
    const options = optionsFor(server, { captures: (schema) => schema === database, reaches: (schema) => schema === database });
    const wanted = Object.fromEntries(Object.entries(SHAPES).map(([name, [, key]]) => [name, key]));
    const recorder = new Keys();
    // Captured as they are, and followed through their statements.
    await query(server, create, database);
    await reading({ options, from: 'latest', recorder }, async () => {
      await query(server, fill, database);
      await recorder.rowsUntil(Object.keys(SHAPES).length);
      expect(recorder.keys).toEqual(wanted);
      await query(server, `${Object.keys(SHAPES).map((name) => `drop table ${name}; `).join('')}${create}${fill}alter table one drop key b, add unique x (a, b), modify a int not null; insert into one values (2, 2, 2)`, database);
      await recorder.rowsUntil(2 * Object.keys(SHAPES).length + 1);
      expect(recorder.keys).toEqual({ ...wanted, one: 'a,b' });
    });
  });
});
