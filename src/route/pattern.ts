import { RowcastError } from '../core/errors.ts';

/** One half of a pattern: a name as it is, or a test of names. */
type Part = { readonly exact: string } | { readonly glob: RegExp };

/** A pattern for tables, compiled. */
export interface TablePattern {
  readonly database: Part;
  readonly table: Part;
}

const SHAPE = /^(`(?:[^`]|``)+`|[^.`]+)\.(`(?:[^`]|``)+`|[^.`]+)$/u;

/**
 * Compiles `database.table`. In each half `*` stands for any characters, none included, and `?` for one. A half in
 * backquotes is a name as it is, without wildcards; a backquote in it is written twice.
 * @throws RowcastError CONFIG_INVALID
 */
export function parsePattern(text: string): TablePattern {
  const match = SHAPE.exec(text);
  const database = match?.[1];
  const table = match?.[2];
  if (database === undefined || table === undefined) {
    const hint = 'Write database.table, for example shop.orders or shop.*; put a name that holds a dot or a backquote in backquotes: `my.db`.orders.';
    throw new RowcastError('CONFIG_INVALID', `${JSON.stringify(text)} is not a pattern for tables`, { hint });
  }
  return { database: parsePart(database), table: parsePart(table) };
}

/** One table's name, written as a pattern without wildcards. @throws RowcastError CONFIG_INVALID */
export function parseName(text: string): { readonly database: string; readonly name: string } {
  const { database, table } = parsePattern(text);
  if ('exact' in database && 'exact' in table) return { database: database.exact, name: table.exact };
  throw new RowcastError('CONFIG_INVALID', `${text} is a pattern; one table is asked for at a time`, { hint: 'Write database.table without * and ?, for example shop.orders.' });
}

function parsePart(text: string): Part {
  if (text.startsWith('`')) return { exact: text.slice(1, -1).replaceAll('``', '`') };
  if (!/[*?]/.test(text)) return { exact: text };
  const body = text.replaceAll(/[\\^$.+()[\]{}|/]/g, '\\$&').replaceAll(/\*+/g, '.*').replaceAll('?', '.');
  return { glob: new RegExp(`^${body}$`, 'su') };
}

/** Case counts unless it is to be ignored. */
export function partMatches(part: Part, name: string, ignoreCase = false): boolean {
  if (!ignoreCase) return 'exact' in part ? part.exact === name : part.glob.test(name);
  return 'exact' in part ? part.exact.toLowerCase() === name.toLowerCase() : new RegExp(part.glob.source, 'isu').test(name);
}
