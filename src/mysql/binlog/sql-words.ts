/** A piece of a statement: a bare word (keyword or name), a quoted name, a string, or one sign. */
export interface SqlWord {
  readonly kind: 'bare' | 'quoted' | 'string' | 'sign';
  /** A quoted name without its quotes; empty for a string. */
  readonly text: string;
  /** A bare word in upper case, so that it can be compared with keywords; empty for anything else. */
  readonly upper: string;
}

/** A name in a statement. */
export interface SqlName {
  /** Empty where the statement gives none. */
  readonly database: string;
  readonly table: string;
  /** Index of the word after it. */
  readonly next: number;
}

/** Comments are passed over, but what stands in `/*! … *\/` counts. `"…"` is a name for ANSI_QUOTES, so it counts as one. */
const WORD = /\/\*M?!\d*|\*\/|\/\*[\s\S]*?\*\/|(?:--(?=\s|$)|#)[^\n]*|`([^`]*(?:``[^`]*)*)`|"([^"\\]*(?:(?:""|\\[\s\S])[^"\\]*)*)"|('[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*')|([A-Za-z0-9_$\u0080-\u{10ffff}]+)|([^\s])/gu;

/** The words of a statement, in order. */
export function sqlWords(sql: string): SqlWord[] {
  const words: SqlWord[] = [];
  for (const [, back, double, single, bare, sign] of sql.matchAll(WORD)) {
    const quoted = back?.replaceAll('``', '`') ?? double?.replaceAll('""', '"');
    if (quoted !== undefined) words.push({ kind: 'quoted', text: quoted, upper: '' });
    else if (bare !== undefined) words.push({ kind: 'bare', text: bare, upper: bare.toUpperCase() });
    else if (single !== undefined) words.push({ kind: 'string', text: '', upper: '' });
    else if (sign !== undefined) words.push({ kind: 'sign', text: sign, upper: '' });
  }
  return words;
}

/**
 * A statement for people: every value is `?`, since values may be ones that nobody is to see, and comments are gone. At
 * most 300 characters.
 */
export function sqlShape(sql: string): string {
  const shape = sql
    .replace(WORD, (all: string, ...groups: (string | undefined)[]) => {
      const [, double, single, bare] = groups;
      const text = double ?? single;
      if (text !== undefined) return text.includes('\\') ? OPEN : '?';
      if (bare !== undefined && /^\d/.test(bare)) return '?';
      return /^(?:\/\*(?!M?!)|--\s|#)/.test(all) ? ' ' : all;
    })
    .replaceAll(/\?(?:\.\?)+/gu, '?')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  // A string that does not end, or that holds a backslash, which may or may not escape: nothing after it can be told apart.
  const open = shape.search(/['"]/u);
  const shown = open < 0 ? shape : `${shape.slice(0, open)}?`;
  return shown.length > SHAPE ? `${shown.slice(0, SHAPE)}…` : shown;
}

const SHAPE = 300;
const OPEN = "'";

/** The name `table` or `database.table` that begins at word `at`; undefined where none does. */
export function nameAt(words: readonly SqlWord[], at: number): SqlName | undefined {
  const first = words[at];
  if (first === undefined || !isName(first)) return undefined;
  const second = words[at + 2];
  if (words[at + 1]?.text !== '.' || second === undefined || !isName(second)) return { database: '', table: first.text, next: at + 1 };
  return { database: first.text, table: second.text, next: at + 3 };
}

/** The first word from `at` on that is none of these keywords. */
export function skipWords(words: readonly SqlWord[], at: number, keywords: ReadonlySet<string>): number {
  let next = at;
  while (keywords.has(words[next]?.upper ?? '')) next++;
  return next;
}

function isName(word: SqlWord): boolean {
  return word.kind === 'quoted' || word.kind === 'bare';
}
