import { RowcastError } from '../core/errors.ts';

/** One half of a pattern: a name as it is, or a test of names. */
type Part = { readonly exact: string } | { readonly glob: RegExp };

/** A pattern for tables, compiled. */
export interface TablePattern {
  readonly database: Part;
  readonly table: Part;
}

/** What means something in an expression, but for `*` and `?`. */
const SPECIAL = /[\\^$.+()[\]{}|/]/g;

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
  const body = text.replaceAll(SPECIAL, '\\$&').replaceAll(/\*+/g, '.*').replaceAll('?', '.');
  return { glob: new RegExp(`^${body}$`, 'su') };
}

/** Case counts unless it is to be ignored. */
export function partMatches(part: Part, name: string, ignoreCase = false): boolean {
  if (!ignoreCase) return 'exact' in part ? part.exact === name : part.glob.test(name);
  return 'exact' in part ? part.exact.toLowerCase() === name.toLowerCase() : new RegExp(part.glob.source, 'isu').test(name);
}

/** Finds any of the names in a text, as words of their own and in any case; null without names. */
export function anyName(parts: readonly Part[]): RegExp | null {
  if (parts.length === 0) return null;
  const bodies = parts.map((part) => ('exact' in part ? escaped(part.exact) : part.glob.source.slice(1, -1)));
  return new RegExp(`(?<![\\p{L}\\p{N}_$])(?:${bodies.join('|')})(?![\\p{L}\\p{N}_$])`, 'isu');
}

/** As a backquoted name has it, too: a backquote is written twice. */
function escaped(name: string): string {
  return name.replaceAll(/[\\^$.+()[\]{}|/*?]/g, '\\$&').replaceAll('`', '``?');
}
