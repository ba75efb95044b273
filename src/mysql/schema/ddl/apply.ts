import type { TableName } from '../../../core/notice.ts';
import { alterTable } from './alter-table.ts';
import { createTable } from './create-table.ts';
import { alterDatabase, createDatabase, dropDatabase } from './database.ts';
import { Draft } from './draft.ts';
import type { Grammar } from './grammar.ts';
import type { DdlContext } from './contract.ts';
import { toPlain } from './lexical.ts';
import { createIndex, dropIndex, dropTables, renameTables } from './other-tables.ts';
import type { DdlOutcome } from './outcome.ts';
import type { Reading } from './reading.ts';
import { inMode, SQL_MODE, Undecided } from './reading.ts';
import type { Schema } from './schema.ts';
import type { DdlStatement } from './statement.ts';
import { createSequence } from './sequence.ts';
import type { Subject } from './subject.ts';
import { readSubject } from './subject.ts';
import type { Node } from './tree.ts';
import { find } from './tree.ts';

/** Applies statements with a grammar for each flavor. */
export class DdlApplier {
  readonly #grammars: (flavor: 'mysql' | 'mariadb') => Grammar;

  constructor(grammars: (flavor: 'mysql' | 'mariadb') => Grammar) {
    this.#grammars = grammars;
  }

  apply(schema: Schema, statement: DdlStatement, context: DdlContext): DdlOutcome {
    const { dialect, captures } = context;
    const plain = toPlain(statement.sql, { flavor: dialect.flavor, version: dialect.version, ansiQuotes: inMode({ statement }, SQL_MODE.ANSI_QUOTES), noBackslashEscapes: inMode({ statement }, SQL_MODE.NO_BACKSLASH_ESCAPES) });
    const reading: Reading = { plain, statement, dialect, schema };
    const subject = subjectOf(reading);
    if (subject === null) return IRRELEVANT;
    if (subject instanceof Undecided) return { kind: 'unknown', tables: [], databases: databasesOf(statement), renames: [], why: subject.message };
    const isCaptured = ({ database, name }: TableName): boolean => captures(database, name);
    if (subject.kind !== 'database' && ![...subject.before, ...subject.after].some(isCaptured)) return IRRELEVANT;
    const [first] = subject.after;
    if (subject.kind === 'truncate') return first === undefined ? IRRELEVANT : { kind: 'truncated', table: first };
    return this.#follow(reading, subject, new Draft(schema, captures));
  }

  #follow(reading: Reading, subject: Subject, draft: Draft): DdlOutcome {
    try {
      const tree = this.#grammars(reading.dialect.flavor).parse(reading.plain.text);
      if (tree === null) return unknown(subject, draft, 'the grammar does not know this statement');
      follow(reading, tree, draft);
    } catch (error) {
      // Whatever it was: the schema is as it was, and the tables are looked at again.
      return unknown(subject, draft, error instanceof Error ? error.message : String(error));
    }
    return { kind: 'applied', changes: draft.commit() };
  }
}

const IRRELEVANT: DdlOutcome = { kind: 'irrelevant' };

/** Whatever goes wrong, nothing is known of the statement but its default database. */
function subjectOf(reading: Reading): Subject | Undecided | null {
  try {
    return readSubject(reading);
  } catch (error) {
    return error instanceof Undecided ? error : new Undecided(String(error));
  }
}

function databasesOf({ database }: DdlStatement): string[] {
  return database === '' ? [] : [database];
}

function unknown({ before, after, databases }: Subject, draft: Draft, why: string): DdlOutcome {
  const renames = before.flatMap((from, i) => {
    const to = after[i];
    return to === undefined || (from.database === to.database && from.name === to.name) ? [] : [{ from, to }];
  });
  return { kind: 'unknown', tables: after.filter((name) => draft.captures(name)), databases, renames, why };
}

type Follow = (reading: Reading, node: Node, draft: Draft) => void;

const RULES: readonly (readonly [string, Follow])[] = [
  ['createTable', createTable],
  ['alterTable', alterTable],
  ['dropTable', dropTables],
  ['renameTable', renameTables],
  ['createIndex', createIndex],
  ['dropIndex', dropIndex],
  ['createDatabase', createDatabase],
  ['alterDatabase', alterDatabase],
  ['dropDatabase', dropDatabase],
  ['dropSequence', dropTables],
  ['createSequence', createSequence],
  ['alterSequence', () => undefined],
];

/** @throws Undecided */
function follow(reading: Reading, tree: Node, draft: Draft): void {
  for (const [rule, change] of RULES) {
    const node = find(tree, rule);
    if (node !== undefined) {
      change(reading, node, draft);
      return;
    }
  }
  throw new Undecided('this kind of statement is not followed');
}
