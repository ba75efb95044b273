import type { Connection } from 'mysql2/promise';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cursor } from '../../src/mysql/binlog/cursor.ts';
import { EVENT, HEADER } from '../../src/mysql/binlog/header.ts';
import { readQuery } from '../../src/mysql/binlog/query.ts';
import { readStatement } from '../../src/mysql/binlog/query-session.ts';
import { captureSchema } from '../../src/mysql/schema/capture.ts';
import { readCharsets, readCollations } from '../../src/mysql/schema/collations.ts';
import type { DdlContext, DdlStatement, Dialect, SchemaSnapshot, TrackedTable } from '../../src/mysql/schema/ddl/index.ts';
import type { Ask } from '../../src/mysql/schema/ask.ts';

/** A statement of the corpus. */
export interface CorpusStatement {
  readonly sql: string;
  /** Servers on which its outcome is `unknown`. */
  readonly unknownOn: readonly string[];
  /** Servers on which the tracked tables differ from captured ones. */
  readonly differsOn: readonly string[];
}

/** Statements end at a semicolon that ends a line; comments before it, `-- unknown SERVER …: why` and `-- differs SERVER …: why`, name the servers where it is not followed. */
export async function readCorpus(files: readonly string[]): Promise<CorpusStatement[]> {
  const found: CorpusStatement[] = [];
  for (const file of files) {
    const text = await readFile(new URL(`ddl/${file}`, import.meta.url), 'utf8');
    for (const [part] of text.matchAll(/(?:[^;]|;(?!\n))+;\n/gu)) {
      const [, comments = '', sql = ''] = /^((?:\s*(?:--[^\n]*)?\n)*)([\s\S]*?);\n$/u.exec(part) ?? [];
      const marked = (mark: string): string[] => (new RegExp(`-- ${mark} ([^:\\n]*)`, 'u').exec(comments)?.[1] ?? '').split(' ').filter((name) => name !== '');
      if (sql.trim() !== '') found.push({ sql: sql.trim(), unknownOn: marked('unknown'), differsOn: marked('differs') });
    }
  }
  return found;
}

/** A server that the corpus runs on. */
export interface CorpusServer {
  readonly name: string;
  readonly flavor: Dialect['flavor'];
  readonly connection: Connection;
  /** Its data folder. */
  readonly folder: string;
}

/** What a statement did on a server: what the binlog has of it, and the tables after it. */
export interface Ran {
  readonly statement: CorpusStatement;
  /** Null where the server took it. */
  readonly refused: string | null;
  readonly logged: readonly DdlStatement[];
  readonly after: SchemaSnapshot;
}

/** Databases of the corpus. */
export const inCorpus = (database: string): boolean => database.startsWith('ddl_');

export function asker(connection: Connection): Ask {
  return async (sql, values = []) => (await connection.query(sql, [...values]))[0] as Record<string, unknown>[];
}

/** Runs all statements, captures the tables after each, and reads afterwards what the binlog has of them. */
export async function runCorpus(server: CorpusServer, statements: readonly CorpusStatement[], watcher: Connection): Promise<Ran[]> {
  const { connection, flavor } = server;
  const ask = asker(watcher);
  const ran: { statement: CorpusStatement; refused: string | null; end: Place; after: SchemaSnapshot }[] = [];
  let at = await placeOf(ask, server.name);
  const start = at;
  let after: SchemaSnapshot = { databases: [], tables: [] };
  for (const statement of statements) {
    const refused = await connection.query(statement.sql).then(() => null, (error: unknown) => (error as Error).message);
    const end = await placeOf(ask, server.name);
    if (end.position !== at.position || end.file !== at.file) after = corpusOnly(await captureSchema(ask, { flavor, captures: inCorpus }));
    ran.push({ statement, refused, end, after });
    at = end;
  }
  const charsets = await readCharsets(ask, flavor);
  const logged = await readLogged(server, start, charsets);
  return ran.map(({ statement, refused, after: tables, end }, i) => {
    const from = ran[i - 1]?.end ?? start;
    return { statement, refused, after: tables, logged: logged.filter((each) => isAfter(each.place, from) && !isAfter(each.place, end)).map((each) => each.statement) };
  });
}

