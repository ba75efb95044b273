import { describe, expect, it } from 'vitest';
import { readTables } from '../../../../src/mysql/schema/live-columns.ts';

describe('live columns', () => {
  it('are those of captured tables, without views, with keys in their order', async () => {
    const row = (tbl: string, name: string, type: string) => ({ db: 'shop', tbl, name, column_type: type, data_type: type.replace(/\W.*/, ''), nullable: 'NO', charset: null });
    const tables = await readTables(
      (sql) => {
        if (sql.includes('TABLES')) return Promise.resolve([{ db: 'shop', tbl: 'v' }]);
        if (sql.includes('STATISTICS')) return Promise.resolve([{ db: 'shop', tbl: 'a', name: 'y', seq: 1 }, { db: 'shop', tbl: 'a', name: 'x', seq: '2' }]);
        return Promise.resolve([row('a', 'x', 'int(10) unsigned'), row('a', 'y', "enum('unsigned')"), row('v', 'x', 'int(10)'), row('other', 'z', 'int(10)')]);
      },
      (_, table) => table !== 'other',
    );
    expect([...tables.keys()]).toEqual(['shop.a']);
    expect(tables.get('shop.a')?.map((column) => [column.name, column.keyOrder, column.unsigned, column.labels])).toEqual([
      ['x', 1, true, null],
      ['y', 0, false, ['unsigned']],
    ]);
  });
});
