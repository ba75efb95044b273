/** What a logged statement does to the stream; `dml` is also anything that is not known to be harmless. */
export type StatementKind = 'begin' | 'commit' | 'rollback' | 'rollback-to' | 'savepoint' | 'xa-start' | 'xa' | 'ddl' | 'harmless' | 'dml';

export interface Statement {
  readonly kind: StatementKind;
  /** Leading keyword, upper case. */
  readonly verb: string;
}

/** A name in a statement that is, or could be, a captured table. */
export interface Mention {
  readonly database: string;
  readonly table: string;
}

const KINDS = new Map<string, StatementKind>([
  ['BEGIN', 'begin'],
  ['START', 'begin'],
  ['COMMIT', 'commit'],
  ['SAVEPOINT', 'savepoint'],
  ['RELEASE', 'savepoint'],
  ...['ALTER', 'CREATE', 'DROP', 'RENAME'].map((verb) => [verb, 'ddl'] as const),
  ...['TRUNCATE', 'ANALYZE', 'OPTIMIZE', 'REPAIR', 'CHECK', 'GRANT', 'REVOKE', 'FLUSH', 'SET', 'INSTALL', 'UNINSTALL', 'USE', 'PURGE', 'RESET', ''].map((verb) => [verb, 'harmless'] as const),
]);

/** Things that have no columns of a captured table, after CREATE, ALTER, DROP and what may stand between. */
const NO_TABLE = /^(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:(?:UNIQUE|FULLTEXT|SPATIAL|ONLINE|OFFLINE|AGGREGATE|TEMPORARY|UNDO)\s+)*(?:DEFINER\s*=\s*\S+\s+)?(?:INDEX|USER|ROLE|EVENT|TRIGGER|PROCEDURE|FUNCTION|PACKAGE|SERVER|TABLESPACE|LOGFILE|RESOURCE|SPATIAL\s+REFERENCE)\b/iu;
const TEMPORARY = /^(?:CREATE|DROP)\s+(?:OR\s+REPLACE\s+)?TEMPORARY\b/iu;

/** Sorts a statement by its leading keywords. No grammar: what is not known counts as DML. */
export function classify(sql: string): Statement {
  const text = withoutLeadingComments(sql);
  const verb = (/^[A-Za-z]+/u.exec(text)?.[0] ?? (text === '' ? '' : '?')).toUpperCase();
  return { kind: kindOf(verb, text), verb };
}

function kindOf(verb: string, text: string): StatementKind {
  if (verb === 'XA') return /^XA\s+(?:START|BEGIN)\b/iu.test(text) ? 'xa-start' : 'xa';
  if (verb === 'ROLLBACK') return /^ROLLBACK\s+(?:WORK\s+)?TO\b/iu.test(text) ? 'rollback-to' : 'rollback';
  const kind = KINDS.get(verb) ?? 'dml';
  return kind === 'ddl' && (NO_TABLE.test(text) || TEMPORARY.test(text)) ? 'harmless' : kind;
}

/** True for a CREATE TABLE whose rows follow in the same transaction (MySQL 8.0.21 and later). */
export function startsTransaction(sql: string): boolean {
  return /\bSTART\s+TRANSACTION\s*;?\s*$/iu.test(sql);
}

function withoutLeadingComments(sql: string): string {
  let text = sql.trimStart();
  for (;;) {
    const executable = /^\/\*!\d*\s*/u.exec(text) ?? /^\/\*M!\d*\s*/u.exec(text);
    const comment = executable ?? /^\/\*[\s\S]*?\*\//u.exec(text) ?? /^(?:--\s|#)[^\n]*(?:\n|$)/u.exec(text) ?? /^[\s(;]+/u.exec(text);
    if (comment === null || comment[0] === '') return text;
    text = text.slice(comment[0].length);
  }
}

/** Identifiers, bare or quoted; single-quoted texts are passed over as one token. */
const TOKEN = /`((?:[^`]|``)*)`|"((?:[^"\\]|""|\\[\s\S])*)"|'(?:[^'\\]|''|\\[\s\S])*'|([A-Za-z0-9_$\u0080-\u{10ffff}]+)|(\.)/gu;
const RESERVED = new Set('ALL ALTER AND AS BY CREATE DELETE DISTINCT DROP EXISTS FROM IF IGNORE IN INSERT INTO IS JOIN KEY LEFT LIKE LIMIT LOAD NOT NULL ON OR ORDER PRIMARY RENAME REPLACE RIGHT SELECT SET TABLE TO UPDATE USING VALUES WHERE WITH'.split(' '));

/**
 * Every captured table that the text could mean: each identifier as a table of the default database, and each pair
 * `a.b` as table b of database a. Rather one too many (a column of the same name) than one too few.
 */
export function mentions(sql: string, database: string, captures: (database: string, table: string) => boolean): Mention[] {
  const found = new Map<string, Mention>();
  const note = (db: string, table: string) => {
    for (const one of [{ database: db, table }, { database: db.toLowerCase(), table: table.toLowerCase() }]) {
      if (db !== '' && captures(one.database, one.table)) found.set(`${db}\0${table}`, one);
    }
  };
  let before = '';
  let dotted = false;
  for (const [, back, double, bare, dot] of sql.matchAll(TOKEN)) {
    const name = back?.replaceAll('``', '`') ?? double?.replaceAll('""', '"') ?? bare;
    if (name !== undefined && dotted) note(before, name);
    if (name !== undefined && !dotted && !(bare !== undefined && RESERVED.has(bare.toUpperCase()))) note(database, name);
    dotted = dot !== undefined;
    if (name !== undefined) before = name;
  }
  return [...found.values()];
}
