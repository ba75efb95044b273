import { describe, expect, it } from 'vitest';
import type { Lexis } from '../../../../../src/mysql/schema/ddl/lexical.ts';
import { toPlain } from '../../../../../src/mysql/schema/ddl/lexical.ts';

const MYSQL: Lexis = { flavor: 'mysql', version: [8, 0, 36], ansiQuotes: false, noBackslashEscapes: false };
const MARIADB: Lexis = { ...MYSQL, flavor: 'mariadb', version: [10, 11, 6] };

/** What is left, blanks as one. */
const left = (sql: string, lexis: Lexis = MYSQL): string => toPlain(sql, lexis).text.replace(/\s+/gu, ' ').trim();
const quoted = (sql: string, lexis: Lexis = MYSQL): string[] => [...toPlain(sql, lexis).quoted.values()];

describe('a plain statement', () => {
  it('is as long as the statement, in upper case, with nothing in its quotes', () => {
    const sql = "create table `a``b` (c varchar(9) default 'it''s \\' 😀') -- end";
    const plain = toPlain(sql, MYSQL);
    expect(plain.text).toHaveLength(sql.length);
    expect(plain.text.trimEnd()).toBe("CREATE TABLE `xxxx` (C VARCHAR(9) DEFAULT 'xxxxxxxxxxx')");
    expect([...plain.quoted.values()]).toEqual(['a`b', "it's ' 😀"]);
  });

  it.each([
    ['select 1 /* one */ + 2', 'SELECT 1 + 2'],
    ['a -- b\nc # d\ne', 'A C E'],
    ['a --b', 'A --B'],
    ['a --', 'A'],
    ["'/* no */' /* ' */ x", "'xxxxxxxx' X"],
    ['a /* never ends', 'A'],
    ['é_x', 'ÿ_X'],
  ])('has no comments: %s', (sql, expected) => {
    expect(left(sql)).toBe(expected);
  });

  it.each([
    ['a /*! b */ c', 'A B C', 'A B C'],
    ['a /*!80036 b */', 'A B', 'A'],
    ['a /*!80037 b */', 'A', 'A'],
    ['a /*!50600 b */', 'A B', 'A B'],
    ['a /*!050600 b */', 'A B', 'A B'],
    ['a /*!100100 b */', 'A', 'A B'],
    ['a /*M!100100 b */', 'A', 'A B'],
    ['a /*M!101199 b */', 'A', 'A'],
    ['a /*M! b */', 'A', 'A B'],
    ["a /*!50600 'x*/' b */ c", "A 'xxx' B C", "A 'xxx' B C"],
    ['a /*!99999 b /* c */ d */ e', 'A E', 'A E'],
    ['a /*!50600 b /* c */ d */ e', 'A B D E', 'A B D E'],
    ['a /*!123 b */', 'A 123 B', 'A 123 B'],
  ])('has what its server runs of versioned comments: %s', (sql, mysql, mariadb) => {
    expect(left(sql)).toBe(mysql);
    expect(left(sql, MARIADB)).toBe(mariadb);
  });

  it('MySQL 5.7 and earlier know five digits', () => {
    expect(left('/*!506001 x */', { ...MYSQL, version: [5, 6, 24] })).toBe('1 X');
  });

  it('reads quotes as the session does', () => {
    expect(left('"a" `b`')).toBe("'x' `x`");
    expect(left('"a""b" `b`', { ...MYSQL, ansiQuotes: true })).toBe('`xxxx` `x`');
    expect(quoted('"a""b"', { ...MYSQL, ansiQuotes: true })).toEqual(['a"b']);
    expect(quoted("'a\\' 'b'", { ...MYSQL, noBackslashEscapes: true })).toEqual(['a\\', 'b']);
    expect(quoted("'\\0\\n\\r\\t\\Z\\b\\%\\_\\x\\\\'")).toEqual(['\0\n\r\t\x1a\b\\%\\_x\\']);
  });

  it('keeps the digits of numbers in quotes', () => {
    expect(left("x'4a' B'01' ax'41' x'zz'")).toBe("X'4A' B'01' AX'xx' X'xx'");
  });

  it('ends with a quote that is not closed', () => {
    expect(toPlain("a 'bc", MYSQL)).toMatchObject({ text: expect.stringMatching(/^A '/u) as string });
  });
});
