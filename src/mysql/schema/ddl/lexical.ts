import type { Dialect } from './statement.ts';

/** How a session writes SQL. */
export interface Lexis {
  readonly flavor: Dialect['flavor'];
  /** Of the server that ran the statement; decides which versioned comments are part of it. */
  readonly version: Dialect['version'];
  /** "x" is a name. */
  readonly ansiQuotes: boolean;
  /** A backslash is a backslash. */
  readonly noBackslashEscapes: boolean;
}

/** A statement without comments, and with nothing in its quotes that could be taken for something else. */
export interface Plain {
  /**
   * As long as the statement, each thing at its old place: ASCII letters outside quotes are upper case, others are `ÿ`;
   * comments are blanks; strings are '…' and quoted names `…`, all their characters being x.
   */
  readonly text: string;
  /** The text as it was. */
  readonly original: string;
  /** What is in quotes, by the offset of the opening one. */
  readonly quoted: ReadonlyMap<number, string>;
}

/** Takes comments and quotes out of the way: versioned comments that the server runs stay, without their brackets. */
export function toPlain(sql: string, lexis: Lexis): Plain {
  return new Scanner(sql, lexis).run();
}

class Scanner {
  readonly #sql: string;
  readonly #lexis: Lexis;
  readonly #quoted = new Map<number, string>();
  readonly #out: string[] = [];
  #at = 0;
  /** Inside a versioned comment that the server runs. */
  #versioned = false;

  constructor(sql: string, lexis: Lexis) {
    this.#sql = sql;
    this.#lexis = lexis;
  }

  run(): Plain {
    while (this.#at < this.#sql.length) this.#step();
    return { text: this.#out.join(''), original: this.#sql, quoted: this.#quoted };
  }

  #step(): void {
    const sql = this.#sql;
    const char = sql.charAt(this.#at);
    if (char === "'" || char === '"' || char === '`') this.#quote(char);
    else if (char === '#' || (char === '-' && /^--(?:[\s\x00-\x1f]|$)/u.test(sql.slice(this.#at, this.#at + 3)))) this.#blank(this.#lineEnd());
    else if (sql.startsWith('/*', this.#at)) this.#comment();
    else if (this.#versioned && sql.startsWith('*/', this.#at)) {
      this.#versioned = false;
      this.#blank(this.#at + 2);
    } else this.#code(char);
  }

  #code(char: string): void {
    this.#out.push(char > '\x7f' ? OTHER : char < ' ' ? ' ' : UPPER.test(char) ? char.toUpperCase() : char);
    this.#at++;
  }

  #blank(end: number): void {
    this.#out.push(' '.repeat(end - this.#at));
    this.#at = end;
  }

  #lineEnd(): number {
    const end = this.#sql.indexOf('\n', this.#at);
    return end < 0 ? this.#sql.length : end;
  }

  #comment(): void {
    const found = /^\/\*(M?)!(\d{0,6})/u.exec(this.#sql.slice(this.#at, this.#at + 10));
    const mark = found === null || (found[1] === 'M' && this.#lexis.flavor === 'mysql') ? null : found;
    const digits = this.#versionDigits(mark?.[2] ?? '');
    if (mark === null || !this.#runs(digits, mark[1] === 'M')) {
      this.#blank(this.#commentEnd());
      return;
    }
    this.#versioned = true;
    this.#blank(this.#at + (mark[1] ?? '').length + 3 + digits.length);
  }

  /** Five digits, or six where the server knows such; fewer are no version. */
  #versionDigits(digits: string): string {
    const { flavor, version } = this.#lexis;
    const most = flavor === 'mariadb' || version[0] >= 8 ? 6 : 5;
    return digits.length < 5 ? '' : digits.slice(0, most);
  }

  /** MariaDB leaves out what is for MySQL 5.7 and later. */
  #runs(digits: string, forMariadb: boolean): boolean {
    if (digits === '') return true;
    const [major, minor, patch] = this.#lexis.version;
    const wanted = Number(digits);
    if (this.#lexis.flavor === 'mariadb' && !forMariadb && wanted >= 50_700 && wanted <= 99_999) return false;
    return wanted <= major * 10_000 + minor * 100 + patch;
  }

  /** After the end of the comment that begins here; one level of comments inside is part of it. */
  #commentEnd(): number {
    const versioned = /^\/\*M?!/u.test(this.#sql.slice(this.#at, this.#at + 4));
    let at = this.#at + 2;
    for (let depth = 1; at < this.#sql.length; at++) {
      if (this.#sql.startsWith('*/', at)) {
        at++;
        if (--depth === 0) return at + 1;
      } else if (versioned && this.#sql.startsWith('/*', at)) {
        depth++;
        at++;
      }
    }
    return this.#sql.length;
  }

  #quote(quote: string): void {
    const isName = quote === '`' || (quote === '"' && this.#lexis.ansiQuotes);
    const escapes = !isName && !this.#lexis.noBackslashEscapes;
    const start = this.#at;
    const sql = this.#sql;
    const value: string[] = [];
    let at = start + 1;
    for (; at < sql.length; at++) {
      const char = sql.charAt(at);
      if (char === quote) {
        if (sql.charAt(at + 1) !== quote) break;
        at++;
        value.push(quote);
      } else if (char === '\\' && escapes) value.push(unescape(sql.charAt(++at)));
      else value.push(char);
    }
    const end = Math.min(at + 1, sql.length);
    const shown = isName ? '`' : "'";
    this.#quoted.set(start, value.join(''));
    const inside = this.#isDigits(start) ? value.join('').toUpperCase() : 'x'.repeat(Math.max(end - start - 2, 0));
    this.#out.push(shown, inside, end - start > 1 ? shown : '');
    this.#at = end;
  }

  /** X'41' and B'101' are numbers: the grammar wants to see their digits. */
  #isDigits(start: number): boolean {
    const before = this.#sql.slice(Math.max(start - 2, 0), start);
    if (!/(?:^|[^\w$\x80-\uffff])[xb]$/iu.test(before)) return false;
    DIGITS.lastIndex = start;
    return DIGITS.test(this.#sql);
  }
}

const UPPER = /[a-z]/u;
const DIGITS = /'[\da-f]*'/iuy;
/** Stands for what no keyword has. */
const OTHER = '\u00ff';

/** `\%` and `\_` keep their backslash. */
function unescape(char: string): string {
  if (char === '%' || char === '_') return `\\${char}`;
  return ESCAPES.get(char) ?? char;
}

const ESCAPES = new Map([['0', '\0'], ['b', '\b'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['Z', '\x1a']]);
