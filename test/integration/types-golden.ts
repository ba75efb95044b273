import { readFileSync } from 'node:fs';

/** A row: its values as SQL, and the images that both formats must show, without the id. */
export interface GoldenRow {
  readonly values: string;
  readonly plain: string;
  readonly debezium: string;
}

export interface GoldenTable {
  readonly name: string;
  /** Column definitions without the id. */
  readonly definition: string;
  /** Names to insert into, where not all take a value. */
  readonly columns: string | null;
  /** Servers that have the types; null: all. */
  readonly only: readonly string[] | null;
  readonly rows: readonly GoldenRow[];
}

/** Reads `fixtures/types.golden`; its head says how it is written. */
export function goldenTables(): GoldenTable[] {
  const text = readFileSync(new URL('fixtures/types.golden', import.meta.url), 'utf8');
  const parts = text.split('\n\n').slice(1);
  return parts.map(golden);
}

function golden(part: string): GoldenTable {
  const lines = part.trimEnd().split('\n');
  const of = (word: string): string | null => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? null;
  const [, name = '', definition = ''] = /^(\w+) \((.*)\)$/.exec(of('table') ?? '') ?? [];
  const rows = lines.flatMap((line, at) => (line.startsWith('row ') ? [rowAt(lines, at)] : []));
  return { name, definition, columns: of('columns'), only: of('only')?.split(' ') ?? null, rows };
}

function rowAt(lines: readonly string[], at: number): GoldenRow {
  const [row = '', plain = '', debezium = ''] = lines.slice(at, at + 3);
  const shown = plain.startsWith('plain ') ? plain.slice(6) : '';
  return { values: row.slice(4), plain: shown, debezium: debezium.startsWith('debezium ') ? debezium.slice(9) : shown };
}

/** The SQL that makes a table, and the SQL that makes its rows, with ids from 1. */
export function sqlOf(database: string, table: GoldenTable): { readonly create: string; readonly insert: string } {
  const name = `\`${database}\`.${table.name}`;
  const into = table.columns === null ? '' : ` (id, ${table.columns})`;
  return {
    create: `create table ${name} (id int primary key, ${table.definition})`,
    insert: `insert into ${name}${into} values ${table.rows.map(({ values }, place) => `(${place + 1}, ${values})`).join(', ')}`,
  };
}
