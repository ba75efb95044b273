const ESCAPES = new Map([
  ['0', '\0'],
  ['n', '\n'],
  ['r', '\r'],
]);

const WITH_ALL_CHARACTERS: ReadonlySet<string> = new Set(['utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030']);

/**
 * The labels of a declaration such as `enum('a','it''s')`, null when it is none. information_schema doubles quotes
 * and writes backslash, NUL, LF and CR as \\, \0, \n and \r.
 */
export function labelsOf(declared: string): readonly string[] | null {
  const list = /^(?:enum|set)\s*\((.*)\)/is.exec(declared)?.[1];
  if (list === undefined) return null;
  return Array.from(list.matchAll(/'((?:''|\\.|[^'\\])*)'/gs), (match) => unescape(match[1] ?? ''));
}

/**
 * Whether labels from information_schema may not be what they look like: it has no characters beyond U+FFFF and shows `?`
 * for each, so a `?` in a character set that has them may stand for any.
 */
export function areDoubtful(labels: readonly string[], charset: string | null): boolean {
  return WITH_ALL_CHARACTERS.has(charset ?? 'utf8mb4') && withQuestionMark(labels);
}

/** Whether one of the labels has a `?`. */
export function withQuestionMark(labels: readonly string[]): boolean {
  return labels.some((label) => label.includes('?'));
}

/** Labels as they are declared: `'a','it''s'`. */
export function declareLabels(labels: readonly string[]): string {
  return labels.map((label) => `'${label.replace(/[\\'\0\n\r]/g, escape)}'`).join(',');
}

function unescape(text: string): string {
  return text.replace(/''|\\(.)/gs, (_quotes, letter: string | undefined) => (letter === undefined ? "'" : (ESCAPES.get(letter) ?? letter)));
}

function escape(character: string): string {
  if (character === "'") return "''";
  for (const [letter, meant] of ESCAPES) if (meant === character) return `\\${letter}`;
  return '\\\\';
}
