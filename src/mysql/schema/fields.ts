/** A row of information_schema, as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A field as text; names and types may come as bytes. */
export function text(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'string' ? value : String(value);
}

/** The same for a field that may be NULL. */
export function nullable(value: unknown): string | null {
  return value === null || value === undefined ? null : text(value);
}

/** The labels of `enum('a','it''s')`: a quote is doubled; backslash, newline, carriage return and zero are escaped. */
export function parseLabels(columnType: string): readonly string[] {
  return [...columnType.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)].map((found) => unescape(found[1] ?? ''));
}

/** The inside of a string literal as a server prints it. */
export function unescape(inside: string): string {
  return inside.replace(/''|\\(.)/gs, (_, escaped: string | undefined) => (escaped === undefined ? "'" : (ESCAPES.get(escaped) ?? escaped)));
}

const ESCAPES = new Map([['n', '\n'], ['r', '\r'], ['0', '\0'], ['Z', '\x1a'], ['t', '\t']]);

/** True for `int(10) unsigned` and, as servers have it, for ZEROFILL. */
export function isUnsigned(columnType: string): boolean {
  return /\b(?:unsigned|zerofill)\b/iu.test(columnType.replace(/'(?:[^']|'')*'/gu, ''));
}
