import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TableDeclaration } from '../../src/core/declaration.ts';
import type { TableChange } from '../../src/core/notice.ts';
import type { ApplyDdl, DdlContext } from '../../src/mysql/schema/ddl/index.ts';
import { loadDdl, Schema, UNKNOWN_SESSION } from '../../src/mysql/schema/ddl/index.ts';
import { MARIADB, MYSQL } from '../unit/mysql/schema/ddl/support.ts';

const STATEMENTS = ['tables.sql', 'alter.sql', 'mariadb.sql'].flatMap((file) => readFileSync(new URL(`../integration/ddl/${file}`, import.meta.url), 'utf8').split(';\n').map((sql) => sql.trim()));

/** Damage: a piece of the statement is taken out, doubled, moved, or replaced by one of another statement. */
const damaged = fc
  .tuple(fc.constantFrom(...STATEMENTS), fc.constantFrom(...STATEMENTS), fc.nat(), fc.nat({ max: 30 }), fc.constantFrom('cut', 'double', 'graft', 'end', 'noise'))
  .map(([sql, other, from, length, how]) => {
    const start = sql.length === 0 ? 0 : from % sql.length;
    const piece = sql.slice(start, start + length);
    const [before, after] = [sql.slice(0, start), sql.slice(start + length)];
    if (how === 'cut') return before + after;
    if (how === 'double') return before + piece + piece + after;
    if (how === 'graft') return before + other.slice(start, start + length) + after;
    return how === 'end' ? before : `${before}${"'`\"/*()!#;\\\0".charAt(from % 10)}${piece}${after}`;
  });

const TABLES = ['create table ints (a int, b int unsigned)', 'create table t (a int, b varchar(10), c int not null default 5, d text, e datetime, unique key u (a))', 'create table k (a int, b varchar(20), primary key (a), key kb (b(5)))', 'create table i (a int, b varchar(20), c text)', 'create table parents (id int primary key)'];

/** What the changes leave, by name: the table, or undefined where it is gone. */
function remaining(changes: readonly TableChange[]): Map<string, TableDeclaration | undefined> {
  const left = new Map<string, TableDeclaration | undefined>();
  for (const { table, renamedFrom, after } of changes) {
    if (renamedFrom !== null) left.set(`${renamedFrom.database}\0${renamedFrom.name}`, undefined);
    left.set(`${table.database}\0${table.name}`, after ?? undefined);
  }
  return left;
}

function start(apply: ApplyDdl, context: DdlContext): Schema {
  const schema = new Schema({ tables: [], databases: [{ name: 'ddl_a', charset: 'utf8mb4', collation: 'utf8mb4_general_ci' }, { name: 'ddl_b', charset: 'latin1', collation: 'latin1_bin' }] });
  for (const sql of TABLES) expect(apply(schema, { sql, database: 'ddl_a', session: UNKNOWN_SESSION }, context).kind).toBe('applied');
  return schema;
}

it.each([['MySQL', MYSQL], ['MariaDB', MARIADB]] as const)('whatever a statement says, %s tables are changed wholly or not at all', async (_, dialect) => {
  const apply = await loadDdl();
  const context: DdlContext = { dialect, captures: (database, name) => database.startsWith('ddl_') && name !== 'nope' };
  fc.assert(
    fc.property(damaged, (sql) => {
      const schema = start(apply, context);
      const before = JSON.stringify(schema.snapshot());
      const outcome = apply(schema, { sql, database: 'ddl_a', session: UNKNOWN_SESSION }, context);
      if (outcome.kind !== 'applied') expect(JSON.stringify(schema.snapshot())).toBe(before);
      else for (const [label, table] of remaining(outcome.changes)) expect(schema.table(...(label.split('\0') as [string, string]))).toBe(context.captures(...(label.split('\0') as [string, string])) ? table : undefined);
      for (const table of schema.tables()) expect(table.columns.length).toBeGreaterThan(0);
    }),
    { numRuns: 400 },
  );
});
