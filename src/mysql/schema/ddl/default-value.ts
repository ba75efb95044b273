import type { Reading } from './reading.ts';
import { stringOf, textBetween, undecided } from './reading.ts';
import type { Leaf } from './tree.ts';

/** What stands after DEFAULT. */
export type DefaultValue =
  | { readonly kind: 'null' }
  /** A string as text; bytes of X'…' and B'…'. */
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** As written, a sign included. */
  | { readonly kind: 'number'; readonly text: string }
  /** CURRENT_TIMESTAMP and its other names; fsp 0 where none is said. */
  | { readonly kind: 'now'; readonly fsp: number }
  | { readonly kind: 'expression'; readonly text: string };

/** Reads the tokens of a default. MariaDB needs no brackets around an expression, and takes brackets around a literal for nothing. */
export function readDefault(reading: Reading, tokens: readonly Leaf[]): DefaultValue {
  const { dialect } = reading;
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return undecided('a default is empty');
  if (first.word === '(' && last.word === ')' && wraps(tokens)) {
    const inner = tokens.slice(1, -1);
    return dialect.flavor === 'mariadb' ? readDefault(reading, inner) : expression(reading, inner);
  }
  return literal(reading, tokens) ?? now(tokens) ?? expression(reading, tokens);
}

/** True where the first bracket ends with the last. */
function wraps(tokens: readonly Leaf[]): boolean {
  let depth = 0;
  for (const [i, { word }] of tokens.entries()) {
    if (word === '(') depth++;
    else if (word === ')' && --depth === 0) return i === tokens.length - 1;
  }
  return false;
}

function expression(reading: Reading, tokens: readonly Leaf[]): DefaultValue {
  const [first] = tokens;
  const last = tokens.at(-1);
  return first === undefined || last === undefined ? undecided('a default is empty') : { kind: 'expression', text: textBetween(reading, first, last) };
}

function literal(reading: Reading, tokens: readonly Leaf[]): DefaultValue | null {
  const [first, second] = tokens;
  if (first === undefined) return null;
  if (tokens.length === 1) {
    if (first.word === 'NULL' || first.word === '\\N') return { kind: 'null' };
    if (first.word === 'TRUE' || first.word === 'FALSE') return { kind: 'number', text: first.word === 'TRUE' ? '1' : '0' };
    const bytes = bytesOf(first.word);
    if (bytes !== null) return { kind: 'bytes', bytes };
  }
  if (/^(?:DATE|TIME|TIMESTAMP)$/u.test(first.word) && second !== undefined) return strings(reading, tokens.slice(1));
  return numberOf(tokens) ?? strings(reading, tokens);
}

function numberOf(tokens: readonly Leaf[]): DefaultValue | null {
  const sign = tokens[0]?.word;
  const [digits, ...more] = sign === '-' || sign === '+' ? tokens.slice(1) : tokens;
  if (digits === undefined || more.length > 0 || !/^(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?$/u.test(digits.word)) return null;
  return { kind: 'number', text: `${sign === '-' ? '-' : ''}${digits.word}` };
}

function bytesOf(word: string): Buffer | null {
  const hex = /^(?:0X|X')([\dA-F]*)'?$/u.exec(word)?.[1];
  if (hex !== undefined) return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const bits = /^(?:0B|B')([01]*)'?$/u.exec(word)?.[1];
  if (bits === undefined) return null;
  const padded = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
  return Buffer.from((padded.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Strings side by side are one. A character set before them counts only for what is not ASCII. */
function strings(reading: Reading, tokens: readonly Leaf[]): DefaultValue | null {
  const introduced = /^_[A-Z\d]+$/u.test(tokens[0]?.word ?? '');
  const parts = (introduced ? tokens.slice(1) : tokens).map((leaf) => stringOf(reading, leaf));
  if (parts.length === 0 || parts.includes(undefined)) return introduced ? introducedBytes(tokens) : null;
  const text = parts.join('');
  if (introduced && /[^\x00-\x7f]/u.test(text)) return undecided('a default in another character set than the statement');
  return { kind: 'string', text };
}

function introducedBytes(tokens: readonly Leaf[]): DefaultValue | null {
  const bytes = tokens.length === 2 ? bytesOf(tokens[1]?.word ?? '') : null;
  if (bytes?.some((byte) => byte > 0x7f) === true) return undecided('a default in another character set than the statement');
  return bytes === null ? null : { kind: 'string', text: bytes.toString('latin1') };
}

const NOW = new Set(['CURRENT_TIMESTAMP', 'NOW', 'LOCALTIME', 'LOCALTIMESTAMP']);

function now(tokens: readonly Leaf[]): DefaultValue | null {
  const [first, ...rest] = tokens;
  if (first === undefined || !NOW.has(first.word)) return null;
  const shape = rest.map(({ word }) => word).join('');
  const fsp = /^(?:\((\d?)\))?$/u.exec(shape);
  return fsp === null ? null : { kind: 'now', fsp: Number(fsp[1] ?? 0) };
}
