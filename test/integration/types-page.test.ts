import { describe, expect, inject, it } from 'vitest';
import { allEntries, cellIn, cellsOf, EXAMPLES_FILE, formatWords, isBytes, serverText } from '../../scripts/types/cells.ts';
import { entryOf } from '../../scripts/types/types-page.ts';
import type { TypeEntry } from '../../scripts/types/types-table.ts';
import { POLICIES } from '../../scripts/types/types-table.ts';
import { NULL_COLUMN, RowImage } from '../../src/core/row-image.ts';
import type { Address } from '../support/mysql.ts';
import { freshDatabase, query } from '../support/mysql.ts';
import { eventsWhile } from './fuzz/reader.ts';
import { capture } from './types-support.ts';

const SESSION = "set sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'";
const KINDS = ['mysql', 'mariadb', 'mysql56'] as const;
const MOST_WORDS = Math.max(...POLICIES.map(({ words }) => words.length));

/** A copy of the table that one route takes, with a format and what `types` says. */
interface Copy {
  readonly name: string;
  readonly format: string;
  readonly types: Readonly<Record<string, string>>;
}

const bytesByType: Record<string, Record<string, string>> = {};

describe.each(KINDS)('every line of docs/types.md, on %s', (kind) => {
  const entries = allEntries().filter(({ only }) => only === null || only.includes(kind));
  const rows = Math.max(...entries.map(({ values }) => values.length));
  const columns = entries.map((_, place) => `c${place}`);

  it('is stored in the bytes that the page is made from, and shown by SELECT as it says', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'typespage');
    await query(server, createSql(database, 'base', entries));
    const found = await bytesWhile(server, { database, rows, columns: entries.length }, () => insert(server, database, { entries, rows }));
    const selected = await query(server, `${SESSION}; select ${entries.map((entry, place) => `${textSql(entry, `c${place}`)} as c${place}`).join(', ')} from ${database}.base order by id`);
    entries.forEach((entry, place) => entry.values.forEach((sql, row) => {
      const bytes = found[row]?.[place] ?? '';
      const known = (bytesByType[entry.type] ??= {});
      expect([entry.type, sql, bytes]).toEqual([entry.type, sql, known[sql] ?? bytes]);
      known[sql] = bytes;
      const text = serverText(entry, bytes);
      expect([entry.type, sql, text]).toEqual([entry.type, sql, asShown(entry, text, String(selected[row]?.[`c${place}`]))]);
    }));
  });

  it('is told so by each format, with every policy', async () => {
    const server = inject(kind);
    const database = await freshDatabase(server, 'typespage');
    await query(server, createSql(database, 'base', entries));
    await insert(server, database, { entries, rows });
    const copies = copiesOf();
    const routes = copies.map(({ name, format, types }) => ({ tables: [`${database}.${name}`], format, types, topic: name }));
    const [lines = []] = await capture({
      server,
      prepare: `${SESSION}; ${copies.map(({ name }) => createSql(database, name, entries)).join('; ')}`,
      change: `${SESSION}; ${copies.map(({ name }) => `insert into ${database}.${name} select * from ${database}.base order by id`).join('; ')}`,
      wanted: [{ format: 'plain', database, routes }],
    });
    for (const { name, format, types } of copies) {
      const own = lines.filter((line) => line.startsWith(`{"topic":"${name}"`));
      expect([name, own.length]).toEqual([name, rows]);
      const cell = cellsOf(format, types);
      const told = entries.map(({ values }, place) => values.map((_, row) => cellIn(own[row] ?? '', columns[place] ?? '')));
      expect([name, types, told]).toEqual([name, types, entries.map((entry) => entry.values.map((sql) => cell(entry, bytesByType[entry.type]?.[sql] ?? '')))]);
    }
  });
});

describe('the bytes of all lines', () => {
  it('are those in scripts/types/examples.json', async () => {
    await expect(`${JSON.stringify(bytesByType, null, 2)}\n`).toMatchFileSnapshot(EXAMPLES_FILE.pathname);
  });
});

/** One copy for each format as it is, and one for each turn of the policies' words, without those that it refuses. */
function copiesOf(): Copy[] {
  return formatWords().flatMap((format) => [
    { name: format, format, types: {} },
    ...Array.from({ length: MOST_WORDS }, (_, turn) => ({ name: `${format}_${turn}`, format, types: policiesOf(format, turn) })),
  ]);
}

function policiesOf(format: string, turn: number): Record<string, string> {
  const chosen = POLICIES.map(({ policy, words, types }) => ({ policy, word: words[turn] ?? words.at(-1) ?? '', types }));
  const sayable = chosen.filter(({ policy, word, types }) => types.every((type) => saysAll(format, { [policy]: word }, entryOf(type))));
  return Object.fromEntries(sayable.map(({ policy, word }) => [policy, word]));
}

function saysAll(format: string, types: Readonly<Record<string, string>>, entry: TypeEntry): boolean {
  const cell = cellsOf(format, types);
  return entry.values.every((sql) => cell(entry, bytesByType[entry.type]?.[sql] ?? '') !== null);
}

function createSql(database: string, name: string, entries: readonly TypeEntry[]): string {
  const lines = entries.map(({ type }, place) => `c${place} ${type}${/^timestamp/.test(type) ? ' null' : ''}`);
  return `create table ${database}.${name} (id int primary key, ${lines.join(', ')}) character set utf8mb4`;
}

/** A row for the first value of every type, one for the second, and so on; types with fewer begin again. */
async function insert(server: Address, database: string, { entries, rows }: { entries: readonly TypeEntry[]; rows: number }): Promise<void> {
  const values = Array.from({ length: rows }, (_, row) => `(${row}, ${entries.map(({ values: own }) => own[row % own.length] ?? 'null').join(', ')})`);
  await query(server, `${SESSION}; insert into ${database}.base values ${values.join(', ')}`);
}

async function bytesWhile(server: Address, { database, rows, columns }: { database: string; rows: number; columns: number }, change: () => Promise<void>): Promise<string[][]> {
  const found: string[][] = [];
  await eventsWhile(server, {
    database,
    enough: () => found.length >= rows,
    rows: (event) => {
      const image = new RowImage(event.table);
      for (let at = event.start; at < event.end; at = image.end()) {
        image.set(event.bytes, at, event.end);
        found.push(Array.from({ length: columns }, (_, place) => {
          const start = image.locate(place + 1);
          if (start === NULL_COLUMN) return '';
          return image.bytes.toString('hex', start, event.table.columns[place + 1]?.codec.skip(image.bytes, start) ?? start);
        }));
      }
    },
  }, change);
  return found;
}

/** SQL of the server's own text. */
function textSql(entry: TypeEntry, column: string): string {
  if (isBytes(entry) || entry.type.startsWith('vector')) return `hex(${column})`;
  if (entry.type.startsWith('bit')) return `cast(${column} as unsigned)`;
  return entry.type.startsWith('float') ? `${column} + 0e0` : `convert(${column} using utf8mb4)`;
}

/** The server's text where it is as ours: floats by their value, since the server shows six digits of them. */
function asShown(entry: TypeEntry, ours: string, server: string): string {
  if (isBytes(entry)) return `0x${server}`;
  if (entry.type.startsWith('float')) return Math.fround(Number(ours)) === Number(server) ? ours : server;
  if (entry.type.startsWith('vector')) return Buffer.from(Float32Array.from(JSON.parse(ours) as number[]).buffer).toString('hex').toUpperCase() === server ? ours : server;
  return server;
}
