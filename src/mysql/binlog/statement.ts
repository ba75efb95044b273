import { sqlWords, type SqlWord } from './sql-words.ts';

/** What a logged statement does to the stream; `dml` is also anything that is not known to be harmless. */
export type StatementKind =
  | 'begin' | 'commit' | 'rollback' | 'rollback-to' | 'savepoint' | 'release' | 'xa-start' | 'xa-end' | 'xa-commit' | 'xa-rollback' | 'xa'
  | 'ddl' | 'database' | 'drop-database' | 'truncate' | 'harmless' | 'dml';

export interface Statement {
  readonly kind: StatementKind;
  /** Leading keyword, upper case; empty for a comment alone, `?` where none leads. */
  readonly verb: string;
  /** From the leading keyword on. */
  readonly words: readonly SqlWord[];
}

const KINDS = new Map<string, StatementKind>([
  ['BEGIN', 'begin'],
  ['START', 'begin'],
  ['COMMIT', 'commit'],
  ['SAVEPOINT', 'savepoint'],
  ['RELEASE', 'release'],
  ...['ALTER', 'CREATE', 'DROP', 'RENAME'].map((verb) => [verb, 'ddl'] as const),
  ['TRUNCATE', 'truncate'],
  ...['ANALYZE', 'OPTIMIZE', 'REPAIR', 'CHECK', 'GRANT', 'REVOKE', 'FLUSH', 'SET', 'INSTALL', 'UNINSTALL', 'USE', 'PURGE', 'RESET', ''].map((verb) => [verb, 'harmless'] as const),
]);

const XA = new Map<string, StatementKind>([
  ['START', 'xa-start'],
  ['BEGIN', 'xa-start'],
  ['END', 'xa-end'],
  ['COMMIT', 'xa-commit'],
  ['ROLLBACK', 'xa-rollback'],
]);

/** What may stand between CREATE, ALTER, DROP and the kind of thing. */
const BETWEEN = new Set(['OR', 'REPLACE', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'ONLINE', 'OFFLINE', 'IGNORE', 'AGGREGATE', 'UNDO']);
const DATABASE = new Set(['DATABASE', 'SCHEMA']);
/** Things that hold no columns of a table, and what begins their declarations. */
const NO_TABLE = new Set(
  'TEMPORARY USER ROLE EVENT TRIGGER PROCEDURE FUNCTION PACKAGE SERVER TABLESPACE LOGFILE RESOURCE REFERENCE INSTANCE VIEW ALGORITHM DEFINER SQL'.split(' '),
);

/** Sorts a statement by its leading keywords. No grammar: what is not known counts as DML. */
export function classify(sql: string): Statement {
  const control = CONTROL.get(sql);
  if (control !== undefined) return control;
  const all = sqlWords(sql);
  const first = all.findIndex((word) => word.text !== '(' && word.text !== ';');
  const words = first < 0 ? [] : all.slice(first);
  const verb = words.length === 0 ? '' : (words[0]?.upper ?? '') === '' ? '?' : (words[0]?.upper ?? '');
  return { kind: kindOf(verb, words), verb, words };
}

/** The statements of nearly every transaction, as servers write them. */
const CONTROL = new Map<string, Statement>([
  ['BEGIN', { kind: 'begin', verb: 'BEGIN', words: [] }],
  ['COMMIT', { kind: 'commit', verb: 'COMMIT', words: [] }],
]);

function kindOf(verb: string, words: readonly SqlWord[]): StatementKind {
  const second = words[1]?.upper ?? '';
  if (verb === 'XA') return XA.get(second) ?? 'xa';
  if (verb === 'ROLLBACK') return second === 'TO' || words[2]?.upper === 'TO' ? 'rollback-to' : 'rollback';
  const kind = KINDS.get(verb) ?? 'dml';
  if (kind !== 'ddl') return kind;
  let at = 1;
  while (BETWEEN.has(words[at]?.upper ?? '')) at++;
  if (DATABASE.has(words[at]?.upper ?? '')) return verb === 'DROP' ? 'drop-database' : 'database';
  return NO_TABLE.has(words[at]?.upper ?? '') || (verb === 'RENAME' && words[at]?.upper === 'USER') ? 'harmless' : 'ddl';
}

/** True for a CREATE TABLE whose rows follow in the same transaction (MySQL 8.0.21 and later). */
export function startsTransaction(statement: Statement): boolean {
  const words = statement.words.filter((word) => word.text !== ';');
  return statement.verb === 'CREATE' && words.at(-2)?.upper === 'START' && words.at(-1)?.upper === 'TRANSACTION';
}

/** The savepoint that SAVEPOINT or ROLLBACK TO names, in lower case: names of savepoints have no case. */
export function savepointOf(statement: Statement): string {
  return statement.words.filter((word) => word.text !== ';').at(-1)?.text.toLowerCase() ?? '';
}
