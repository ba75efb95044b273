import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RowcastError } from '../../src/core/errors.ts';
import type { Charset } from '../../src/mysql/columns/charsets.ts';
import { charsetOf, textOfBytes } from '../../src/mysql/columns/charsets.ts';
import { connectMysql, freshDatabase, queryOn } from '../support/mysql.ts';

/** Stands for a value that we refuse and that the server has no text for. */
const NONE = '<none>';
const QUESTION_MARK = 0x3f;
const TOLD_OF_A_CHARSET = 10;
const POINTS_A_ROW = 256;
const ROWS_A_STATEMENT = 1_000;
/** Traces of hundreds of thousands of refusals take longer than all else here. */
const STACK = Error.stackTraceLimit;
const SURROGATES = { from: 0xd800, to: 0xe000 };
/** Last characters of a run of four bytes of gb18030. */
const TENS = Array.from({ length: 10 }, (_, i) => 0x30 + i);

/** The server's own answer about some bytes: what a column of the set keeps of them, and how SELECT shows that; hexadecimal. */
interface Answer {
  readonly bytes: string;
  readonly kept: string;
  readonly shown: string | null;
}

describe.each(['mysql', 'mariadb', 'mysql56'] as const)('character sets of %s', (kind) => {
  let connection: Connection;
  let charsets: { readonly name: string; readonly longest: number }[] = [];

  beforeAll(async () => {
    Error.stackTraceLimit = 0;
    const server = inject(kind);
    const database = await freshDatabase(server, 'charsets');
    connection = await connectMysql(server, database);
    const rows = await queryOn(connection, "select character_set_name as name, maxlen as longest from information_schema.character_sets where character_set_name <> 'binary'");
    charsets = rows.map((row) => ({ name: String(row['name']), longest: Number(row['longest']) }));
    await queryOn(connection, `set sql_mode = ''; create temporary table octets (b varbinary(1)); insert into octets values ${octets(0, 0x100)}`);
  });

  afterAll(async () => {
    Error.stackTraceLimit = STACK;
    await connection.end();
  });

  it('are all known', () => {
    expect(charsets.length).toBeGreaterThan(35);
    expect(charsets.filter(({ name }) => charsetOf(name) === undefined)).toEqual([]);
  });

  it('every byte, every pair, and every three of EUC are read as SELECT shows them, and refused where it shows none', async () => {
    await queryOn(connection, 'create temporary table codes (b varbinary(3)); insert into codes select b from octets');
    const told = await differencesOf(charsets.filter(({ name, longest }) => longest === 1 && name !== 'ascii'), 200);
    await queryOn(connection, 'create temporary table trails as select * from octets; insert into codes select concat(o.b, t.b) from octets o, trails t');
    told.push(...await differencesOf(charsets.filter(({ longest, name }) => (longest > 1 || name === 'ascii') && name !== 'utf32'), 16_000));
    await queryOn(connection, "delete from codes; insert into codes select concat(x'8f', o.b, t.b) from octets o, trails t");
    told.push(...await differencesOf(charsets.filter(({ name }) => name === 'ujis' || name === 'eucjpms'), 8_000));
    expect(told).toEqual([]);
  });

  it('every character of Unicode is read in each of its encodings', async () => {
    const points = Array.from(planes(), (text) => Buffer.from(text).toString('hex'));
    await queryOn(connection, `create temporary table points (b varbinary(${4 * POINTS_A_ROW}))`);
    for (let at = 0; at < points.length; at += ROWS_A_STATEMENT) await queryOn(connection, `insert into points values ${points.slice(at, at + ROWS_A_STATEMENT).map((hex) => `(x'${hex}')`).join(',')}`);
    for (const name of ['utf8mb4', 'utf16', 'utf16le', 'utf32']) {
      const charset = known(name);
      const rows = await queryOn(connection, `select b, cast(convert(convert(b using utf8mb4) using ${name}) as binary) as encoded from points`);
      expect(rows.map((row) => textOfBytes(charset, row['encoded'] as Buffer)), name).toEqual(rows.map((row) => String(row['b'])));
    }
  });

  it.runIf(kind === 'mysql')('every four bytes of gb18030 are read as SELECT shows them, and refused where it shows none', async () => {
    await queryOn(connection, `create temporary table leads (b varbinary(1)); insert into leads values ${octets(0x81, 0xff)}; create temporary table thirds as select * from leads; create temporary table tens (b varbinary(1)); insert into tens values ${octets(0x30, 0x3a)}`);
    const tens = TENS.map((last) => `l.b, t.b, h.b, x'${last.toString(16)}'`).join(', ');
    const rows = await answers('gb18030', `(select concat(${tens}) as b from leads l, tens t, thirds h) as codes`);
    const told = rows.flatMap((row) => {
      const shown = Array.from(Buffer.from(row.shown ?? '', 'hex').toString());
      if (row.kept !== row.bytes || shown.length !== TENS.length) return [`0x${row.bytes}: kept as ${row.kept}, shown as ${row.shown}`];
      return shown.flatMap((character, i) => {
        const code = row.bytes.slice(i * 8, i * 8 + 8);
        return difference(known('gb18030'), code, character === '?' ? NONE : character);
      });
    });
    expect(rows.length * TENS.length).toBe(126 * 10 * 126 * 10);
    expect(told.slice(0, TOLD_OF_A_CHARSET)).toEqual([]);
  });

  async function answers(charset: string, table: string): Promise<Answer[]> {
    await queryOn(connection, `drop temporary table if exists kept; create temporary table kept (b varbinary(40), v varchar(40) character set ${charset}); insert ignore into kept select b, b from ${table}`);
    const rows = await queryOn(connection, 'select hex(b) as bytes, hex(v) as kept, hex(convert(v using utf8mb4)) as shown from kept');
    return rows as unknown as Answer[];
  }

  /** What is not read as it should be, a few codes of each set. Bytes that a column does not keep as they are cannot come. */
  async function differencesOf(sets: typeof charsets, least: number): Promise<string[]> {
    const told: string[] = [];
    for (const { name } of sets) {
      const stored = (await answers(name, 'codes')).filter(({ bytes, kept }) => kept === bytes);
      expect(stored.length, name).toBeGreaterThan(least);
      told.push(...stored.flatMap((answer) => difference(known(name), answer.bytes, shownText(answer)).map((each) => `${name} ${each}`)).slice(0, TOLD_OF_A_CHARSET));
    }
    return told;
  }
});

