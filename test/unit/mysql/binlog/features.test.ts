import { describe, expect, it } from 'vitest';
import { feed, fixture, record } from './support.ts';

/** What a fixture gives, without the GTID sets of positions. */
function calls(name: string): string[] {
  const run = record({ flavor: name.startsWith('mariadb') ? 'mariadb' : 'mysql' });
  feed(run, fixture(name));
  return run.calls.map((call) => call.replace(/ \(.*/u, '').replace(/ [0-9a-f]{8}-.*:/u, ' '));
}

describe('rows that servers log in special forms are told as any others', () => {
  it('a compressed transaction of MySQL', () => {
    expect(calls('mysql-9.7-compressed').slice(3)).toEqual([
      'table t',
      'begin 3',
      'insert t at 628: [1 {"a": [1, 2, 3, 4, 5, 6, 7, 8]}]',
      'commit binlog.000001:833',
      'commit binlog.000002:4',
    ]);
  });

  it('partial JSON updates of MySQL', () => {
    expect(calls('mysql-9.7-partial-json').slice(7)).toEqual([
      'begin 4',
      'update t at 1107: [1 {"a": "long enough to be changed in place"}]→[1 {"a": "short"}]',
      'commit binlog.000001:1255',
      'commit binlog.000002:4',
    ]);
  });

  it('compressed rows of MariaDB', () => {
    expect(calls('mariadb-11.4-compressed').slice(4)).toEqual([
      'table t',
      'begin 0-1-3',
      `insert t at 800: [1 ${'x'.repeat(400)}]`,
      'commit binlog.000001:887',
      'commit binlog.000002:4',
    ]);
  });
});