function corpusOnly({ databases, tables }: SchemaSnapshot): SchemaSnapshot {
  return { databases: databases.filter(({ name }) => inCorpus(name)), tables };
}

interface Place {
  readonly file: string;
  readonly position: number;
}

function isAfter(one: Place, other: Place): boolean {
  return one.file === other.file ? one.position > other.position : one.file > other.file;
}

async function placeOf(ask: Ask, name: string): Promise<Place> {
  const [row] = await ask(name === 'mysql' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS');
  return { file: String(row?.File), position: Number(row?.Position) };
}

/** The QUERY events after a place, with the places where they end. */
async function readLogged({ folder, flavor }: CorpusServer, start: Place, charsets: ReadonlyMap<number, string>): Promise<{ readonly statement: DdlStatement; readonly place: Place }[]> {
  const found: { statement: DdlStatement; place: Place }[] = [];
  const files = (await readdir(folder)).filter((name) => /\.\d{6}$/u.test(name) && name.replace(/\.\d+$/u, '') === start.file.replace(/\.\d+$/u, '') && name >= start.file).sort();
  for (const file of files) {
    const bytes = await readFile(join(folder, file));
    let at = file === start.file ? start.position : 4;
    while (at + HEADER < bytes.length) {
      const size = bytes.readUInt32LE(at + 9);
      if (size < HEADER) break;
      if (bytes[at + 4] === EVENT.QUERY) {
        const event = readQuery(new Cursor(bytes, at + HEADER, at + size - 4), 0);
        found.push({ statement: readStatement(event, { flavor, charsets }), place: { file, position: at + size } });
      }
      at += size;
    }
  }
  return found;
}

/** The dialect of a server, as the history learns it. */
export async function dialectOf(ask: Ask, flavor: Dialect['flavor']): Promise<Dialect> {
  const rows = await ask("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'lower_case_table_names', 'collation_server', 'explicit_defaults_for_timestamp')");
  const variables = new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/u.exec(variables.get('version') ?? '') ?? [];
  return {
    flavor,
    version: [Number(major), Number(minor), Number(patch)],
    lowerCaseTableNames: Number(variables.get('lower_case_table_names')) as Dialect['lowerCaseTableNames'],
    collations: await readCollations(ask, flavor),
    collationServer: variables.get('collation_server') ?? '',
    explicitDefaultsForTimestamp: variables.get('explicit_defaults_for_timestamp') === 'ON',
  };
}

/** Which tables the history holds in the corpus test: all of its databases. */
export function contextOf(dialect: Dialect): DdlContext {
  return { dialect, captures: inCorpus };
}

/** Texts of one expression may differ: the server prints its own. */
export function comparable(table: TrackedTable): TrackedTable {
  return {
    ...table,
    columns: table.columns.map((column) => {
      const shown = column.default;
      return shown?.kind === 'expression' && !/^current_timestamp/iu.test(shown.text) ? { ...column, default: { kind: 'expression', text: '…' } } : column;
    }),
  };
}

/** What differs between two tables, one line for each thing. */
export function difference(tracked: TrackedTable | undefined, captured: TrackedTable | undefined): string[] {
  if (tracked === undefined || captured === undefined) return [`${tracked === undefined ? 'not tracked' : 'not there'}: ${String((tracked ?? captured)?.database)}.${String((tracked ?? captured)?.name)}`];
  const [one, other] = [comparable(tracked), comparable(captured)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof TrackedTable)[];
  return names.flatMap((name) => {
    if (name !== 'columns') return same(one[name], other[name]) ? [] : [`${captured.name}.${name}: ${JSON.stringify(one[name])} tracked, ${JSON.stringify(other[name])} captured`];
    const most = Math.max(one.columns.length, other.columns.length);
    return Array.from({ length: most }, (_, i) => i).flatMap((i) => (same(one.columns[i], other.columns[i]) ? [] : [`${captured.name} column ${String(i)}:\n   tracked  ${JSON.stringify(one.columns[i])}\n   captured ${JSON.stringify(other.columns[i])}`]));
  });
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

