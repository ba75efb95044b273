import { RowcastError } from '../../core/errors.ts';
import { multiByteDecoder } from './multi-byte.ts';
import { singleByteToString } from './single-byte.ts';
import { singleByteUnits } from './single-byte-tables.ts';
import { notAscii, notUtf8 } from './unreadable.ts';
import { isAscii, isUtf8 } from './utf8.ts';

/**
 * How the bytes of a character set become text: `utf8`: they are UTF-8 already; `ascii`: the same, of one byte each; `single`: a
 * table of one UTF-16 unit for each byte; `multi`: a decoder that makes a string.
 */
export type Charset =
  | { readonly kind: 'utf8' }
  | { readonly kind: 'ascii' }
  | { readonly kind: 'single'; readonly units: Uint16Array }
  | { readonly kind: 'multi'; readonly decode: (bytes: Buffer) => string };

const UTF8: Charset = { kind: 'utf8' };
const ASCII: Charset = { kind: 'ascii' };
const UTF8_NAMES = new Set(['utf8', 'utf8mb3', 'utf8mb4']);

/** Bytes of the longest character, where it is not 1. */
const LONGEST = new Map([
  ...['utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030'].map((name) => [name, 4] as const),
  ...['utf8', 'utf8mb3', 'ujis', 'eucjpms'].map((name) => [name, 3] as const),
  ...['ucs2', 'gb2312', 'gbk', 'big5', 'sjis', 'cp932', 'euckr'].map((name) => [name, 2] as const),
]);

const made = new Map<string, Charset>();

/** The character set of MySQL's name, undefined where this version cannot read it. */
export function charsetOf(name: string): Charset | undefined {
  if (UTF8_NAMES.has(name)) return UTF8;
  if (name === 'ascii') return ASCII;
  const known = made.get(name);
  if (known !== undefined) return known;
  const charset = make(name);
  if (charset !== undefined) made.set(name, charset);
  return charset;
}

/** Bytes of the longest character of a character set: `varchar(n)` takes n times as many. */
export function longestCharacter(name: string): number {
  return LONGEST.get(name) ?? 1;
}

/**
 * Bytes of a character set as a string: for labels and names in binlog events.
 * @throws RowcastError EVENT_UNSUPPORTED for a character set that this version cannot read
 */
export function decodeText(charset: string, bytes: Buffer): string {
  const known = charset === 'binary' ? charsetOf('utf8mb4') : charsetOf(charset);
  if (known === undefined) throw new RowcastError('EVENT_UNSUPPORTED', `text in character set ${charset} cannot be read by this version`);
  return textOfBytes(known, bytes);
}

/** Bytes of a character set as a string. @throws RowcastError ROW_UNREADABLE */
export function textOfBytes(charset: Charset, bytes: Buffer): string {
  if (charset.kind === 'single') return singleByteToString(charset.units, bytes);
  if (charset.kind === 'multi') return charset.decode(bytes);
  if (charset.kind === 'ascii' && !isAscii(bytes, 0, bytes.length)) throw notAscii();
  if (!isUtf8(bytes, 0, bytes.length)) throw notUtf8();
  return bytes.toString('utf8');
}

function make(name: string): Charset | undefined {
  const units = singleByteUnits(name);
  if (units !== undefined) return { kind: 'single', units };
  const decode = multiByteDecoder(name);
  return decode === undefined ? undefined : { kind: 'multi', decode };
}
