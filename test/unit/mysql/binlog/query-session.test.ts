import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { readQuery } from '../../../../src/mysql/binlog/query.ts';
import { readSession, readStatement, UNKNOWN_SESSION } from '../../../../src/mysql/binlog/query-session.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Status variables as the servers wrote them. */
const MYSQL_97 = '00 00000000 01 2800a04500000000 06 03737464 04 2d002d00ff00 0c 01 6464646400 10 01 11 ea07000000000000 12 2d00 13 00 14 00';
const MYSQL_56 = '00 00000000 01 0400100000000000 06 03737464 04 080008002d00 0c 01 6464646400';
const MARIADB = '00 00000001 01 0800205400000000 06 03737464 83 02 08002f00 2d000009 04 2d002d002d00 81 9a02000000000000';

const ANSI_QUOTES = 4n;
const NO_BACKSLASH_ESCAPES = 1n << 20n;

describe('the session of a statement', () => {
  it('MySQL 9.7', () => {
    expect(readSession(hex(MYSQL_97), 'mysql')).toEqual({ ...UNKNOWN_SESSION, sqlMode: 0x45a00028n, collationClient: 45, collationConnection: 45, collationServer: 255, explicitDefaultsForTimestamp: true, collationUtf8mb4: 45 });
  });

  it('MySQL 5.6 does not tell explicit_defaults_for_timestamp', () => {
    expect(readSession(hex(MYSQL_56), 'mysql')).toEqual({ ...UNKNOWN_SESSION, sqlMode: ANSI_QUOTES | NO_BACKSLASH_ESCAPES, collationClient: 8, collationConnection: 8, collationServer: 45 });
  });

  it('MariaDB 11.4', () => {
    expect(readSession(hex(MARIADB), 'mariadb')).toEqual({
      ...UNKNOWN_SESSION,
      sqlMode: 0x54200008n,
      collationClient: 45,
      collationConnection: 45,
      collationServer: 45,
      explicitDefaultsForTimestamp: true,
      characterSetCollations: new Map([[8, 47], [45, 2304]]),
    });
    expect(readSession(hex('00 00000000'), 'mariadb').explicitDefaultsForTimestamp).toBe(false);
  });

  it('takes what stands before and after every variable of the servers', () => {
    const others = '02 03 73746400 03 01000100 05 03 555443 07 0000 08 0800 09 0000000000000000 0a 00000000 0b 01 61 02 6262 0c fe 0d 010203';
    expect(readSession(hex(`${others} 12 2e00`), 'mysql')).toEqual({ ...UNKNOWN_SESSION, collationDatabase: 8, collationUtf8mb4: 46 });
    expect(readSession(hex('80 010203 82 04 0102030405060708 82 01 08 0900'), 'mariadb')).toEqual({ ...UNKNOWN_SESSION, collationDatabase: 9, alterPending: false });
  });

  it('tells an ALTER of MariaDB that only begins or is given up from one that is done', () => {
    const pending = (flags: string): boolean => readSession(hex(`82 ${flags}`), 'mariadb').alterPending;
    expect([pending('02'), pending('08 0102030405060708'), pending('04 0102030405060708'), pending('00')]).toEqual([true, true, false, false]);
  });

  it('ends at a variable that is not known', () => {
    expect(readSession(hex('08 0900 c8 0102 08 0a00'), 'mysql')).toEqual({ ...UNKNOWN_SESSION, collationDatabase: 9 });
    expect(readSession(hex('83 00 08 0900'), 'mysql')).toEqual(UNKNOWN_SESSION);
  });

  it('refuses a variable that is cut off', () => {
    expect(() => readSession(hex('01 0102'), 'mysql')).toThrow(expect.objectContaining({ code: 'EVENT_CORRUPT' }));
  });
});

describe('the text of a statement', () => {
  const event = (status: string, text: Buffer): Buffer => {
    const variables = hex(status);
    const head = Buffer.alloc(13);
    head[8] = 1;
    head.writeUInt16LE(variables.length, 11);
    return Buffer.concat([head, variables, Buffer.from('d\0'), text]);
  };
  const read = (bytes: Buffer): ReturnType<typeof readStatement> => readStatement(readQuery(new Cursor(bytes, 0, bytes.length), 0), { flavor: 'mysql', charsets: new Map([[8, 'latin1'], [28, 'gbk'], [45, 'utf8mb4']]) });

  it.each([
    ['latin1', '04 080008002d00', Buffer.from([0x61, 0xe9]), 'aé'],
    ['gbk, whose characters may end in a backslash', '04 1c001c002d00', Buffer.from([0x27, 0x95, 0x5c, 0x27]), "'昞'"],
    ['utf8mb4', '04 2d002d002d00', Buffer.from('é😀'), 'é😀'],
    ['none told', '', Buffer.from('é'), 'é'],
    ['one that the server does not list', '04 ff00ff00ff00', Buffer.from('é'), 'é'],
    ['bytes that are none of it', '04 2d002d002d00', Buffer.from([0x2f, 0xff]), '/\ufffd'],
  ])('is read in its character set: %s', (_, status, text, expected) => {
    expect(read(event(status, text))).toMatchObject({ sql: expected, database: 'd' });
  });
});
