import type { TableName } from '../../../core/notice.ts';
import type { Plain } from './lexical.ts';
import type { Schema } from './schema.ts';
import type { DdlStatement, Dialect } from './statement.ts';
import type { Leaf, Node } from './tree.ts';
import { leaves } from './tree.ts';

/** A statement while it is read, with all that its meaning depends on. */
export interface Reading {
  readonly plain: Plain;
  readonly statement: DdlStatement;
  readonly dialect: Dialect;
  /** As it was before the statement. */
  readonly schema: Schema;
}

/** The statement's effect cannot be told. It never leaves this folder: it becomes the outcome `unknown`. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}

/** @throws Undecided */
export function undecided(why: string): never {
  throw new Undecided(why);
}

/** A part that must be there. @throws Undecided */
export function need<T>(part: T | undefined, what: string): T {
  return part ?? undecided(`the statement has no ${what}`);
}

/** The text that a token had in the statement. */
export function textOf({ plain }: Pick<Reading, 'plain'>, leaf: Leaf): string {
  return plain.original.slice(leaf.start, leaf.end);
}

/** The original text from one token to another. */
export function textBetween({ plain }: Pick<Reading, 'plain'>, first: Leaf, last: Leaf): string {
  return plain.original.slice(first.start, last.end);
}

/** What a string token says, undefined for other tokens. N'x' begins before its quote. */
export function stringOf({ plain }: Pick<Reading, 'plain'>, leaf: Leaf): string | undefined {
  return leaf.word.endsWith("'") ? (plain.quoted.get(leaf.start) ?? plain.quoted.get(leaf.start + 1)) : undefined;
}

/** The first string under a node. @throws Undecided without one */
export function stringIn(reading: Reading, node: Node): string {
  for (const leaf of leaves(node)) {
    const text = stringOf(reading, leaf);
    if (text !== undefined) return text;
  }
  return undecided('a string is missing');
}

/** A name: a word, or what is in quotes. */
export function nameOf(reading: Pick<Reading, 'plain'>, part: Node | Leaf): string {
  const [first] = leaves(part);
  return identifier(reading, need(first, 'name'));
}

function identifier(reading: Pick<Reading, 'plain'>, leaf: Leaf): string {
  const dot = leaf.word.startsWith('.') ? 1 : 0;
  return reading.plain.quoted.get(leaf.start + dot) ?? textOf(reading, leaf).slice(dot);
}

/** The names of `a`, `a.b` or `a.b.c`. */
export function namesOf(reading: Pick<Reading, 'plain'>, part: Node): string[] {
  return leaves(part).flatMap((leaf) => (leaf.word === '.' ? [] : [identifier(reading, leaf)]));
}

/** The table of `name` or `database.name`, as the server keeps names. @throws Undecided without a database */
export function tableOf(reading: Reading, part: Node): TableName {
  return toTable(reading, namesOf(reading, part));
}

/** @throws Undecided without a database */
export function toTable({ statement, dialect }: Pick<Reading, 'statement' | 'dialect'>, names: readonly string[]): TableName {
  const [one = '', two] = names;
  const [database, name] = two === undefined ? [statement.database, one] : [one, two];
  if (database === '' || name === '') undecided('a table without a database');
  return { database: asKept(dialect, database), name: asKept(dialect, name) };
}

/** A database's or table's name as the server keeps it. With lower_case_table_names 2 events have lower case too. */
export function asKept({ lowerCaseTableNames }: Pick<Dialect, 'lowerCaseTableNames'>, name: string): string {
  return lowerCaseTableNames === 0 ? name : name.toLowerCase();
}

/** Columns and keys are the same in any case. */
export function sameName(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}

/** True from that version of that server on. */
export function since({ dialect }: Pick<Reading, 'dialect'>, flavor: Dialect['flavor'], version: Dialect['version']): boolean {
  if (dialect.flavor !== flavor) return false;
  for (const [i, part] of dialect.version.entries()) {
    const other = version[i] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}

/** Bits of sql_mode that change what a statement means; they are the same in MySQL and MariaDB. */
export const SQL_MODE = { REAL_AS_FLOAT: 1n, ANSI_QUOTES: 4n, NO_BACKSLASH_ESCAPES: 1n << 20n, STRICT: (1n << 21n) | (1n << 22n) } as const;

export function inMode({ statement }: Pick<Reading, 'statement'>, bits: bigint): boolean {
  return ((statement.session.sqlMode ?? 0n) & bits) !== 0n;
}
