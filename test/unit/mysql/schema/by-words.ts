import { changedTables, namedDatabase } from '../../../../src/mysql/binlog/mentions.ts';
import { nameAt } from '../../../../src/mysql/binlog/sql-words.ts';
import { classify } from '../../../../src/mysql/binlog/statement.ts';
import type { ApplyDdl } from '../../../../src/mysql/schema/ddl/index.ts';

/** Finds the tables that a statement may change by its words, and understands nothing of it. */
export const lookAgain: ApplyDdl = (_, { sql, database }, { captures }) => {
  const statement = classify(sql);
  const why = 'its words name the table';
  if (statement.kind === 'drop-database') return { kind: 'unknown', tables: [], databases: namedDatabase(statement, database), renames: [], why };
  if (statement.kind === 'truncate') {
    const name = nameAt(statement.words, statement.words[1]?.upper === 'TABLE' ? 2 : 1);
    const of = name === undefined || name.database === '' ? database : name.database;
    return name === undefined || !captures(of, name.table) ? { kind: 'irrelevant' } : { kind: 'truncated', table: { database: of, name: name.table } };
  }
  if (statement.kind !== 'ddl') return { kind: 'irrelevant' };
  const tables = changedTables(statement, { database, captures }).map((mention) => ({ database: mention.database, name: mention.table }));
  return tables.length === 0 ? { kind: 'irrelevant' } : { kind: 'unknown', tables, databases: [], renames: [], why };
};
