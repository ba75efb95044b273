import { nameAt, skipWords, type SqlName, type SqlWord } from './sql-words.ts';
import type { Statement } from './statement.ts';

/** A captured table that a statement is about. */
export interface Mention {
  readonly database: string;
  readonly table: string;
}

/** Where a statement is looked at. */
export interface MentionContext {
  /** The session's default database, empty without one. */
  readonly database: string;
  readonly captures: (database: string, table: string) => boolean;
}

/** The captured tables that a DDL statement creates, drops, renames or alters; where its form is not known, any that a word of it could be. */
export function changedTables(statement: Statement, context: MentionContext): Mention[] {
  return captured(ddlNames(statement) ?? everyName(statement.words), context);
}

/**
 * The captured tables that a statement writes rows of; where its form is not known, any that a word of it could be.
 * What triggers and foreign keys write besides is not in the text.
 */
export function writtenTables(statement: Statement, context: MentionContext): Mention[] {
  return captured(dmlNames(statement) ?? everyName(statement.words), context);
}

/** The database of CREATE, ALTER or DROP DATABASE as it stands and, where that differs, in lower case. ALTER may name none. */
export function namedDatabase({ words }: Statement, current: string): string[] {
  const at = words.findIndex(({ upper }) => upper === 'DATABASE' || upper === 'SCHEMA');
  const next = skipWords(words, at + 1, IF_EXISTS);
  const word = words[next];
  const named = word !== undefined && (word.kind === 'quoted' || (word.kind === 'bare' && !DATABASE_OPTIONS.has(word.upper))) ? word.text : current;
  return named === '' ? [] : [...new Set([named, named.toLowerCase()])];
}

const DATABASE_OPTIONS = new Set(['DEFAULT', 'CHARACTER', 'CHARSET', 'COLLATE', 'ENCRYPTION', 'READ', 'COMMENT', 'UPGRADE']);

/** True for CREATE TABLE IF NOT EXISTS: MySQL logs it even where there is such a table, which it then leaves as it is. */
export function onlyIfMissing({ verb, words }: Statement): boolean {
  return verb === 'CREATE' && words[1]?.upper === 'TABLE' && words[2]?.upper === 'IF' && words[3]?.upper === 'NOT';
}

/** True for CREATE TABLE … SELECT and its like, whose rows nothing but this text holds. */
export function fillsTable({ verb, words }: Statement): boolean {
  const table = words.findIndex((word) => word.upper === 'TABLE');
  if (verb !== 'CREATE' || table < 0) return false;
  return words.some(({ upper }, i) => upper === 'SELECT' || (upper === 'VALUES' && words[i + 1]?.upper === 'ROW') || (upper === 'TABLE' && i > table));
}

/** Each name is taken as it stands and, for servers that keep names in lower case, in lower case. */
function captured(names: readonly SqlName[], { database, captures }: MentionContext): Mention[] {
  const found = new Map<string, Mention>();
  for (const name of names) {
    const named = name.database === '' ? database : name.database;
    if (named === '') continue;
    for (const one of [{ database: named, table: name.table }, { database: named.toLowerCase(), table: name.table.toLowerCase() }]) {
      if (captures(one.database, one.table)) found.set(`${one.database}\0${one.table}`, one);
    }
  }
  return [...found.values()];
}

const BEFORE_TABLE = new Set(['OR', 'REPLACE', 'ONLINE', 'OFFLINE', 'IGNORE']);
const TABLE = new Set(['TABLE', 'TABLES']);
const IF_EXISTS = new Set(['IF', 'NOT', 'EXISTS']);

/** Undefined for anything but ALTER, CREATE, DROP, RENAME TABLE. */
function ddlNames({ verb, words }: Statement): SqlName[] | undefined {
  const table = skipWords(words, 1, BEFORE_TABLE);
  if (!TABLE.has(words[table]?.upper ?? '')) return undefined;
  const at = skipWords(words, table + 1, IF_EXISTS);
  const first = nameAt(words, at);
  if (first === undefined) return undefined;
  if (verb === 'CREATE') return [first];
  if (verb === 'ALTER') return [first, ...otherTables(words, first.next)];
  return [first, ...names(words, first.next, words.length)];
}

/** ALTER TABLE … RENAME [TO | AS | =] name, EXCHANGE PARTITION … WITH TABLE name, CONVERT … TABLE name. */
function otherTables(words: readonly SqlWord[], from: number): SqlName[] {
  const found: SqlName[] = [];
  for (let i = from; i < words.length; i++) {
    const upper = words[i]?.upper ?? '';
    if (upper !== 'RENAME' && upper !== 'TABLE') continue;
    if (upper === 'RENAME' && RENAMED_INSIDE.has(words[i + 1]?.upper ?? '')) continue;
    const name = nameAt(words, words[i + 1]?.text === '=' ? i + 2 : skipWords(words, i + 1, RENAME_TO));
    if (name !== undefined) found.push(name);
  }
  return found;
}

const RENAMED_INSIDE = new Set(['COLUMN', 'INDEX', 'KEY', 'CONSTRAINT']);
const RENAME_TO = new Set(['TO', 'AS']);

const INSERT_MODIFIERS = new Set(['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE', 'INTO']);

/** Undefined where the statement's form is not known. */
function dmlNames({ verb, words }: Statement): SqlName[] | undefined {
  if (verb === 'INSERT' || verb === 'REPLACE') {
    const name = nameAt(words, skipWords(words, 1, INSERT_MODIFIERS));
    return name === undefined ? undefined : [name];
  }
  if (verb === 'UPDATE') return upTo(words, 'SET');
  if (verb === 'DELETE') return upTo(words, 'WHERE');
  if (verb !== 'LOAD') return undefined;
  const into = words.findIndex((word, i) => word.upper === 'INTO' && words[i + 1]?.upper === 'TABLE');
  const name = into < 0 ? undefined : nameAt(words, into + 2);
  return name === undefined ? undefined : [name];
}

/** Every name before a keyword: tables, their aliases, and columns they are joined by. */
function upTo(words: readonly SqlWord[], keyword: string): SqlName[] {
  const end = words.findIndex((word) => word.upper === keyword);
  return names(words, 1, end < 0 ? words.length : end);
}

const KEYWORDS = new Set('ALL ALTER AND AS BY CREATE DELETE DISTINCT DROP EXISTS FROM IF IGNORE IN INSERT INTO IS JOIN KEY LEFT LIKE LIMIT LOAD NOT NULL ON OR ORDER PRIMARY RENAME REPLACE RIGHT SELECT SET TABLE TO UPDATE USING VALUES WHERE WITH'.split(' '));

function names(words: readonly SqlWord[], from: number, to: number): SqlName[] {
  const found: SqlName[] = [];
  for (let at = from; at < to; ) {
    const name = KEYWORDS.has(words[at]?.upper ?? '') ? undefined : nameAt(words, at);
    if (name !== undefined) found.push(name);
    at = name?.next ?? at + 1;
  }
  return found;
}

/** Of `a.b.c`, which is a column, `a.b` and `b.c`. */
function everyName(words: readonly SqlWord[]): SqlName[] {
  return words.flatMap((word, at) => {
    const name = KEYWORDS.has(word.upper) && words[at - 1]?.text !== '.' ? undefined : nameAt(words, at);
    return name === undefined ? [] : [name];
  });
}
