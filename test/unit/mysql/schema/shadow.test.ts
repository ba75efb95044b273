import { describe, expect, it } from 'vitest';
import { toldChanges } from '../../../../src/mysql/schema/news.ts';
import { shadowOf } from '../../../../src/mysql/schema/shadow.ts';
import type { TableChange } from '../../../../src/core/notice.ts';
import { trackedInts } from './history/support.ts';

const LONG = `a_table_whose_name_is_as_long_as_a_name_of_a_table_can_be_${'x'.repeat(6)}`;
const TABLES = ['x', '_own', 'orders', 'old', LONG];
const find = (name: string): string | null => shadowOf(name, (real) => TABLES.includes(real), (prefix) => TABLES.find((table) => table.startsWith(prefix)));

describe('a shadow table', () => {
  it.each([
    ['_x_gho', 'x'], ['_x_ghc', 'x'], ['_x_del', 'x'], ['_x_new', 'x'], ['_x_old', 'x'], ['_orders_20260102030405_del', 'orders'],
    ['__x_new', 'x'], ['____x_old', 'x'], ['__own_gho', '_own'], ['__own_new', '_own'], ['_old_old', 'old'],
    [`_${LONG.slice(0, 59)}_gho`, LONG],
  ])('%s is one of %s', (name, of) => {
    expect(find(name)).toBe(of);
  });

  it.each(['x', '_x', 'x_new', '_y_new', '_x_newer', '_new', 'orders_old', '_X_gho', '_a_table_gho'])('%s is none', (name) => {
    expect(find(name)).toBeNull();
  });
});

describe('what is told of changes', () => {
  const named = (name: string): { readonly database: string; readonly name: string } => ({ database: 'shop', name });
  const change = (kind: TableChange['kind'], name: string, from: string | null = null): TableChange => ({ kind, before: kind === 'create' ? null : trackedInts(from ?? name, 'id'), after: kind === 'drop' ? null : trackedInts(name, 'id', 'a'), table: named(name), renamedFrom: from === null ? null : named(from) });
  const told = (...changes: TableChange[]): string[] =>
    toldChanges(changes, { captures: (_, name) => name !== 'private', shadowOf: (_, name) => find(name) })
      .map(({ kind, table, renamedFrom, before, after }) => `${kind} ${renamedFrom === null ? '' : `${renamedFrom.name} to `}${table.name} ${before?.name ?? '-'} ${after?.name ?? '-'}`);

  it('of a cut-over is one change of the real table', () => {
    expect(told(change('rename', '_x_del', 'x'), change('rename', 'x', '_x_gho'))).toEqual(['alter x x x']);
    expect(told(change('rename', '_orders_old', 'orders'), change('rename', 'orders', '_orders_new'))).toEqual(['alter orders orders orders']);
  });

  it('of shadow tables is nothing', () => {
    expect(told(change('create', '_x_gho'), change('alter', '_x_gho'), change('create', '_x_ghc'), change('drop', '_x_del'))).toEqual([]);
  });

  it('of other renames is what they are, swaps and ways into and out of capture included', () => {
    expect(told(change('rename', 'a', 'b'), change('rename', 'b', 'a'))).toEqual(['rename b to a b a', 'rename a to b a b']);
    expect(told(change('rename', 'private', 'a'))).toEqual(['rename a to private a private']);
    expect(told(change('rename', 'a', 'private'))).toEqual(['rename private to a private a']);
    expect(told(change('alter', 'private'), change('create', '_y_new'), change('rename', '_x_old', 'y'))).toEqual(['create _y_new - _y_new', 'rename y to _x_old y _x_old']);
  });
});
