import { readFileSync } from 'node:fs';
import { exampleTexts } from '../../src/app/example.ts';
import { formatsOf } from '../../src/app/formats.ts';
import { createRouter } from '../../src/route/router.ts';
import type { Config } from '../../src/config/compile.ts';
import { annotatedJsonSchema } from '../../src/config/json-schema.ts';
import { parseConfig } from '../../src/config/load.ts';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import { RowcastError } from '../../src/core/errors.ts';
import { fill } from '../../src/core/projection.ts';
import { RowImage } from '../../src/core/row-image.ts';
import type { CatalogueColumn } from '../../src/mysql/binlog/catalogue.ts';
import { labelsOf } from '../../src/mysql/columns/labels.ts';
import type { LiveTable } from '../../src/mysql/schema/live-table.ts';
import { liveTable } from '../../src/mysql/schema/live-table.ts';
import type { TypeEntry } from './types-table.ts';
import { TYPES } from './types-table.ts';

/** Bytes of the values in a row image, as the servers wrote them, in hexadecimal: by type, then by SQL. */
export type ExampleBytes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where they are kept; `vitest -u` on types-page.test.ts writes them anew. */
export const EXAMPLES_FILE = new URL('examples.json', import.meta.url);

/** Name of the column that holds the value. */
const COLUMN = 'c0';
const TEXTUAL = /^(?:char|varchar|\w*text|enum|set)\b/;
/** Where the images of an insert begin, whatever the format. */
const IMAGE = /"(?:after|data)":/;
const CLOCK = { nowMicros: () => 0, monotonicMs: () => 0 };

/** The formats, by the word that chooses each. */
export function formatWords(): readonly string[] {
  const choices = annotatedJsonSchema().properties?.['format']?.anyOf?.find((shape) => Array.isArray(shape['enum']))?.['enum'];
  return Array.isArray(choices) ? choices.map(String) : [];
}

/** All entries of the table. */
export function allEntries(): readonly TypeEntry[] {
  return TYPES.flatMap(({ entries }) => entries);
}

export function readExamples(): ExampleBytes {
  return JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as ExampleBytes;
}

/** What a format tells of a value under policies; null where it refuses to. */
export type CellsOf = (entry: TypeEntry, bytes: string) => string | null;

/** Cells of a format with `types` as the configuration has it. */
export function cellsOf(format: string, types: Readonly<Record<string, string>> = {}): CellsOf {
  const config = configOf(format, types);
  const router = createRouter(config.routes, { maskingKey: config.masking.key });
  const made = formatsOf(config, () => 'mysql', CLOCK)(0);
  return (entry, bytes) => {
    try {
      const table = tableOf(entry);
      const plan = router.plan(table.version);
      if (typeof plan === 'string') throw new Error(`the route leaves the table out: ${plan}`);
      return cellIn(exampleTexts(imageOf(table, bytes), plan, made).value, COLUMN);
    } catch (error) {
      if (error instanceof RowcastError && error.code === 'ROUTE_COLUMN') return null;
      throw error;
    }
  };
}

/** The server's own text of a value; bytes as `0x…`. */
export function serverText(entry: TypeEntry, bytes: string): string {
  const { version } = tableOf(entry);
  const [column] = version.columns;
  if (column === undefined) throw new Error('a table without columns');
  const write = column.codec.writer('text', 'string');
  if (write === undefined) throw new Error(`${entry.type} has no text`);
  const out = new ByteWriter(1024);
  fill(out, (room) => write(Buffer.from(bytes, 'hex'), 0, room));
  return isBytes(entry) ? `0x${out.view().toString('hex').toUpperCase()}` : out.view().toString('utf8');
}

/** True where the server's text is bytes: told by HEX. */
export function isBytes({ type }: TypeEntry): boolean {
  return /^(?:(?:var)?binary|\w*blob|geometry|point|\w*linestring|\w*polygon|multipoint|geometrycollection)\b/.test(type);
}

/** The JSON of a column in the image of an insert, as it is written. */
export function cellIn(message: string, column: string): string {
  const image = IMAGE.exec(message)?.index ?? message.length;
  const key = `"${column}":`;
  const at = message.indexOf(key, image);
  if (at < 0) throw new Error(`no column ${column} in ${message}`);
  return jsonAt(message, at + key.length);
}

/** The JSON value that starts at `from`, up to its end. */
function jsonAt(text: string, from: number): string {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quoted && letter === '\\') at++;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && '{['.includes(letter)) depth++;
    else if (!quoted && depth === 0 && ',}]'.includes(letter)) return text.slice(from, at);
    else if (!quoted && '}]'.includes(letter)) depth--;
  }
  throw new Error(`no whole value in ${text}`);
}

function configOf(format: string, types: Readonly<Record<string, string>>): Config {
  const document = JSON.stringify({ name: 'crm', source: { user: 'rowcast' }, format, routes: [{ tables: ['*.*'], types }] });
  const { config, problems } = parseConfig(document, { path: 'types', env: {}, readFile: () => '' });
  if (config === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return config;
}

function tableOf({ type, only }: TypeEntry): LiveTable {
  return liveTable({ database: 'shop', name: 't' }, [catalogued(type)], only?.[0] === 'mariadb' ? 'mariadb' : 'mysql');
}

/** The column as information_schema shows it. */
function catalogued(type: string): CatalogueColumn {
  const charset = / character set (\w+)/.exec(type)?.[1] ?? (TEXTUAL.test(type) ? 'utf8mb4' : null);
  const columnType = type.replace(/ (?:not null|character set \w+)/g, '');
  return {
    name: COLUMN,
    columnType,
    dataType: /^\w+/.exec(type)?.[0] ?? '',
    nullable: !type.endsWith(' not null'),
    charset,
    labels: labelsOf(columnType),
    unsigned: / unsigned/.test(columnType),
    keyOrder: null,
  };
}

function imageOf({ version }: LiveTable, bytes: string): RowImage {
  const row = Buffer.concat([Buffer.from([0]), Buffer.from(bytes, 'hex')]);
  const image = new RowImage(version);
  image.set(row, 0, row.length);
  return image;
}
