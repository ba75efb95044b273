import type { TableName } from '../../../core/notice.ts';
import type { Reading } from './reading.ts';
import { asKept, toTable } from './reading.ts';

/** What kind of thing a statement changes. */
export type SubjectKind = 'table' | 'truncate' | 'database';

/** What a statement is about, as far as its first words tell. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Tables that it names as its own, by their names before it. */
  readonly before: readonly TableName[];
  /** Names that they, or new tables, have after it. */
  readonly after: readonly TableName[];
  readonly databases: readonly string[];
}

/**
 * Tells what a statement is about without the grammar; null for what holds no columns of tables: routines, users, views,
 * triggers, events, temporary tables, tablespaces.
 */
export function readSubject(reading: Reading): Subject | null {
  return new SubjectReader(reading).read();
}

interface Word {
  readonly text: string;
  readonly at: number;
}

/** What may stand between the verb and the kind of thing. */
const BETWEEN = new Set(['OR', 'REPLACE', 'ONLINE', 'OFFLINE', 'IGNORE', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'VECTOR']);
const TABLES = new Set(['TABLE', 'TABLES', 'SEQUENCE']);

class SubjectReader {
  readonly #reading: Reading;
  readonly #words: readonly Word[];
  #at = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#words = Array.from(reading.plain.text.matchAll(/`x*`|'x*'|[\w$\u00ff]+|\S/gu), (found) => ({ text: found[0], at: found.index }));
  }

  read(): Subject | null {
    if (this.#take('SET')) this.#skipSettings();
    const verb = this.#next();
    if (verb === 'TRUNCATE') {
      this.#take('TABLE');
      return this.#tables('truncate', 1);
    }
    if (verb === 'RENAME') return TABLES.has(this.#next()) ? this.#renames() : null;
    if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return null;
    while (BETWEEN.has(this.#word)) this.#at++;
    const thing = this.#next();
    if (thing === 'DATABASE' || thing === 'SCHEMA') return this.#database();
    if (thing === 'INDEX') return this.#index();
    if (!TABLES.has(thing)) return null;
    this.#skipIf();
    if (verb === 'DROP') return this.#tables('table', Infinity);
    return verb === 'ALTER' ? this.#alter() : this.#tables('table', 1);
  }

  get #word(): string {
    return this.#words[this.#at]?.text ?? '';
  }

  #next(): string {
    return this.#words[this.#at++]?.text ?? '';
  }

  #take(word: string): boolean {
    if (this.#word !== word) return false;
    this.#at++;
    return true;
  }

  /** IF EXISTS, IF NOT EXISTS. */
  #skipIf(): void {
    if (!this.#take('IF')) return;
    this.#take('NOT');
    this.#take('EXISTS');
  }

  /** MariaDB: SET STATEMENT … FOR statement. */
  #skipSettings(): void {
    if (!this.#take('STATEMENT')) return;
    while (this.#at < this.#words.length && !this.#take('FOR')) this.#at++;
  }

  #tables(kind: SubjectKind, most: number): Subject {
    const found: TableName[] = [];
    do found.push(this.#name());
    while (found.length < most && this.#take(','));
    return { kind, before: found, after: kind === 'table' && most > 1 ? [] : found, databases: [] };
  }

  /** `name` or `database.name`. */
  #name(): TableName {
    const names = [this.#identifier()];
    if (this.#take('.')) names.push(this.#identifier());
    return toTable(this.#reading, names);
  }

  #identifier(): string {
    const { plain } = this.#reading;
    const word = this.#words[this.#at++];
    if (word === undefined) return '';
    return plain.quoted.get(word.at) ?? plain.original.slice(word.at, word.at + word.text.length);
  }

  #renames(): Subject {
    const before: TableName[] = [];
    const after: TableName[] = [];
    this.#skipIf();
    do {
      before.push(this.#name());
      while (this.#at < this.#words.length && !this.#take('TO')) this.#at++;
      after.push(this.#name());
    } while (this.#take(','));
    return { kind: 'table', before, after, databases: [] };
  }

  #alter(): Subject {
    const table = this.#name();
    let renamed: TableName | null = null;
    while (this.#at < this.#words.length) {
      if (!this.#take('RENAME')) this.#at++;
      else if (!/^(?:COLUMN|INDEX|KEY)$/u.test(this.#word)) {
        if (!this.#take('TO') && !this.#take('AS')) this.#take('=');
        renamed = this.#name();
      }
    }
    return { kind: 'table', before: [table], after: [renamed ?? table], databases: [] };
  }

  /** Without a name it is the default database. */
  #database(): Subject {
    const { statement, dialect } = this.#reading;
    this.#skipIf();
    const named = this.#word !== '' && !/^(?:DEFAULT|CHARACTER|CHARSET|CHAR|COLLATE|ENCRYPTION|COMMENT)$/u.test(this.#word);
    return { kind: 'database', before: [], after: [], databases: [asKept(dialect, named ? this.#identifier() : statement.database)] };
  }

  /** CREATE INDEX … ON table, DROP INDEX … ON table. */
  #index(): Subject {
    while (this.#at < this.#words.length && !this.#take('ON')) this.#at++;
    return this.#tables('table', 1);
  }
}