function octets(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `(x'${(from + i).toString(16).padStart(2, '0')}')`).join(',');
}

/** Every code point but the surrogates, many a text. */
function* planes(): IterableIterator<string> {
  for (let from = 0; from < 0x110000; from += POINTS_A_ROW) {
    if (from < SURROGATES.from || from >= SURROGATES.to) yield String.fromCodePoint(...Array.from({ length: POINTS_A_ROW }, (_, i) => from + i));
  }
}

function known(name: string): Charset {
  const charset = charsetOf(name);
  if (charset === undefined) throw new Error(`no character set ${name}`);
  return charset;
}

/** The server's text, `NONE` where it has none: it shows nothing, a question mark that nobody wrote, or half of a surrogate pair. */
function shownText({ bytes, shown }: Answer): string {
  const text = Buffer.from(shown ?? '', 'hex');
  const lost = questionMarks(text) > questionMarks(Buffer.from(bytes, 'hex'));
  return lost || text.length === 0 || text.toString().includes('\ufffd') !== text.includes('\ufffd') ? NONE : text.toString();
}

function questionMarks(bytes: Buffer): number {
  return bytes.reduce((count, byte) => count + (byte === QUESTION_MARK ? 1 : 0), 0);
}

function difference(charset: Charset, bytes: string, expected: string): string[] {
  const ours = read(charset, Buffer.from(bytes, 'hex'));
  return ours === expected ? [] : [`0x${bytes}: ${JSON.stringify(ours)} for ${JSON.stringify(expected)}`];
}

function read(charset: Charset, bytes: Buffer): string {
  try {
    return textOfBytes(charset, bytes);
  } catch (error) {
    if (error instanceof RowcastError && error.code === 'ROW_UNREADABLE') return NONE;
    throw error;
  }
}
