import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../../src/core/errors.ts';
import { catalogueColumns, fit } from '../../../../src/mysql/schema/fitting.ts';
import { mapped } from './follower-support.ts';
import { trackedColumn, trackedInts } from './history/support.ts';

const summary = (columns: ReturnType<typeof catalogueColumns>): string => columns.map(({ name, columnType, keyOrder }) => `${name} ${columnType}${keyOrder === null ? '' : ` key ${String(keyOrder)}`}`).join(', ');

describe('the columns of a tracked table', () => {
  it('are as declared, in key order where they are keys', () => {
    const table = { ...trackedInts('t', 'a', 'b'), primaryKey: ['b', 'a'] };
    expect(summary(catalogueColumns(table, 2))).toBe('a int key 1, b int key 0');
  });

  it('are JSON where only a check of MariaDB says so', () => {
    const table = { ...trackedInts('t'), columns: [trackedColumn('j', 'longtext', { json: true })] };
    expect(summary(catalogueColumns(table, 1))).toBe('j json');
  });

  it('have two more with system versioning, where the event has them', () => {
    const table = { ...trackedInts('t', 'id', 'a'), versioned: true };
    expect(summary(catalogueColumns(table, 4))).toBe('id int key 0, a int, row_start timestamp(6), row_end timestamp(6) key 1');
    expect([2, 3, 5].map((count) => catalogueColumns(table, count).length)).toEqual([2, 2, 2]);
    expect(catalogueColumns({ ...table, versioned: false }, 4)).toHaveLength(2);
    expect(summary(catalogueColumns({ ...table, primaryKey: [] }, 4))).toBe('id int, a int, row_start timestamp(6), row_end timestamp(6)');
  });
});

describe('columns and an event', () => {
  const columns = catalogueColumns(trackedInts('t', 'id', 'a'), 2);
  const why = (event: ReturnType<typeof mapped>): string => {
    const fits = fit('shop.t', columns, event);
    return fits instanceof RowcastError ? `${fits.code} ${fits.message}` : 'fit';
  };

  it('fit in number, place, type and nullability, and in name where the event has names', () => {
    expect([why(mapped(null, null)), why(mapped('id', 'a'))]).toEqual(['fit', 'fit']);
  });

  it('do not fit otherwise', () => {
    expect(why(mapped(null))).toBe('SCHEMA_MISMATCH shop.t has 2 columns here and 1 in the binlog');
    expect(why(mapped('a', 'id'))).toContain('id is a in the binlog');
    expect(why(mapped(null, null).map((column) => ({ ...column, typeCode: 8 })))).toContain('id is int and has type LONGLONG in the binlog');
    expect(why(mapped(null, null).map((column) => ({ ...column, nullable: true })))).toContain('id is int not null and nullable in the binlog');
  });
});
