import type { Token } from 'antlr4ng';
import type { Types } from './adapt-alter.ts';
import { adaptAlter } from './adapt-alter.ts';

/**
 * Shows the grammar what it does not know as something that it does, where both stand in the same place. The tree keeps
 * the words of the statement, so nothing is read as something else. Left out is only what does not touch tracked tables:
 * partitions, comments of databases, signs that may be missing.
 */
export function adapt(tokens: readonly Token[], types: Types): Token[] {
  const shown = tokens.filter((token) => token.channel === 0);
  const [verb = '', second = '', third = '', fourth = ''] = shown.map(({ text }) => text ?? '');
  if (verb === 'RENAME') retag(shown[1], types, 'TABLE');
  const statement = [second, third, fourth].some((word) => word === 'DATABASE' || word === 'SCHEMA') ? database(shown) : verb === 'ALTER' ? adaptAlter(shown, types) : verb === 'CREATE' ? withoutPartitions(shown) : shown;
  for (const [i, token] of statement.entries()) adaptWord(statement, i, { token, types });
  return statement.filter((_, i) => !isLeftOut(statement, i));
}

/** The token as another. */
function retag(token: Token | undefined, types: Types, name: string): void {
  const type = types.get(name);
  if (type !== undefined && token !== undefined) token.type = type;
}

function textAt(tokens: readonly Token[], i: number): string {
  return tokens[i]?.text ?? '';
}

/** Where each token stands: outside of brackets or in them. */
function depths(tokens: readonly Token[]): number[] {
  let depth = 0;
  return tokens.map(({ text }) => {
    if (text === ')') depth--;
    const here = depth;
    if (text === '(') depth++;
    return here;
  });
}

const TEXT = new Set(['CHAR', 'VARCHAR', 'CHARACTER', 'VARYING', 'TINYTEXT', 'TEXT', 'MEDIUMTEXT', 'LONGTEXT', 'BINARY']);
const ATTRIBUTES = new Set(['ASCII', 'UNICODE', 'BYTE', 'COMPRESSED']);
const MARIADB = new Set(['UUID', 'INET4', 'INET6']);
/** What may follow a type without brackets. */
const AFTER_TYPE = new Set([',', ')', '<EOF>', 'NOT', 'NULL', 'DEFAULT', 'COMMENT', 'PRIMARY', 'UNIQUE', 'KEY', 'FIRST', 'AFTER', 'INVISIBLE', 'VISIBLE', 'CHECK', 'AS', 'GENERATED', 'REFERENCES', 'CONSTRAINT']);
/** What may stand before a column's name. */
const BEFORE_NAME = new Set(['(', ',', 'ADD', 'COLUMN', 'MODIFY', 'EXISTS']);

/**
 * ASCII, UNICODE, BYTE and COMPRESSED stand where BINARY may; MariaDB's UUID, INET4 and INET6 where JSON may; a keyword
 * right after TABLE, COLUMN or a point is a name.
 */
function adaptWord(tokens: readonly Token[], i: number, { token, types }: { readonly token: Token; readonly types: Types }): void {
  const text = token.text ?? '';
  const before = textAt(tokens, i - 1);
  if (ATTRIBUTES.has(text)) {
    if (TEXT.has(before) || (before === ')' && TEXT.has(textAt(tokens, i - 4)))) retag(token, types, 'BINARY');
  } else if (MARIADB.has(text) && AFTER_TYPE.has(textAt(tokens, i + 1))) {
    const named = BEFORE_NAME.has(textAt(tokens, i - 2)) || (tokens.slice(Math.max(i - 5, 0), i).some((each) => each.text === 'CHANGE') && !BEFORE_NAME.has(before));
    if (named && !BEFORE_NAME.has(before)) retag(token, types, 'JSON');
  } else if (/^(?:TABLE|COLUMN|\.)$/u.test(before) && /^[A-Z]/u.test(text) && text !== 'IF') retag(token, types, 'ID');
  else if (text === 'PAGE' && /^(?:=|ROW_FORMAT)$/u.test(before)) retag(token, types, 'ID');
}

/** `TABLESPACE = x` and `RENAME = x` are known without the sign; DATE and TIMESTAMP before a default add nothing to it; MariaDB: WITHOUT SYSTEM VERSIONING of one column. */
function isLeftOut(tokens: readonly Token[], i: number): boolean {
  const text = textAt(tokens, i);
  const before = textAt(tokens, i - 1);
  if (text === '=') return before === 'TABLESPACE' || (before === 'RENAME' && textAt(tokens, 0) === 'ALTER');
  if (/^(?:DATE|TIME|TIMESTAMP)$/u.test(text)) return before === 'DEFAULT' && textAt(tokens, i + 1).startsWith("'");
  for (let start = i - 2; start <= i; start++) {
    if (textAt(tokens, start) === 'WITHOUT' && textAt(tokens, start + 1) === 'SYSTEM' && textAt(tokens, start + 2) === 'VERSIONING') return true;
  }
  return false;
}

/** CREATE TABLE … PARTITION BY …; a query may follow. */
function withoutPartitions(tokens: readonly Token[]): Token[] {
  const depth = depths(tokens);
  const from = tokens.findIndex(({ text }, i) => text === 'PARTITION' && depth[i] === 0 && textAt(tokens, i + 1) === 'BY');
  if (from < 0 || tokens.some(({ text }) => text === 'SELECT')) return [...tokens];
  return [...tokens.slice(0, from), ...tokens.slice(-1)];
}

/** MariaDB: OR REPLACE, which is read off a database that exists, and comments. */
function database(tokens: readonly Token[]): Token[] {
  return tokens.filter(({ text }, i) => {
    if (i < 3 && (text === 'OR' || text === 'REPLACE')) return false;
    const comment = text === 'COMMENT' && i > 2;
    const sign = text === '=' && textAt(tokens, i - 1) === 'COMMENT';
    const value = text?.startsWith("'") === true && (textAt(tokens, i - 1) === 'COMMENT' || textAt(tokens, i - 2) === 'COMMENT');
    return !comment && !sign && !value;
  });
}
